import Core
import PolicyFiles
import Reconciliation
import RunLedger

extension RunNotice {
    /// Returns the notice in the format `rollcall.notice/1`, on one line.
    package func json() -> String {
        let noticed = groups.compactMap(NoticedGroup.init)
        return JSONText.object([
            "format": .string("rollcall.notice/1"),
            "occasions": .list(occasions.map(\.rawValue).sorted().map { .string($0) }),
            "run": .string(run?.text), "command": .string(command), "host": .string(host),
            "version": .string(version), "status": .string(status.rawValue), "exit_code": .number(Int(exitCode)),
            "started_at": .string(startedAt.iso8601), "finished_at": .string(finishedAt.iso8601),
            "summary": .object([
                "groups": .number(groups.count), "adds": .number(tally.changes[.add]),
                "promotes": .number(tally.changes[.promote]),
                "demotes": .number(tally.changes[.demote]), "removes": .number(tally.changes[.remove]),
                "holds": .number(tally.holds), "withheld": .number(withheld), "errors": .number(tally.errors),
            ]),
            "groups": .list(noticed.prefix(NoticedGroup.most).map(\.json)),
            "groups_left_out": .number(max(0, noticed.count - NoticedGroup.most)),
            "errors": .list(errors.prefix(Self.maxErrors).map { .string(Self.masked($0)) }), "text": .string(text()),
        ]).line()
    }

    /// The most error lines in a notice.
    static let maxErrors = 10
}

extension NoticedGroup {
    fileprivate var json: JSONText {
        let key = outcome.plan.key
        return .object([
            "gateway": .string(NumberDisplay.masked.text(ofID: key.gateway.text)),
            "session": .string(NumberDisplay.masked.text(ofID: key.session.text)),
            "group": .string(RunNotice.masked(key.group.jid)), "name": .string(outcome.plan.name.map(RunNotice.masked)),
            "status": .string(outcome.status.rawValue), "adds": .number(tally.changes[.add]),
            "promotes": .number(tally.changes[.promote]), "demotes": .number(tally.changes[.demote]),
            "removes": .number(tally.changes[.remove]),
            "withheld": .number(withheld), "errors": .number(tally.errors), "error_code": .string(outcome.errorCode),
            "reason": .string(reason),
        ])
    }
}
