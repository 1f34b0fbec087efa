package import Core
import FoundationEssentials
import GRDB

extension Ledger {
    /// Returns the people that the policy wanted in each group when a run last applied it.
    package func appliedGroups() async throws(LedgerError) -> [GroupKey: [AppliedPerson]] {
        try await read { database in
            var groups: [GroupKey: [AppliedPerson]] = [:]
            try database.forEachRow("SELECT * FROM applied_groups") { row in
                groups[try row.groupKey()] = try [AppliedPerson](row: row)
            }
            return groups
        }
    }

    /// Returns the groups that were last applied with this policy digest, since a time.
    package func groupsApplied(with digest: String, since day: Timestamp) async throws(LedgerError) -> Set<GroupKey> {
        try await appliedKeys("WHERE policy_digest = ? AND applied_at >= ?", [digest, day.iso8601])
    }

    /// Returns the groups that a run has applied and that are still recorded.
    package func keysOfAppliedGroups() async throws(LedgerError) -> Set<GroupKey> { try await appliedKeys() }

    private func appliedKeys(
        _ condition: String = "", _ arguments: StatementArguments = []
    ) async throws(LedgerError) -> Set<GroupKey> {
        try await read { database in
            var keys: Set<GroupKey> = []
            try database.forEachRow("SELECT gateway, session, group_jid FROM applied_groups \(condition)", arguments) {
                keys.insert(try $0.groupKey())
            }
            return keys
        }
    }

    /// Deletes the record of groups that the policy no longer describes.
    package func forgetApplied(_ keys: Set<GroupKey>) async throws(LedgerError) {
        if keys.isEmpty { return }
        try await write { database in
            let statement = try database.cachedStatement(
                sql: "DELETE FROM applied_groups WHERE gateway = ? AND session = ? AND group_jid = ?")
            for key in keys { try statement.execute(arguments: [key.gateway.text, key.session.text, key.group.jid]) }
        }
    }

    /// Records the people that the policy wanted in some groups when it was applied.
    package func rememberApplied(
        _ groups: [GroupKey: [AppliedPerson]], digest: String, at time: Timestamp
    ) async throws(LedgerError) {
        if groups.isEmpty { return }
        try await write { database in
            let statement = try database.cachedStatement(
                sql: """
                    INSERT OR REPLACE INTO applied_groups
                    (gateway, session, group_jid, applied_at, policy_digest, wanted) VALUES (?, ?, ?, ?, ?, ?)
                    """)
            for (key, group) in groups.sorted(by: { $0.key < $1.key }) {
                try statement.execute(
                    arguments: [
                        key.gateway.text, key.session.text, key.group.jid, time.iso8601, digest, try group.text(),
                    ])
            }
        }
    }
}

/// The stored form of a group: each list of ways once, and each person with its index.
private struct AppliedDocument: Codable {
    struct Person: Codable {
        var phone: String?
        var lid: String?
        var name: String?
        var role: String
        var way: Int
    }

    struct List: Codable, Hashable {
        var team: String?
        var file: String?
    }

    var ways: [[List]] = []
    var people: [Person] = []
}

extension [AppliedPerson] {
    func text() throws -> String {
        var positions: [[PeopleList]: Int] = [:]
        var document = AppliedDocument()
        for entry in self {
            let position = positions[entry.way] ?? document.ways.count
            if position == document.ways.count {
                positions[entry.way] = position
                document.ways.append(
                    entry.way.map { list in
                        switch list {
                        case .team(let name): AppliedDocument.List(team: name)
                        case .file(let path): AppliedDocument.List(file: path)
                        }
                    })
            }
            document.people.append(
                AppliedDocument.Person(
                    phone: entry.person.phone?.e164, lid: entry.person.lid?.description, name: entry.person.name,
                    role: entry.role.rawValue, way: position))
        }
        return String(decoding: try JSONEncoder().encode(document), as: UTF8.self)
    }

    init(row: Row) throws {
        let text: String = row["wanted"]
        let document: AppliedDocument
        do {
            document = try JSONDecoder().decode(AppliedDocument.self, from: Data(text.utf8))
        } catch {
            throw UnreadableRow(column: "wanted")
        }
        self = try document.people.map { person in
            guard let role = Role(rawValue: person.role), document.ways.indices.contains(person.way) else {
                throw UnreadableRow(column: "wanted")
            }
            return AppliedPerson(
                person: PersonReference(
                    phone: person.phone.flatMap(Row.phone), lid: person.lid.flatMap(Row.lid), name: person.name),
                role: role,
                way: document.ways[person.way].map { $0.team.map(PeopleList.team) ?? .file($0.file ?? "") })
        }
    }
}
