import Foundation
import GRDB
import RunLedger
import Stage
import Testing

@Suite("Unusable ledgers") struct LedgerRefusalTests {
    let folder = TemporaryFolder()

    private func error(openingAt path: String) throws -> LedgerError {
        try #require(throws: LedgerError.self) { _ = try Ledger(path: path) }
    }

    @Test("A ledger of a newer version is refused and not changed") func newerSchema() throws {
        let path = folder.path("ledger.sqlite")
        _ = try Ledger(path: path)
        let queue = try DatabaseQueue(path: path)
        try queue.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99-from-the-future')") }
        #expect(try error(openingAt: path) == .newerSchema(path: path))
    }

    @Test("A ledger in a missing folder is refused") func missingFolder() throws {
        let path = folder.path("nowhere/ledger.sqlite")
        #expect(try error(openingAt: path) == .noFolder(path: path))
    }

    @Test("A file that is not a database is refused, and its bytes are kept") func notADatabase() throws {
        let path = folder.path("ledger.sqlite")
        let bytes = Data(String(repeating: "no database at all. ", count: 400).utf8)
        try bytes.write(to: URL(fileURLWithPath: path))
        guard case .notADatabase(path, _) = try error(openingAt: path) else {
            Issue.record("another error")
            return
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes)
    }

    @Test("A database with another program's tables is refused and not changed") func foreign() throws {
        let path = folder.path("ledger.sqlite")
        let queue = try DatabaseQueue(path: path)
        try queue.write { try $0.execute(sql: "CREATE TABLE runs (a); INSERT INTO runs VALUES (7)") }
        guard case .notADatabase(path, _) = try error(openingAt: path) else {
            Issue.record("another error")
            return
        }
        #expect(try queue.read { try Int.fetchOne($0, sql: "SELECT a FROM runs") } == 7)
    }

    @Test("A folder or a device is refused as a ledger", arguments: [".", "/dev/null"]) func noRegularFile(
        position: String
    ) throws {
        let path = position == "." ? folder.path(".") : position
        switch try error(openingAt: path) {
        case .notADatabase, .notAccessible: break
        default: Issue.record("another error")
        }
    }
}
