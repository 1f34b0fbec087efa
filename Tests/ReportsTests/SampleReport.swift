import Core
import RunLedger

@testable import Reports

/// A report with some of everything, in which a test can choose every untrusted text.
struct SampleReport {
    /// The untrusted text, used wherever a report repeats one.
    var text = "Larkhill"

    private struct Impossible: Error {}

    private static func required<Value>(_ value: Value?) throws -> Value {
        guard let value else { throw Impossible() }
        return value
    }

    /// Noon on a day of November 2026.
    static func noon(_ day: Int) -> Timestamp {
        Timestamp(milliseconds: 1_793_534_400_000 + Int64(day - 1) * 86_400_000)
    }

    /// Returns the key of a group's number.
    static func key(_ number: Int) throws -> GroupKey {
        GroupKey(
            gateway: .default, session: try required(SessionID("S1")),
            group: try required(GroupID("12036300000000000\(number)@g.us")))
    }

    /// Returns the phone number of person 0 to 9.
    static func phone(_ person: UInt64) throws -> PhoneNumber {
        try required(PhoneNumber(digits: 6_281_234_567_890 + person))
    }

    private func run(_ day: Int, _ command: String, _ status: RunStatus, _ tally: RunTally) -> ReportedRun {
        let start = Self.noon(day)
        return ReportedRun(
            record: RunRecord(
                id: RunID(at: start, randomness: (UInt64(day), 0)), command: command, startedAt: start,
                finishedAt: status == .running ? nil : start.advanced(byMilliseconds: 75_000), status: status,
                exitCode: status == .running ? nil : status == .succeeded ? 0 : 3,
                policyDigest: "sha256:00", version: "1.2.3", host: text, tally: tally))
    }

    private func change(
        _ sequence: Int, _ operation: Core.Operation, _ person: UInt64, _ status: ActionStatus,
        error: String? = nil
    ) throws -> ActionRecord {
        ActionRecord(
            id: Int64(sequence), key: try Self.key(1), sequence: sequence, operation: operation,
            phone: try Self.phone(person), person: text, source: text, status: status, attempts: 1, error: error,
            plannedAt: Self.noon(2))
    }

    /// Returns three runs over two groups.
    func report() throws -> LedgerReport {
        var report = LedgerReport(runsInLedger: 12)
        var first = run(
            1, "apply", .incomplete, RunTally(changes: ActionCounts(adds: 1, removes: 1), holds: 1, errors: 2))
        first.called = 3
        first.withheld = 1
        first.groups = [.incomplete: 1, .failed: 1]
        first.holds = [HeldKind(kind: "withheld", count: 1)]
        first.changes = [
            try change(1, .add, 1, .confirmed), try change(2, .add, 2, .declined, error: text),
        ]
        first.faultCount = 1
        first.faults = [
            GroupRunRecord(
                key: try Self.key(2), name: text, status: .failed, errorCode: "unreadable",
                error: "\(text) at +62 812-3456-7897")
        ]
        report.runs = [
            first, run(2, "plan", .succeeded, RunTally(changes: ActionCounts(adds: 2))),
            run(3, "apply", .running, RunTally()),
        ]
        let periods = ReportPeriods(from: Self.noon(1), through: Self.noon(3))
        report.periods = periods
        var results = [GroupResult?](repeating: nil, count: periods.count)
        results[periods.position(of: Self.noon(1))] = GroupResult(
            run: first.record.id, status: .incomplete, size: 40, drift: 4)
        results[periods.position(of: Self.noon(2))] = GroupResult(
            run: report.runs[1].record.id, status: .changed, size: 42, drift: 2)
        var one = ReportedGroup(key: try Self.key(1), name: text, results: results)
        one.taken = ActionCounts(adds: 1, removes: 1)
        one.holds = [HeldKind(kind: "declined", count: 1), HeldKind(kind: "self", count: 1)]
        var failed = [GroupResult?](repeating: nil, count: periods.count)
        failed[periods.position(of: Self.noon(1))] = GroupResult(
            run: first.record.id, status: .failed, size: nil, drift: nil)
        var two = ReportedGroup(key: try Self.key(2), name: nil, results: failed)
        two.error = text
        report.groups = [one, two]
        report.absences = [
            Absence(
                key: try Self.key(1), phone: try Self.phone(2), person: text, kind: "declined",
                message: "\(text); say `\(text)`", since: Self.noon(1), tries: 2)
        ]
        report.withheld = [
            WithheldGroup(
                key: try Self.key(1), isCurrent: true, people: 1, messages: [text], first: Self.noon(1),
                last: Self.noon(2), runs: 2)
        ]
        report.flapping = [
            FlappingPerson(
                key: try Self.key(1), phone: try Self.phone(3), person: text,
                counts: ActionCounts(adds: 2, removes: 1), last: Self.noon(2))
        ]
        report.failing = [
            FailingGroup(key: try Self.key(2), name: text, since: Self.noon(1), nights: 3),
            FailingGroup(key: try Self.key(3), name: nil, since: Self.noon(4), nights: 12),
        ]
        report.unseen.count = 4
        report.unseen.groups = 2
        report.unseen.listed = [
            ActionRecord(
                key: try Self.key(1), sequence: 1, operation: .add, phone: try Self.phone(4), person: text,
                source: "a.yaml:1:1", plannedAt: Self.noon(1), sentAt: Self.noon(1)),
            ActionRecord(
                key: try Self.key(4), sequence: 1, operation: .remove, phone: nil,
                lid: try Self.required(LID(digits: 100_000_000_000_001)), source: "a.yaml:1:1",
                plannedAt: Self.noon(3), sentAt: Self.noon(3)),
        ]
        return report
    }
}
