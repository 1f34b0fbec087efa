import Foundation
import GRDB
import Testing

@Suite("Documentation: docs/ledger.md") struct LedgerDocumentationTests {
    private let page: MarkdownPage

    init() throws { page = try MarkdownPage("docs/ledger.md") }

    @Test("Every table and column is documented, and every documented one exists") func tables() async throws {
        let town = try Town()
        #expect(try await town.rollcall(Town.nowhere).run("plan").code == 69)
        let actual = try await read(town) { database in
            let tables = try String.fetchAll(database, sql: "SELECT name FROM sqlite_schema WHERE type = 'table'")
            return try tables.filter { !$0.hasPrefix("sqlite_") }.reduce(into: [:]) { actual, table in
                actual[table] = Set(try database.columns(in: table).map(\.name))
            }
        }
        var described: [String: Set<String>] = [:]
        for table in page.tables where table.header.first == "column" {
            let names = table.rows.flatMap { MarkdownPage.code(in: $0[0]) }
            #expect(Set(names).count == names.count, "\(table.heading)")
            described[MarkdownPage.code(in: table.heading).first ?? table.heading] = Set(names)
        }
        #expect(described == actual)
    }

    @Test("Every status that a table may contain is explained", arguments: ["runs", "group_runs", "actions"])
    func statuses(table: String) async throws {
        let town = try Town()
        #expect(try await town.rollcall(Town.nowhere).run("plan").code == 69)
        let definition = try await read(town) { database in
            try String.fetchOne(database, sql: "SELECT sql FROM sqlite_schema WHERE name = ?", arguments: [table])
        }
        let actual = try #require(definition).matches(of: #/status = '(\w+)'/#).map { String($0.1) }
        #expect(!actual.isEmpty)
        let described = page.tables.first { $0.heading == "`\(table)`" && $0.header.first == "status" }?.rows ?? []
        #expect(described.map { MarkdownPage.code(in: $0[0]).first } == actual)
    }

    @Test("Every documented query finds what it promises in the ledger of real runs") func queries() async throws {
        let town = try Town([
            "rollcall.yaml": Self.configuration, "policies/town.yaml": Self.policy(), "gateway.yaml": Self.seed,
        ])
        try await town.served { simulator in
            let rollcall = town.rollcall(simulator.url)
            #expect(try await rollcall.run("apply", "--yes").code == 3)
            try Self.policy(more: ", +44 7700 900120").write(
                toFile: town.path("policies/town.yaml"), atomically: true, encoding: .utf8)
            #expect(try await rollcall.run("apply", "--yes").code == 0)
            try Self.policy().write(toFile: town.path("policies/town.yaml"), atomically: true, encoding: .utf8)
            #expect(try await rollcall.run("apply", "--yes").code == 0)
        }
        let queries = page.blocks.filter { $0.language == "sql" }.map(\.text)
        let answers = try await read(town) { database in
            try queries.map { sql in
                try Row.fetchAll(database, sql: sql).map { row in row.map { "\($0.1.storage.value ?? "null")" } }
            }
        }
        #expect(answers.count == 8)
        guard answers.count == 8 else { return }
        let group = "120363000000000001@g.us"
        // Dora declines; the stray person was removed, added and removed; Ada's promotion took effect without an
        // answer.
        #expect(answers[0].map { Array($0[..<3]) + [$0[4]] } == [[group, "+447700900104", "declined", "2"]])
        #expect(answers[1].map { $0[2] } == ["+447700900120", "+447700900120"])
        #expect(answers[1].allSatisfy { $0[3] == "policies/town.yaml:3:3" && $0[4].hasPrefix("sha256:") })
        #expect(answers[2].map { [$0[1], $0[3]] } == [["Choir", "4"], ["Choir", "1"], ["Choir", "1"]])
        #expect(answers[3] == [["default", "S1", "3"]])
        #expect(answers[4].map { Array($0[1...3]) } == [["apply", "incomplete", "3"]])
        #expect(answers[4].first?.last?.hasPrefix("\(group): ") == true)
        #expect(answers[5] == [[group, "+447700900120", "1", "2", "0", "0"]])
        #expect(
            answers[6].map { Array($0[1...]) } == [["promote", group, "+447700900101", "interrupted", "confirmed"]])
        #expect(answers[7].map { $0[2] } == ["1", "1", "3"])
    }

    private func read<Value: Sendable>(
        _ town: Town, _ body: @Sendable @escaping (Database) throws -> Value
    ) async throws -> Value {
        var configuration = Configuration()
        configuration.readonly = true
        let queue = try DatabaseQueue(path: town.path("rollcall.sqlite"), configuration: configuration)
        let value = try await queue.read(body)
        try queue.close()
        return value
    }

    private static let configuration = """
        gateway: { url: "http://127.0.0.1:1" }
        policies: [policies]
        pace: { calls_per_minute: 0, settle: 300ms }
        """

    private static func policy(more: String = "") -> String {
        """
        session: S1
        groups:
          120363000000000001@g.us:
            name: Choir
            admins: [+44 7700 900101]
            members: [+44 7700 900104, +44 7700 900105\(more)]
        """
    }

    private static let seed = """
        organisations: { town: { keys: { key: { token: \(Town.token) } } } }
        people:
          desk: { phone: +44 7700 900100 }
          dora: { phone: +44 7700 900104, adds: declines }
        sessions:
          S1: { organisation: town, account: desk }
        groups:
          120363000000000001@g.us:
            session: S1
            subject: Choir
            creator: desk
            admins: [desk]
            members: [+44 7700 900101, +44 7700 900120]
        faults:
          - { path: "*/promote", reset: after }
        """
}
