import Membership

extension CheckedMapping {
    /// A whole number within bounds; nil where it is absent, or noted as wrong.
    func integer(_ key: String, in range: ClosedRange<Int>, log: inout DiagnosticLog) -> Int? {
        guard let (text, location) = text(key, log: &log) else { return nil }
        if let value = Self.integer(text), range.contains(value) { return value }
        log.error(
            "`\(key)` is a whole number from \(range.lowerBound) to \(range.upperBound), not"
                + " \(discretion.mention(text))", at: location)
        return nil
    }

    /// A decimal number within bounds; nil where it is absent, or noted as wrong.
    func decimal(_ key: String, in range: ClosedRange<Int>, log: inout DiagnosticLog) -> Double? {
        guard let (text, location) = text(key, log: &log) else { return nil }
        let isDecimal = text.utf8.allSatisfy { $0 == UInt8(ascii: ".") || isDigit($0) } && text.utf8.count <= 20
        if isDecimal, let value = Double(text), value >= Double(range.lowerBound), value <= Double(range.upperBound) {
            return value
        }
        log.error(
            "`\(key)` is a number from \(range.lowerBound) to \(range.upperBound), such as 2.5, not"
                + " \(discretion.mention(text))", at: location)
        return nil
    }

    /// A length of time within bounds; nil where it is absent, or noted as wrong.
    func duration(
        _ key: String, in range: ClosedRange<DurationText>, log: inout DiagnosticLog
    ) -> Duration? {
        guard let (text, location) = text(key, log: &log) else { return nil }
        if let value = DurationText(text), range.contains(value) { return value.duration }
        if Self.integer(text) != nil {
            log.error(
                "`\(key)` needs a unit: write \(quoted(text + "s")) for seconds; the units are ms, s, m, h and d",
                at: location)
        } else {
            log.error(
                "`\(key)` is a length of time from \(range.lowerBound.text) to \(range.upperBound.text), such as"
                    + " 30s, 5m, 1h or 1d, not \(discretion.mention(text))", at: location)
        }
        return nil
    }

    /// One of a few words; nil where it is absent, or noted as wrong.
    func choice<Choice: RawRepresentable & CaseIterable>(
        _ key: String, of type: Choice.Type, log: inout DiagnosticLog
    ) -> Choice? where Choice.RawValue == String {
        guard let (text, location) = text(key, log: &log) else { return nil }
        if let value = Choice(rawValue: text) { return value }
        let words = Choice.allCases.map(\.rawValue)
        var suggester = SpellingSuggester()
        log.error(
            "`\(key)` is \(enumeration(words, joinedBy: "or")), not \(discretion.mention(text))"
                + suggester.hint(for: text, among: words), at: location)
        return nil
    }

    /// `true` or `false`; nil where it is absent, or noted as wrong.
    func truth(_ key: String, log: inout DiagnosticLog) -> Bool? {
        guard let (text, location) = text(key, log: &log) else { return nil }
        switch text {
        case "true": return true
        case "false": return false
        default:
            log.error("`\(key)` is `true` or `false`, not \(discretion.mention(text))", at: location)
            return nil
        }
    }

    /// A calendar day; nil where it is absent, or noted as wrong.
    func day(_ key: String, log: inout DiagnosticLog) -> CalendarDate? {
        guard let (text, location) = text(key, log: &log) else { return nil }
        if let day = CalendarDate(parsing: text) { return day }
        log.error(
            "`\(key)` is a day of the calendar written as year-month-day, such as 2026-12-31, not"
                + " \(discretion.mention(text))", at: location)
        return nil
    }

    /// The session id of `session`; nil where it is absent, or noted as wrong.
    func session(log: inout DiagnosticLog) -> SessionID? {
        guard let (text, location) = text("session", log: &log) else { return nil }
        if let session = SessionID(text) { return session }
        log.error(
            "`session` is the gateway's id of a WhatsApp number: letters, digits, dashes, dots and underscores, not"
                + " \(quoted(text))", at: location)
        return nil
    }

    /// A whole number without sign; nil for anything else and for what does not fit.
    private static func integer(_ text: String) -> Int? {
        guard text.utf8.allSatisfy(isDigit) else { return nil }
        return Int(text)
    }
}

/// Whether a byte is one of 0 to 9.
func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
