package import Core

/// The desired state of all groups, from all policy files.
package struct PolicySet: Sendable {
    /// The groups, sorted by key.
    package var groups: [GroupKey]
    /// `sha256:` and the digest of the names and bytes of all policy and CSV files, independent of their order.
    package var digest: String
    /// The numbers of files, people, teams and groups.
    package var counts: PolicyCounts

    let contents: PolicyIndex
    /// Everybody with a LID and also a name or a number, by LID.
    let named: [LID: PersonReference]

    /// The names of people, by number and by LID.
    package var namesOfPeople: [AccountID: String] {
        var names: [AccountID: String] = [:]
        for position in contents.people.indices {
            let person = contents.reference(position)
            guard let name = person.name else { continue }
            for account in person.accounts { names[account] = name }
        }
        return names
    }

    /// The numbers and LIDs of everyone the policies name.
    package var accounts: Set<AccountID> {
        Set(contents.people.indices.flatMap { contents.reference($0).accounts })
    }

    /// The names of all people and teams.
    package var names: Set<String> {
        Set(contents.teams.compactMap(\.name) + contents.people.indices.compactMap { contents.reference($0).name })
    }

    /// The names of groups, if the policies give them.
    package var groupNames: [GroupKey: String] {
        Dictionary(contents.groups.compactMap { group in group.name.map { (group.key, $0) } }) { first, _ in first }
    }
}

/// The numbers of files, people, teams and groups of a policy set.
package struct PolicyCounts: Hashable, Sendable {
    /// Policy files and CSV files.
    package var files: Int
    /// Different people, with or without a name.
    package var people: Int
    /// Teams with a name.
    package var teams: Int
    /// Groups.
    package var groups: Int

    /// Creates the counts.
    package init(files: Int, people: Int, teams: Int, groups: Int) {
        self.files = files
        self.people = people
        self.teams = teams
        self.groups = groups
    }
}

/// The result of reading policies.
package struct PolicyReading: Sendable {
    /// The policies; nil if there is an error.
    package var policies: PolicySet?
    /// All errors and warnings, by place.
    package var diagnostics: [Diagnostic]
}
