import Core
import LocatedYAML

/// A mapping with a fixed set of keys; unknown keys are reported with a suggestion.
struct CheckedMapping {
    private let node: YAMLNode
    private let file: String
    /// Which of the mapping's text a message may repeat.
    let redaction: Redaction
    /// The known keys that unknown ones probably mean.
    private var misspeltKeys: Set<String> = []

    /// Checks the keys of a mapping; reports the node and returns nil if it is not a mapping.
    ///
    /// Keys that start with `x-` pass if extensions are allowed. `advice` says what to do about some unknown keys.
    init?(
        _ node: YAMLNode, in file: String, what: String, keys: [String], allowsExtensions: Bool = false,
        advice: [String: String] = [:], redaction: Redaction = .open, log: inout DiagnosticLog
    ) {
        self.node = node
        self.file = file
        self.redaction = redaction
        guard node.kind == .mapping else {
            log.error(
                "\(what) must be a mapping with the keys \(enumeration(keys, joinedBy: "and")), not \(described(node))",
                at: location(of: node))
            return nil
        }
        for (key, _) in node.pairs {
            let text = key.text
            if keys.contains(text) || (allowsExtensions && text.hasPrefix("x-")) { continue }
            if log.countOnly(errorIn: file) { continue }
            var suggester = SpellingSuggester()
            let meant = suggester.nearest(to: text, among: keys)
            if let meant { misspeltKeys.insert(meant) }
            // A text close to a known key is no secret.
            let isRepeated = meant != nil || redaction.repeats(text)
            let aside = isRepeated ? Confusables.aside(on: text) : ""
            let found = isRepeated ? " \(quoted(text))\(aside)\(aside.isEmpty ? "" : ",")" : ""
            let secret = isRepeated ? "" : " (Rollcall does not repeat it, because it may be a secret)"
            let suggestion = meant.map { "did you mean `\($0)`?" }
            let ending = advice[text] ?? suggestion ?? "the keys are \(enumeration(keys, joinedBy: "and"))"
            log.error("unknown key\(found) in \(what)\(secret); \(ending)", at: location(of: key))
        }
    }

    /// The start of the mapping.
    var location: SourceLocation { location(of: node) }

    /// Returns the value of a key; nil if it is absent or null.
    func value(_ key: String) -> YAMLNode? {
        guard let value = node[key], !value.isNull else { return nil }
        return value
    }

    /// Whether a key is absent or null, and no unknown key is a misspelling of it.
    func reportMissing(_ key: String) -> Bool { value(key) == nil && !misspeltKeys.contains(key) }

    /// Returns the place of the key's value; of the key, if the value is null; of the mapping, if the key is absent.
    func position(of key: String) -> SourceLocation {
        for (name, value) in node.pairs where name.text == key { return location(of: value.isNull ? name : value) }
        return location
    }

    /// Returns the place of a node of this file.
    func location(of node: YAMLNode) -> SourceLocation {
        SourceLocation(file: file, line: node.line, column: node.column)
    }

    /// Returns the text of a key's value; nil if it is absent, or reported as wrong.
    func text(_ key: String, log: inout DiagnosticLog) -> (text: String, location: SourceLocation)? {
        guard let value = value(key) else { return nil }
        guard value.kind == .scalar else {
            log.error("`\(key)` must be a single value, not \(described(value))", at: location(of: value))
            return nil
        }
        return (value.text, location(of: value))
    }
}

/// Returns the words for a node in a message.
func described(_ node: YAMLNode) -> String {
    switch node.kind {
    case .scalar where node.isNull: "an empty value"
    case .scalar: "text"
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
}

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
        let isDecimal = text.utf8.allSatisfy { $0 == UInt8(ascii: ".") || $0.isDigit } && text.utf8.count <= 20
        if isDecimal, let value = Double(text), value >= Double(range.lowerBound), value <= Double(range.upperBound) {
            return value
        }
        log.error(
            "`\(key)` must be a number from \(range.lowerBound) to \(range.upperBound), such as 2.5, not"
                + " \(redaction.mention(text))", at: location)
        return nil
    }

    /// Returns a duration within bounds; nil if it is absent, or reported as wrong.
    func duration(_ key: String, in range: ClosedRange<DurationText>, log: inout DiagnosticLog) -> Duration? {
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
        guard text.utf8.allSatisfy(\.isDigit) else { return nil }
        return Int(text)
    }
}

extension CheckedMapping {
    /// The keys of `limits`.
    static let limitKeys =
        ["removals", "removals_floor", "min_admins", "min_other_admins", "group_size"] + runLimitKeys

    /// The keys that count over all groups of a run.
    static let runLimitKeys = ["removals_per_run", "removals_per_person", "removals_per_source"]

    /// Returns the base limits with the values of this mapping.
    func limits(from base: Limits, log: inout DiagnosticLog) -> Limits {
        var limits = base
        if let removals = allowance("removals", log: &log) { limits.removals = removals }
        if let floor = integer("removals_floor", in: 0...100_000, log: &log) { limits.removalsFloor = floor }
        if let perRun = allowance("removals_per_run", upTo: 1_000_000, log: &log) { limits.removalsPerRun = perRun }
        if let groups = integer("removals_per_person", in: 0...1_000_000, log: &log) {
            limits.removalsPerPerson = groups
        }
        if let people = integer("removals_per_source", in: 0...1_000_000, log: &log) {
            limits.removalsPerSource = people
        }
        if let admins = integer("min_admins", in: 1...1_024, log: &log) { limits.minAdmins = admins }
        if let admins = integer("min_other_admins", in: 0...1_024, log: &log) { limits.minOtherAdmins = admins }
        if let size = integer("group_size", in: 2...100_000, log: &log) { limits.groupSize = size }
        return limits
    }

    /// Returns a number or percentage; nil if it is absent, or reported as wrong.
    private func allowance(_ key: String, upTo most: Int = 100_000, log: inout DiagnosticLog) -> Allowance? {
        guard let (text, location) = text(key, log: &log) else { return nil }
        let digits = text.utf8.prefix(while: \.isDigit)
        let rest = text[digits.endIndex...]
        if !digits.isEmpty, let number = Int(String(text[..<digits.endIndex])) {
            if rest.isEmpty, number <= most { return .count(number) }
            if rest == "%", number <= 100 { return .percent(number) }
        }
        log.error(
            "`\(key)` must be a number up to \(most), such as 5, or a percentage up to 100%, such as 25%, not"
                + " \(redaction.mention(text))", at: location)
        return nil
    }
}
