import Core

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
        let digits = text.utf8.prefix(while: isDigit)
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
