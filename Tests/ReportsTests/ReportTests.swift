import Core
import Foundation
import GRDB
import RunLedger
import Stage
import Testing

@testable import Reports

@Suite("Reports") struct ReportTests {
    private let folder = TemporaryFolder()

    private func chronicle() throws -> LedgerFixture { try LedgerFixture(folder.path("ledger.sqlite")) }

    @Test("A report is empty before the first run") func nothing() async throws {
        #expect(try await chronicle().report() == LedgerReport())
    }

    @Test("A report lists every run with what it called for, blocked and did") func runs() async throws {
        let chronicle = try chronicle()
        try await chronicle.run(
            1, sizes: [1: 10, 2: nil], [.add(1), .remove(2, .failed)],
            holds: [.init(kind: "withheld", person: 3), .init(kind: "keep", person: 4), .init(kind: "keep", person: 5)])
        try await chronicle.run(2, finishes: false)
        let report = try await chronicle.report()
        #expect(report.runsInLedger == 2)
        #expect(report.runs.map(\.record.status) == [.succeeded, .running])
        let first = report.runs[0]
        #expect(first.called == 2)
        #expect(first.withheld == 1)
        #expect(first.faultCount == 1)
        #expect(first.groups == [.changed: 1, .failed: 1])
        #expect(first.holds == [HeldKind(kind: "keep", count: 2), HeldKind(kind: "withheld", count: 1)])
        #expect(first.changes.map(\.status) == [.confirmed, .failed])
        #expect(first.faults.map(\.error) == ["away"])
        #expect(report.runs[1].changes.isEmpty)
    }

    @Test("A report covers the latest runs, and limits its list of changes") func bounds() async throws {
        let chronicle = try chronicle()
        for day in 1...5 { try await chronicle.run(day, [.add(1), .add(2), .add(3)]) }
        var bounds = ReportBounds(runs: 3)
        bounds.changesOfRun = 2
        bounds.changes = 3
        let report = try await chronicle.ledger.report(within: bounds)
        #expect(report.runsInLedger == 5)
        #expect(report.runs.map(\.record.startedAt) == (3...5).map(LedgerFixture.night))
        #expect(report.runs.map(\.called) == [3, 3, 3])
        #expect(report.runs.map(\.changes.count) == [0, 1, 2])
        #expect(report.groups.map(\.taken[.add]) == [9])
    }

    @Test("A report shows each group's size and drift over time, and its last name and state") func groups()
        async throws
    {
        let chronicle = try chronicle()
        try await chronicle.run(
            1, sizes: [1: 10, 2: 20], [.add(1)], holds: [.init(kind: "withheld", person: 9, group: 2)])
        try await chronicle.run(2, sizes: [1: 11])
        try await chronicle.run(3, sizes: [1: nil, 2: 25], [.remove(7, group: 2), .add(8, .accepted, group: 2)])
        let report = try await chronicle.report()
        let periods = try #require(report.periods)
        func results(_ group: Int) -> [GroupResult?] {
            (1...3).map { report.groups[group].results[periods.position(of: LedgerFixture.night($0))] }
        }
        #expect(report.groups.map(\.key) == [try LedgerFixture.key(1), try LedgerFixture.key(2)])
        #expect(results(0).map { $0?.size } == [10, 11, nil])
        #expect(results(0).map { $0?.drift } == [1, 0, nil])
        #expect(results(0).map { $0?.status } == [.changed, .unchanged, .failed])
        #expect(results(1).map { $0?.size } == [20, nil, 25])
        #expect(results(1).map { $0?.drift } == [1, nil, 2])
        #expect(report.groups.map(\.name) == ["Group 1 on day 3", "Group 2 on day 3"])
        #expect(report.groups.map(\.error) == ["away", nil])
        #expect(report.groups.map(\.taken) == [ActionCounts(adds: 1), ActionCounts(adds: 1, removes: 1)])
        #expect(report.groups[1].latest?.size == 25)
    }

    @Test("Each period shows the last read of each group, from any run, and the maximum that one run found")
    func severalRunsInOnePeriod() async throws {
        let chronicle = try chronicle()
        try await chronicle.run(1, sizes: [1: 10, 2: 20, 3: 30], [.add(1), .add(2)])
        try await chronicle.run(1, sizes: [1: 11], [.add(3)])
        try await chronicle.run(1, sizes: [1: 12, 2: 22])
        let report = try await chronicle.report()
        #expect(report.groups.map { $0.latest?.size } == [12, 22, 30])
        #expect(report.groups.map { $0.latest?.drift } == [2, 0, 0])
    }

    @Test("A report lists who could not be added, since when, and how often it was tried") func absences() async throws
    {
        let chronicle = try chronicle()
        try await chronicle.run(
            1, [.add(1, .declined, name: "amina")], holds: [.init(kind: "not_on_whatsapp", person: 2)])
        for day in 2...4 {
            try await chronicle.run(
                day,
                holds: [
                    .init(kind: "declined", person: 1), .init(kind: "not_on_whatsapp", person: 2),
                    .init(kind: "keep", person: 3),
                ])
        }
        try await chronicle.run(
            5, [.add(1, .declined), .add(4), .add(5, .planned), .add(6, .accepted)],
            holds: [.init(kind: "not_on_whatsapp", person: 2)])
        let absences = try await chronicle.report().absences
        #expect(absences.map(\.phone) == [try LedgerFixture.phone(1), try LedgerFixture.phone(2)])
        #expect(absences.map(\.since) == [LedgerFixture.night(1), LedgerFixture.night(1)])
        #expect(absences.map(\.tries) == [2, 0])
        #expect(absences.map(\.kind) == ["declined", "not_on_whatsapp"])
        #expect(absences.map(\.message) == ["so it is", "because"])
        #expect(absences.map(\.person) == ["amina", nil])
        // The time does not depend on how many runs the report covers.
        #expect(
            try await chronicle.report(runs: 1).absences.map(\.since) == [
                LedgerFixture.night(1), LedgerFixture.night(1),
            ])
    }

    @Test("The time restarts for a person who was in the group meanwhile") func absentAgain() async throws {
        let chronicle = try chronicle()
        try await chronicle.run(1, [.add(1, .declined)], holds: [.init(kind: "left", person: 2)])
        try await chronicle.run(2, [.add(1), .add(2)])
        #expect(try await chronicle.report().absences.isEmpty)
        try await chronicle.run(3, holds: [.init(kind: "left", person: 2)])
        try await chronicle.run(4, [.add(1, .declined)], holds: [.init(kind: "left", person: 2)])
        let absences = try await chronicle.report().absences
        #expect(absences.map(\.since) == [LedgerFixture.night(3), LedgerFixture.night(4)])
        #expect(absences.map(\.tries) == [0, 1])
    }

    @Test("A group that could not be read since keeps its last good read") func failedSince() async throws {
        let chronicle = try chronicle()
        try await chronicle.run(
            1, holds: [.init(kind: "not_on_whatsapp", person: 1), .init(kind: "withheld", person: 2)])
        try await chronicle.run(2, sizes: [1: nil])
        let report = try await chronicle.report()
        #expect(report.absences.count == 1)
        #expect(report.withheld.map(\.isCurrent) == [true])
        #expect(report.groups[0].holds.map(\.kind) == ["not_on_whatsapp", "withheld"])
    }

    @Test("A report lists blocked changes, current ones first") func withheld() async throws {
        let chronicle = try chronicle()
        func hold(_ group: Int, _ person: UInt64, _ message: String = "too many") -> LedgerFixture.Hold {
            .init(kind: "withheld", person: person, group: group, message: message)
        }
        try await chronicle.run(1, sizes: [1: 9, 2: 9], holds: [hold(1, 1)])
        try await chronicle.run(2, sizes: [1: 9, 2: 9], holds: [hold(1, 1), hold(1, 2), hold(2, 3)])
        try await chronicle.run(3, sizes: [1: 9, 2: 9], holds: [hold(2, 3), hold(2, 4), hold(2, 5, "no admin")])
        #expect(
            try await chronicle.report().withheld == [
                WithheldGroup(
                    key: try LedgerFixture.key(2), isCurrent: true, people: 3, messages: ["no admin", "too many"],
                    first: LedgerFixture.night(2), last: LedgerFixture.night(3), runs: 2),
                WithheldGroup(
                    key: try LedgerFixture.key(1), isCurrent: false, people: 2, messages: ["too many"],
                    first: LedgerFixture.night(1), last: LedgerFixture.night(2), runs: 2),
            ])
    }

    @Test("A report lists people with the same change three times within thirty days, as plans do") func flapping()
        async throws
    {
        let chronicle = try chronicle()
        // 1 comes and goes; 2 is slow; 3 has come and gone once; 4 was only ever added; 5's third turn is only planned; 6
        // never came; 7 is made an admin again and again, and was added once.
        let promotion = LedgerFixture.Change(operation: .promote, person: 7, status: .confirmed)
        try await chronicle.run(
            1, [.add(1), .add(2), .add(3), .add(4), .add(5), .add(6, .declined), .add(7), promotion])
        try await chronicle.run(
            10, [.remove(1), .remove(2), .remove(3), .add(4), .remove(5), .add(6, .declined), promotion])
        try await chronicle.run(
            30, [.add(1, name: "amina"), .add(4), .add(5, .planned), .add(6, .declined), promotion])
        try await chronicle.run(32, [.add(2)])
        func person(_ person: UInt64, _ name: String?, _ counts: ActionCounts, _ day: Int) throws -> FlappingPerson {
            FlappingPerson(
                key: try LedgerFixture.key(), phone: try LedgerFixture.phone(person), person: name, counts: counts,
                last: LedgerFixture.night(day))
        }
        #expect(
            try await chronicle.report().flapping == [
                person(1, "amina", ActionCounts(adds: 2, removes: 1), 30), person(4, nil, ActionCounts(adds: 3), 30),
                person(7, nil, ActionCounts(promotes: 3), 30), person(5, nil, ActionCounts(adds: 1, removes: 1), 10),
            ])
    }

    @Test("A report reads one consistent state while another connection writes") func writtenMeanwhile() async throws {
        let chronicle = try chronicle()
        try await chronicle.run(1, [.add(1)])
        let reader = try Ledger(readingFrom: folder.path("ledger.sqlite"))
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let writer = try DatabaseQueue(path: folder.path("ledger.sqlite"), configuration: configuration)
        try await writer.writeWithoutTransaction { database in
            try database.execute(sql: "BEGIN IMMEDIATE; DELETE FROM actions")
        }
        #expect(try await reader.report(within: ReportBounds(runs: 9)).runs.map(\.called) == [1])
        try await writer.writeWithoutTransaction { database in try database.execute(sql: "COMMIT") }
        #expect(try await reader.report(within: ReportBounds(runs: 9)).runs.map(\.called) == [0])
    }

    @Test("A report needs an existing ledger, and creates none") func missing() throws {
        let path = folder.path("nowhere.sqlite")
        #expect(throws: LedgerError.missing(path: path)) { try Ledger(readingFrom: path) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path(".")).isEmpty)
    }

    @Test("A ledger from before reports existed gives the same report") func olderLedger() async throws {
        let path = folder.path("ledger.sqlite")
        let before: LedgerReport
        do {
            let chronicle = try LedgerFixture(path)
            try await chronicle.run(1, [.add(1, .declined)], holds: [.init(kind: "left", person: 2)])
            before = try await chronicle.report()
        }
        let queue = try DatabaseQueue(path: path)
        try await queue.write { database in
            try database.execute(
                sql: """
                    DROP INDEX actions_time; DROP INDEX actions_whom; DROP INDEX actions_open;
                    DROP INDEX holds_whom; DROP INDEX sightings_phone;
                    DROP INDEX identities_phone; DROP INDEX identities_lid;
                    CREATE INDEX actions_sent ON actions (gateway, session, op, sent_at) WHERE sent_at IS NOT NULL;
                    CREATE INDEX actions_person ON actions (gateway, session, group_jid, phone, sent_at);
                    CREATE INDEX actions_phone ON actions (phone);
                    CREATE INDEX actions_open ON actions (gateway, session, sent_at)
                    WHERE status IN ('accepted', 'unknown');
                    DROP INDEX holds_kind;
                    CREATE INDEX holds_run ON holds (run_id);
                    DELETE FROM grdb_migrations WHERE identifier IN ('4-report', '8-large', '9-calls');
                    """)
        }
        try queue.close()
        #expect(try await Ledger(readingFrom: path).report(within: ReportBounds(runs: 500)) == before)
    }
}

@Suite("Report periods") struct ReportPeriodsTests {
    @Test(
        "Periods are hours within a day, otherwise whole days, at most as many as a chart shows",
        arguments: [
            (0, 1, 12), (1, 24, 12), (59, 24, 60), (60, 48, 31), (400, 168, 58), (4_000, 91 * 24, 44),
            (3_000_000, 364 * 24 * 256, 33),
        ])
    func lengths(days: Int, hours: Int, count: Int) {
        let first = LedgerFixture.night(1)
        let last = Timestamp(milliseconds: first.milliseconds + Int64(days) * 86_400_000)
        let periods = ReportPeriods(from: first, through: last)
        #expect(periods.length == Int64(hours) * 3_600_000)
        #expect(periods.count == count)
        #expect(periods.position(of: last) == count - 1)
        #expect(periods.position(of: first) == max(0, count - 1 - days * 24 / hours))
        #expect(periods.start(of: periods.position(of: first)) <= first)
    }

    @Test("Times outside count in the first or last period, and a clock that went back has none") func outside() {
        let periods = ReportPeriods(from: LedgerFixture.night(1), through: LedgerFixture.night(20))
        #expect(periods.position(of: LedgerFixture.night(-100)) == 0)
        #expect(periods.position(of: LedgerFixture.night(100)) == periods.count - 1)
        #expect(
            ReportPeriods(from: LedgerFixture.night(20), through: LedgerFixture.night(1)).count == ReportPeriods.fewest)
        #expect(
            ReportPeriods(from: Timestamp(milliseconds: -5), through: Timestamp(milliseconds: 5)).length == 86_400_000)
    }
}

extension LedgerFixture {
    func report(runs: Int = 500) async throws -> LedgerReport {
        try await ledger.report(within: ReportBounds(runs: runs))
    }
}
