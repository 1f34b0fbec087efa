import Core

extension CheckedMapping {
    /// Returns a whole number within bounds; nil if it is absent, or reported as wrong.
    func integer(_ key: String, in range: ClosedRange<Int>, log: inout DiagnosticLog) -> Int? {
        guard let (text, location) = text(key, log: &log) else { return nil }
        if let value = Self.integer(text), range.contains(value) { return value }
        log.error(
            "`\(key)` must be a whole number from \(range.lowerBound) to \(range.upperBound), not"
                + " \(redaction.mention(text))", at: location)
        return nil
    }

    /// Returns a decimal number within bounds; nil if it is absent, or reported as wrong.
    func decimal(_ key: String, in range: ClosedRange<Int>, log: inout DiagnosticLog) -> Double? {
        guard let (text, location) = text(key, log: &log) else { return nil }
        let isDecimal = text.utf8.allSatisfy { $0 == UInt8(ascii: ".") || isDigit($0) } && text.utf8.count <= 20
        if isDecimal, let value = Double(text), value >= Double(range.lowerBound), value <= Double(range.upperBound) {
            return value
        }
        log.error(
            "`\(key)` must be a number from \(range.lowerBound) to \(range.upperBound), such as 2.5, not"
                + " \(redaction.mention(text))", at: location)
        return nil
    }

    /// Returns a duration within bounds; nil if it is absent, or reported as wrong.
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
                "`\(key)` must be a duration from \(range.lowerBound.text) to \(range.upperBound.text), such as"
                    + " 30s, 5m, 1h or 1d, not \(redaction.mention(text))", at: location)
        }
        return nil
    }

    /// Returns one of a few words; nil if it is absent, or reported as wrong.
    func choice<Choice: RawRepresentable & CaseIterable>(
        _ key: String, of type: Choice.Type, log: inout DiagnosticLog
    ) -> Choice? where Choice.RawValue == String {
        guard let (text, location) = text(key, log: &log) else { return nil }
        if let value = Choice(rawValue: text) { return value }
        let words = Choice.allCases.map(\.rawValue)
        var suggester = SpellingSuggester()
        log.error(
            "`\(key)` must be \(enumeration(words, joinedBy: "or")), not \(redaction.mention(text))"
                + suggester.hint(for: text, among: words), at: location)
        return nil
    }

    /// Returns `true` or `false`; nil if it is absent, or reported as wrong.
    func boolean(_ key: String, log: inout DiagnosticLog) -> Bool? {
        guard let (text, location) = text(key, log: &log) else { return nil }
        switch text {
        case "true": return true
        case "false": return false
        default:
            log.error("`\(key)` must be `true` or `false`, not \(redaction.mention(text))", at: location)
            return nil
        }
    }

    /// Returns a date; nil if it is absent, or reported as wrong.
    func day(_ key: String, log: inout DiagnosticLog) -> CalendarDate? {
        guard let (text, location) = text(key, log: &log) else { return nil }
        if let day = CalendarDate(parsing: text) { return day }
        log.error(
            "`\(key)` must be a date written as year-month-day, such as 2026-12-31, not"
                + " \(redaction.mention(text))", at: location)
        return nil
    }

    /// Returns the session id of `session`; nil if it is absent, or reported as wrong.
    func session(log: inout DiagnosticLog) -> SessionID? {
        guard let (text, location) = text("session", log: &log) else { return nil }
        if let session = SessionID(text) { return session }
        log.error(
            "`session` must be a session id of the gateway: letters, digits, dashes, dots and underscores, not"
                + " \(quoted(text))", at: location)
        return nil
    }

    /// Returns a whole number without a sign; nil for anything else, or if it is too large.
    private static func integer(_ text: String) -> Int? {
        guard text.utf8.allSatisfy(isDigit) else { return nil }
        return Int(text)
    }
}

/// Whether a byte is an ASCII digit.
func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
