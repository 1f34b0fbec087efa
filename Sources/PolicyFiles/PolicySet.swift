package import Membership

/// The desired state of all groups, as the policy files of a run describe it.
package struct PolicySet: Sendable {
    /// The groups in the order of their keys.
    package var groups: [GroupKey]
    /// `sha256:` and the digest of the names and bytes of all policy and CSV files, whatever order they were found in.
    package var digest: String
    /// How much there is.
    package var counts: PolicyCounts

    let contents: PolicyIndex
    /// Everyone of whom the policies tell both a LID and who that is.
    let named: [LID: PersonReference]

    /// The names that the policies give to people, by number and by LID.
    package var namesOfPeople: [AccountID: String] {
        var names: [AccountID: String] = [:]
        for place in contents.people.indices {
            let person = contents.reference(place)
            guard let name = person.name else { continue }
            for account in person.accounts { names[account] = name }
        }
        return names
    }

    /// The numbers and LIDs of everyone the policies name.
    package var accounts: Set<AccountID> {
        Set(contents.people.indices.flatMap { contents.reference($0).accounts })
    }

    /// Every name that is taken by a person or a team.
    package var names: Set<String> {
        Set(contents.teams.compactMap(\.name) + contents.people.indices.compactMap { contents.reference($0).name })
    }

    /// The names that the policies give to groups.
    package var groupNames: [GroupKey: String] {
        Dictionary(contents.groups.compactMap { group in group.name.map { (group.key, $0) } }) { first, _ in first }
    }
}

/// How much a set of policies describes.
package struct PolicyCounts: Hashable, Sendable {
    /// Policy files and CSV files.
    package var files: Int
    /// Different people, with a name or without.
    package var people: Int
    /// Teams with a name.
    package var teams: Int
    /// Groups.
    package var groups: Int

    /// Counts what a set holds.
    package init(files: Int, people: Int, teams: Int, groups: Int) {
        self.files = files
        self.people = people
        self.teams = teams
        self.groups = groups
    }
}

/// What came of reading policies.
package struct PolicyReading: Sendable {
    /// The policies; nil where there is any error.
    package var policies: PolicySet?
    /// All that is wrong, by place.
    package var diagnostics: [Diagnostic]
}
