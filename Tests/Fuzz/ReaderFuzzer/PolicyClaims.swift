import Core
import PolicyFiles

/// The claims about every reading of policies and every diagnostic.
enum PolicyClaims {
    /// First and last days of terms, and days far away.
    private static let days = [
        CalendarDate(daysSince1970: 0), CalendarDate(daysSince1970: 20_454), CalendarDate(daysSince1970: 20_818),
        CalendarDate(daysSince1970: 2_932_896), CalendarDate(daysSince1970: Int.max),
        CalendarDate(daysSince1970: Int.min),
    ]

    /// Claims that two readings of the same bytes agree, and that their results are usable.
    static func check(_ first: PolicyReading, again second: PolicyReading, files: [String: TextPositions]) {
        check(first.diagnostics, files: files)
        claim(first.diagnostics == second.diagnostics, "a second read has other diagnostics")
        let hasErrors = first.diagnostics.contains { $0.severity == .error }
        claim((first.policies == nil) == hasErrors, "policies come with an error, or neither comes")
        claim((second.policies == nil) == hasErrors, "a second read ends differently")
        guard let policies = first.policies, let repeated = second.policies else { return }
        claim(policies.digest == repeated.digest && policies.groups == repeated.groups, "a second read differs")
        claim(policies.counts == repeated.counts, "a second read counts differently")
        claim(policies.groups == policies.groups.sorted(), "the groups are out of order")
        for position in policies.groups.indices {
            for day in days {
                let group = policies.desiredGroup(at: position, on: day)
                check(group)
                if let plain = policies.desiredRoles(at: position, on: day) { check(plain, of: group) }
                let other = repeated.desiredGroup(at: position, on: day)
                claim(
                    group.members == other.members && group.kept == other.kept && group.outOfTerm == other.outOfTerm,
                    "a second read wants another group")
            }
        }
    }

    /// Claims that each diagnostic is located in its file, in order, and that its text fits a line.
    static func check(_ diagnostics: [Diagnostic], files: [String: TextPositions]) {
        claim(diagnostics == diagnostics.sorted(), "the diagnostics are out of order")
        for diagnostic in diagnostics {
            claimOneSafeLine(diagnostic.message)
            let position = diagnostic.location
            guard let text = files[position.file] else {
                claim(false, "a diagnostic names the unknown file \(position.file.debugDescription)")
                continue
            }
            claim(text.holds(line: position.line, column: position.column), "no such place: \(diagnostic)")
        }
    }

    private static func check(_ plain: DesiredRoles, of group: DesiredGroup) {
        var plain = plain
        claim(
            plain.count == group.members.count && group.kept.isEmpty && group.outOfTerm.isEmpty
                && group.rejoin == .always, "a group has more than its plain part")
        for member in group.members {
            claim(
                member.person.lid == nil && member.person.phone.map { plain.tickOff($0, as: member.role) } == true,
                "the plain part of a group lacks somebody")
        }
    }

    private static func check(_ group: DesiredGroup) {
        let people = group.members.map(\.person)
        claim(Set(people).count == people.count, "a person is wanted twice")
        claim(Set(people).isDisjoint(with: group.outOfTerm.map(\.person)), "a person is both wanted and expired")
        claim(
            !people.isEmpty || !group.outOfTerm.isEmpty || group.mayBeEmpty, "a group is emptied without saying so")
        claim(people.allSatisfy { $0.phone != nil || $0.lid != nil }, "a person has neither number nor LID")
    }
}
