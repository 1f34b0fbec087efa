import Core
import GRDB
import RunLedger
import Stage
import Testing

@Suite("What sessions record during calls") struct CommitQueueTests {
    private let folder = TemporaryFolder()

    @Test("A record is complete or absent") func whole() async throws {
        let chronicle = try LedgerFixture(folder.path("ledger.sqlite"))
        let run = try await chronicle.run(1, [.add(1, .planned), .add(2, .planned)], finishes: false)
        let (ledger, now) = (chronicle.ledger, LedgerFixture.night(1))
        let actions = try await ledger.actions(of: run.id)
        let stranger = RunID(at: now, randomness: (9, 9))
        let group = GroupRunRecord(key: try LedgerFixture.key(), name: nil, status: .changed)
        await #expect(throws: LedgerError.self) {
            try await ledger.commit([.sending([actions[0].id], at: now), .finished(group, of: stranger)])
        }
        #expect(try await ledger.actions(of: run.id).map(\.status) == [.planned, .planned])
        #expect(try await ledger.attempts(of: run.id).isEmpty)
    }

    @Test("One commit settles a call and marks the next") func together() async throws {
        let chronicle = try LedgerFixture(folder.path("ledger.sqlite"))
        let run = try await chronicle.run(1, [.add(1, .planned), .add(2, .planned)], finishes: false)
        let (ledger, now, key) = (chronicle.ledger, LedgerFixture.night(1), try LedgerFixture.key())
        let actions = try await ledger.actions(of: run.id)
        try await ledger.commit([.sending([actions[0].id], at: now)])
        let settled = SettledAction(
            id: actions[0].id, phone: actions[0].phone, outcome: ActionOutcome(status: .accepted, httpStatus: 204))
        let statements = try await ledger.statements {
            try await ledger.commit([
                .settled([settled], in: key, size: nil, at: now), .sending([actions[1].id], at: now),
            ])
        }
        #expect(statements.count { $0.hasPrefix("COMMIT") } == 1)
        #expect(try await ledger.actions(of: run.id).map(\.status) == [.accepted, .sending])
    }

    @Test("An accepted call gets its attempt row when its group is done, and counts before")
    func taken()
        async throws
    {
        let chronicle = try LedgerFixture(folder.path("ledger.sqlite"))
        let run = try await chronicle.run(1, [.add(1, .planned), .add(2, .planned)], finishes: false)
        let (ledger, now, key) = (chronicle.ledger, LedgerFixture.night(1), try LedgerFixture.key())
        let (start, later) = (Timestamp(milliseconds: 0), now.advanced(byMilliseconds: 9))
        let actions = try await ledger.actions(of: run.id)
        try await ledger.rememberWaiting(
            [key.group: Set(actions.compactMap(\.phone))], among: [key.group], of: key.sessionKey, at: now)
        let settled = SettledAction(
            id: actions[0].id, phone: actions[0].phone, outcome: ActionOutcome(status: .accepted, httpStatus: 204))
        try await ledger.commit([
            .sending([actions[0].id], at: now), .settled([settled], in: key, size: nil, at: later),
        ])
        #expect(try await ledger.attempts(of: run.id).isEmpty)
        #expect(
            try await ledger.addsSent(by: key.session, of: key.gateway, since: start, by: LedgerClock(at: .lateEnough))
                == 1)
        #expect(try await ledger.memory(of: key.sessionKey).deferred[key.group]?.count == 2)

        try await ledger.commit([.taken([actions[0].id])])
        let attempt = try #require(try await ledger.attempts(of: run.id).first)
        #expect(attempt.action == actions[0].id)
        #expect(attempt.attempt == 1)
        #expect(attempt.status == .accepted)
        #expect(attempt.httpStatus == 204)
        #expect(attempt.sentAt == now)
        #expect(attempt.finishedAt == later)
        #expect(
            try await ledger.addsSent(by: key.session, of: key.gateway, since: start, by: LedgerClock(at: .lateEnough))
                == 1)
        #expect(try await ledger.memory(of: key.sessionKey).deferred[key.group]?.keys.first == actions[1].phone)
    }

    @Test(
        "After a died run, attempts get their rows, and people whose call was sent have had their turn"
    )
    func died() async throws {
        let chronicle = try LedgerFixture(folder.path("ledger.sqlite"))
        let run = try await chronicle.run(1, (1...3).map { .add($0, .planned) }, finishes: false)
        let (ledger, now, key) = (chronicle.ledger, LedgerFixture.night(1), try LedgerFixture.key())
        let actions = try await ledger.actions(of: run.id)
        try await ledger.rememberWaiting(
            [key.group: Set(actions.compactMap(\.phone))], among: [key.group], of: key.sessionKey, at: now)
        let settled = SettledAction(
            id: actions[0].id, phone: actions[0].phone, outcome: ActionOutcome(status: .accepted, httpStatus: 204))
        try await ledger.commit([
            .sending([actions[0].id], at: now), .settled([settled], in: key, size: nil, at: now),
            .sending([actions[1].id], at: now),
        ])
        #expect(try await ledger.closeDeadRuns(at: now) == 1)
        let attempts = try await ledger.attempts(of: run.id)
        #expect(attempts.map(\.action) == actions.prefix(2).map(\.id))
        #expect(attempts.map(\.status) == [.accepted, .unknown])
        #expect(attempts.map(\.errorCode) == [nil, "interrupted"])
        #expect(try await ledger.actions(of: run.id).map(\.status) == [.accepted, .unknown, .skipped])
        #expect(
            try await ledger.addsSent(
                by: key.session, of: key.gateway, since: Timestamp(milliseconds: 0), by: LedgerClock(at: .lateEnough))
                == 2)
        #expect(try await ledger.memory(of: key.sessionKey).deferred[key.group]?.keys.first == actions[2].phone)
    }

    @Test("Many sessions that record at once wait for one disk write") func shared() async throws {
        let path = folder.path("ledger.sqlite")
        let chronicle = try LedgerFixture(path)
        let run = try await chronicle.run(1, (1...200).map { .add($0, .planned) }, finishes: false)
        let (ledger, now) = (chronicle.ledger, LedgerFixture.night(1))
        let actions = try await ledger.actions(of: run.id)
        let arrived = Guarded(0)
        let statements = try await ledger.statements {
            // Somebody else writes until all have come.
            var configuration = Configuration()
            configuration.allowsUnsafeTransactions = true
            let other = try DatabaseQueue(path: path, configuration: configuration)
            try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for action in actions {
                    group.addTask {
                        arrived.withLock { $0 += 1 }
                        try await ledger.commit([.sending([action.id], at: now)])
                    }
                }
                while arrived.withLock({ $0 }) < actions.count { await Task.yield() }
                try await other.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
                try await group.waitForAll()
            }
            try other.close()
        }
        #expect(statements.count { $0.hasPrefix("COMMIT") } < 20)
        #expect(try await ledger.actions(of: run.id).allSatisfy { $0.status == .sending })
    }
}
