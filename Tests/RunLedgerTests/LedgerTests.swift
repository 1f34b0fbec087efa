import Core
import Foundation
import GRDB
import RunLedger
import Stage
import Testing

@Suite("The ledger") struct LedgerTests {
    let folder = TemporaryFolder()

    private func run(_ number: UInt16, at milliseconds: Int64 = 1_000) -> RunRecord {
        RunRecord(
            id: RunID(at: Timestamp(milliseconds: milliseconds), randomness: (UInt64(number), number)),
            command: "apply", startedAt: Timestamp(milliseconds: milliseconds), policyDigest: "sha256:00",
            version: "0.0.0", host: "here")
    }

    private func key(_ group: String = "120363000000000001@g.us") throws -> GroupKey {
        GroupKey(
            gateway: .default, session: try #require(SessionID("01HZ0SESSION")), group: try #require(GroupID(group)))
    }

    private func action(_ digits: UInt64, sequence: Int = 1) throws -> ActionRecord {
        ActionRecord(
            key: try key(), sequence: sequence, operation: .add, phone: PhoneNumber(digits: digits),
            lid: LID(digits: 42), person: "amina", source: "policies/a.yaml:1:2",
            plannedAt: Timestamp(milliseconds: 1_500))
    }

    @Test("The ledger is created with mode 0600, with any umask") func mode() throws {
        let path = folder.path("ledger.sqlite")
        _ = try Ledger(path: path)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
    }

    @Test("The ledger is created once, however many programs start at the same time") func madeTogether() async throws {
        for round in 0..<12 {
            let path = folder.path("together-\(round).sqlite")
            try await withThrowingTaskGroup(of: String?.self) { group in
                for _ in 0..<4 { group.addTask { try await Ledger(path: path).pragma("journal_mode") } }
                for try await mode in group { #expect(mode == "wal") }
            }
        }
    }

    @Test("The ledger removes others' access to a file that has it") func modeOfExistingFile() throws {
        let path = folder.path("ledger.sqlite")
        #expect(FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o644]))
        _ = try Ledger(path: path)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
    }

    @Test("The ledger uses a write-ahead log and syncs to disk") func durability() async throws {
        let ledger = try Ledger(path: folder.path("ledger.sqlite"))
        #expect(try await ledger.pragma("journal_mode") == "wal")
        #expect(try await ledger.pragma("synchronous") == "2")
        #expect(try await ledger.pragma("foreign_keys") == "1")
    }

    @Test("The ledger has only strict tables") func strictTables() throws {
        let path = folder.path("ledger.sqlite")
        _ = try Ledger(path: path)
        let queue = try DatabaseQueue(path: path)
        let loose = try queue.read { database in
            try String.fetchAll(
                database,
                sql: "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT strict")
        }
        #expect(Set(loose).subtracting(["grdb_migrations", "sqlite_schema"]).isEmpty)
    }

    @Test(
        "The ledger has the documented columns",
        arguments: [
            (
                "runs",
                "id command started_at finished_at status exit_code policy_digest version host adds promotes demotes "
                    + "removes holds errors"
            ),
            (
                "group_runs",
                "run_id gateway session group_jid name status size_before size_after roster_digest error_code error"
            ),
            (
                "actions",
                "id run_id session group_jid seq op phone lid person source status attempts http_status error_code "
                    + "error planned_at sent_at finished_at"
            ),
            ("holds", "run_id session group_jid kind phone lid message"),
            ("identities", "gateway session lid phone first_seen_at last_seen_at"),
        ]) func columns(table: String, columns: String) throws
    {
        let path = folder.path("ledger.sqlite")
        _ = try Ledger(path: path)
        let found = try DatabaseQueue(path: path).read { database in
            try database.columns(in: table).map(\.name)
        }
        #expect(Set(columns.split(separator: " ").map(String.init)).isSubset(of: found))
    }

    @Test("The ledger returns a run with its groups, actions and holds as recorded") func roundTrip() async throws {
        let ledger = try Ledger(path: folder.path("ledger.sqlite"))
        var run = run(1)
        _ = try await ledger.begin(run)
        let group = GroupRunRecord(
            key: try key(), name: "Class 4b", status: .skipped, sizeBefore: 12, rosterDigest: "sha256:11")
        let hold = HoldRecord(
            key: try key(), kind: "unresolved", phone: nil, lid: LID(digits: 7), message: "nobody knows")
        let stored = try await ledger.record(
            groups: [group], actions: [try action(6_281_234_567_890), try action(6_281_234_567_891, sequence: 2)],
            holds: [hold], of: run.id)
        #expect(try await ledger.actions(of: run.id) == stored)
        #expect(try await ledger.groups(of: run.id) == [group])
        #expect(try await ledger.holds(of: run.id) == [hold])

        run.finishedAt = Timestamp(milliseconds: 9_000)
        run.status = .incomplete
        run.exitCode = 3
        run.tally = RunTally(
            changes: ActionCounts(adds: 1, promotes: 2, demotes: 3, removes: 4), holds: 5, errors: 6)
        try await ledger.finish(run)
        #expect(try await ledger.run(matching: "last") == run)
    }

    @Test("An action is `sending` from before its call until its result is known") func sending() async throws {
        let ledger = try Ledger(path: folder.path("ledger.sqlite"))
        let run = run(1)
        _ = try await ledger.begin(run)
        let stored = try await ledger.record(
            groups: [], actions: [try action(6_281_234_567_890)], holds: [], of: run.id)
        let id = try #require(stored.first).id

        try await ledger.commit([.sending([id], at: Timestamp(milliseconds: 2_000))])
        var row = try #require(try await ledger.actions(of: run.id).first)
        #expect(row.status == .sending)
        #expect(row.sentAt == Timestamp(milliseconds: 2_000))
        #expect(row.finishedAt == nil)
        #expect(row.attempts == 1)

        let outcome = ActionOutcome(status: .failed, httpStatus: 403, errorCode: "forbidden", error: "no")
        try await ledger.commit([
            .settled(
                [SettledAction(id: id, phone: row.phone, outcome: outcome)], in: row.key, size: nil,
                at: Timestamp(milliseconds: 3_000))
        ])
        row = try #require(try await ledger.actions(of: run.id).first)
        #expect(row.status == .failed)
        #expect(row.httpStatus == 403)
        #expect(row.errorCode == "forbidden")
        #expect(row.finishedAt == Timestamp(milliseconds: 3_000))
    }

    @Test("The ledger finds a run by the start of its id, and says if that is ambiguous") func prefixes() async throws {
        let ledger = try Ledger(path: folder.path("ledger.sqlite"))
        let runs = [run(1, at: 1_000), run(2, at: 1_000), run(3, at: 2_000_000_000_000)]
        for run in runs { _ = try await ledger.begin(run) }
        #expect(try await ledger.run(matching: "last") == runs[2])
        #expect(try await ledger.run(matching: runs[2].id.text.prefix(8).lowercased()) == runs[2])
        await #expect(throws: LedgerError.noSuchRun("7ZZZ")) { try await ledger.run(matching: "7ZZZ") }
        await #expect(throws: LedgerError.noSuchRun("%' OR 1")) { try await ledger.run(matching: "%' OR 1") }
        let common = String(runs[0].id.text.prefix(10))
        await #expect(
            throws: LedgerError.ambiguousRun(common, candidates: runs[...1].map(\.id.text).sorted())
        ) { try await ledger.run(matching: common) }
    }

    @Test("Run ids sort in the order in which the runs started, whatever the clock does") func runOrder() async throws {
        let ledger = try Ledger(path: folder.path("ledger.sqlite"))
        var ids: [RunID] = []
        for (index, time) in [5_000, 5_000, 5_000, 1_000, 0, 5_001].enumerated() {
            ids.append(try await ledger.begin(run(UInt16(index % 2), at: Int64(time))).id)
        }
        #expect(ids == ids.sorted())
        #expect(Set(ids).count == ids.count)
        #expect(try await ledger.run(matching: "last").id == ids.last)
    }

    @Test("The ledger counts a session's adds since a time, with any result") func budget() async throws {
        let ledger = try Ledger(path: folder.path("ledger.sqlite"))
        let run = run(1)
        _ = try await ledger.begin(run)
        let actions = try (1...4).map { try action(6_281_234_567_890 + UInt64($0), sequence: $0) }
        let stored = try await ledger.record(groups: [], actions: actions, holds: [], of: run.id)
        try await ledger.commit([.sending([stored[0].id], at: Timestamp(milliseconds: 1_000))])
        try await ledger.commit([.sending([stored[1].id, stored[2].id], at: Timestamp(milliseconds: 5_000))])
        for status in [ActionStatus.accepted, .declined] {
            let settled = SettledAction(
                id: stored[2].id, phone: stored[2].phone, outcome: ActionOutcome(status: status))
            try await ledger.commit([
                .settled([settled], in: stored[2].key, size: nil, at: Timestamp(milliseconds: 6_000)),
                .taken([stored[2].id]),
            ])
        }
        let session = try key().session
        #expect(
            try await ledger.addsSent(
                by: session, of: .default, since: Timestamp(milliseconds: 2_000), by: LedgerClock(at: .lateEnough))
                == 2)
        #expect(
            try await ledger.addsSent(
                by: session, of: .default, since: Timestamp(milliseconds: 0), by: LedgerClock(at: .lateEnough))
                == 3)
        #expect(
            try await ledger.addsSent(
                by: session, of: GatewayName("other"), since: Timestamp(milliseconds: 0),
                by: LedgerClock(at: .lateEnough)) == 0)
    }
}
