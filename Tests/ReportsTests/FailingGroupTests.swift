import Core
import GRDB
import RunLedger
import Stage
import Testing

@testable import Reports

@Suite("Groups whose changes fail while the gateway gives no reason") struct FailingGroupTests {
    private let folder = TemporaryFolder()
    private let nameless = [1: FailingGroup.errorCode]

    private func chronicle() throws -> LedgerFixture { try LedgerFixture(folder.path("ledger.sqlite")) }

    @Test("A group that fails while the gateway gives no reason is reported from the third night on") func threeNights()
        async throws
    {
        let chronicle = try chronicle()
        #expect(try await chronicle.ledger.groupsFailingWithoutReason().isEmpty)
        for day in 1...2 {
            try await chronicle.run(day, sizes: [1: 10, 2: 20], [.add(1, .unknown)], faults: nameless)
        }
        #expect(try await chronicle.ledger.groupsFailingWithoutReason().isEmpty)
        try await chronicle.run(3, [.add(1, .unknown)], faults: nameless)
        let failing = FailingGroup(
            key: try LedgerFixture.key(), name: "Group 1 on day 3", since: LedgerFixture.night(1), nights: 3)
        #expect(try await chronicle.ledger.groupsFailingWithoutReason() == [failing])
        #expect(try await chronicle.report(runs: 1).failing == [failing])
    }

    @Test("Failing nights are counted by day, with each day's last run that acted") func days() async throws {
        let chronicle = try chronicle()
        for _ in 1...3 { try await chronicle.run(1, faults: nameless) }
        #expect(try await chronicle.ledger.groupsFailingWithoutReason().isEmpty, "three runs of one day are one night")
        // A success in the morning does not clear a failure in the evening.
        try await chronicle.run(2, [.add(1)])
        try await chronicle.run(2, faults: nameless)
        try await chronicle.run(3, faults: nameless)
        #expect(try await chronicle.ledger.groupsFailingWithoutReason().map(\.nights) == [3])
        try await chronicle.run(3, [.add(2)])
        #expect(try await chronicle.ledger.groupsFailingWithoutReason().isEmpty)
    }

    @Test("Only applies that acted on the group count, whatever is between them") func otherRuns() async throws {
        let chronicle = try chronicle()
        for day in [1, 4, 7] {
            try await chronicle.run(day, faults: nameless)
            try await chronicle.run(day, [.add(1, .planned)], command: "plan")
            // Another group's night, and a night without a new try.
            try await chronicle.run(day + 1, sizes: [2: 10], [.add(1, group: 2)])
            try await chronicle.run(day + 2, holds: [.init(kind: "declined", person: 1)])
        }
        let failing = try await chronicle.ledger.groupsFailingWithoutReason()
        #expect(failing.map(\.since) == [LedgerFixture.night(1)] && failing.map(\.nights) == [3])
        try await chronicle.run(10, [], command: "plan")
        #expect(try await chronicle.ledger.groupsFailingWithoutReason().count == 1)
        try await chronicle.run(11, holds: [.init(kind: "keep", person: 1)])
        #expect(try await chronicle.ledger.groupsFailingWithoutReason().isEmpty, "somebody else fixed it")
    }

    @Test("A night with another result ends the count", arguments: [nil, "forbidden"]) func mended(code: String?)
        async throws
    {
        let chronicle = try chronicle()
        for day in 1...4 { try await chronicle.run(day, faults: nameless) }
        try await chronicle.run(5, [.add(1)], faults: code.map { [1: $0] } ?? [:])
        for day in 6...7 { try await chronicle.run(day, faults: nameless) }
        #expect(try await chronicle.ledger.groupsFailingWithoutReason().isEmpty)
        try await chronicle.run(8, faults: nameless)
        #expect(try await chronicle.ledger.groupsFailingWithoutReason().map(\.since) == [LedgerFixture.night(6)])
    }

    @Test("A group with an accepted change in the same run does not count") func partlyTaken() async throws {
        let chronicle = try chronicle()
        for day in 1...3 {
            try await chronicle.run(day, [.add(UInt64(day), .accepted), .add(9, .unknown)], faults: nameless)
        }
        #expect(try await chronicle.ledger.groupsFailingWithoutReason().isEmpty)
    }

    @Test("Failures are traced back while they last, and forgotten after a month") func longTime()
        async throws
    {
        let chronicle = try chronicle()
        for day in 1...50 { try await chronicle.run(day, faults: nameless) }
        let failing = try await chronicle.ledger.groupsFailingWithoutReason()
        #expect(failing.map(\.since) == [LedgerFixture.night(1)] && failing.map(\.nights) == [50])
        try await chronicle.run(81, sizes: [2: 10])
        #expect(try await chronicle.ledger.groupsFailingWithoutReason().isEmpty)
    }

    @Test("Failing groups are queried through the index of groups that were acted on") func plan() async throws {
        let chronicle = try chronicle()
        for day in 1...3 { try await chronicle.run(day, faults: nameless) }
        let statements = try await chronicle.ledger.statements {
            _ = try await chronicle.ledger.groupsFailingWithoutReason()
        }
        let sql = try #require(statements.first { $0.contains("NOT EXISTS") })
        let steps = try await DatabaseQueue(path: folder.path("ledger.sqlite")).read { database in
            let statement = try database.makeStatement(sql: "EXPLAIN QUERY PLAN \(sql)")
            statement.setUncheckedArguments(StatementArguments())
            return try Row.fetchAll(statement).map { $0["detail"] as String }
        }
        #expect(steps.contains { $0.contains("group_runs USING INDEX group_runs_group (group_jid=?)") }, "\(steps)")
        #expect(!steps.contains { $0.contains("TEMP B-TREE") || $0.hasPrefix("SCAN") }, "\(steps)")
    }
}

@Suite("Unconfirmed changes") struct UnseenChangeTests {
    private let folder = TemporaryFolder()

    @Test("Unconfirmed changes are those that the gateway accepted in finished runs, oldest first") func changes()
        async throws
    {
        let chronicle = try LedgerFixture(folder.path("ledger.sqlite"))
        #expect(try await chronicle.ledger.standingFigures() == StandingFigures(groupsFailing: 0, changesUnseen: 0))
        try await chronicle.run(
            1, sizes: [1: 10, 2: 20],
            [
                .add(1, .accepted, group: 2, name: "amina"), .add(2), .add(3, .declined), .add(4, .unknown),
                .remove(5, .failed), .add(6, .planned),
            ])
        try await chronicle.run(2, [.remove(7, .accepted)])
        try await chronicle.run(3, [.add(8, .accepted)], finishes: false)
        let report = try await chronicle.report(runs: 1)
        #expect(report.unseen.count == 2 && report.unseen.groups == 2)
        let first = try #require(report.unseen.listed.first)
        #expect(try first.key == LedgerFixture.key(2))
        #expect(try first.phone == LedgerFixture.phone(1))
        #expect(first.lid == nil && first.person == "amina" && first.sentAt == LedgerFixture.night(1))
        #expect(report.unseen.listed.map(\.operation) == [.add, .remove])
        #expect(try await chronicle.ledger.standingFigures().changesUnseen == 2)
        var bounds = ReportBounds(runs: 500)
        bounds.unseen = 1
        let bounded = try await chronicle.ledger.report(within: bounds).unseen
        #expect(bounded.count == 2 && bounded.groups == 2 && bounded.listed == [first])
    }

    @Test("Unconfirmed changes expire when planning no longer looks back that far") func window() async throws {
        let chronicle = try LedgerFixture(folder.path("ledger.sqlite"))
        try await chronicle.run(1, [.add(1, .accepted)])
        try await chronicle.run(91)
        #expect(try await chronicle.ledger.standingFigures().changesUnseen == 0)
    }

    @Test("People who could not be added are not unconfirmed changes") func noAbsence() async throws {
        let chronicle = try LedgerFixture(folder.path("ledger.sqlite"))
        try await chronicle.run(1, [.add(1, .accepted), .add(2, .unknown)])
        try await chronicle.run(
            2, holds: [.init(kind: "unconfirmed", person: 1), .init(kind: "unconfirmed", person: 2)])
        let report = try await chronicle.report()
        #expect(report.absences.map(\.phone) == [try LedgerFixture.phone(2)])
        #expect(report.unseen.listed.map(\.phone) == [try LedgerFixture.phone(1)])
    }
}
