import Core
package import RunLedger

/// Past runs as JSON, with the ledger's column names.
package enum RunJSON {
    /// Returns a list of runs.
    package static func list(_ runs: [RunRecord]) -> JSONText { .list(runs.map(run)) }

    /// One run in full.
    package static func detail(
        _ record: RunRecord, groups: [GroupRunRecord], actions: [ActionRecord], holds: [HoldRecord]
    ) -> JSONText {
        run(record).adding([
            "groups": .list(groups.map(group)), "actions": .list(actions.map(action)), "holds": .list(holds.map(hold)),
        ])
    }

    private static func run(_ run: RunRecord) -> JSONText {
        .object([
            "id": .string(run.id.text), "command": .string(run.command), "started_at": .string(run.startedAt.iso8601),
            "finished_at": .string(run.finishedAt?.iso8601), "status": .string(run.status.rawValue),
            "exit_code": .number(run.exitCode), "policy_digest": .string(run.policyDigest),
            "version": .string(run.version), "host": .string(run.host),
            "counts": .object([
                "adds": .number(run.tally.changes[.add]), "promotes": .number(run.tally.changes[.promote]),
                "demotes": .number(run.tally.changes[.demote]), "removes": .number(run.tally.changes[.remove]),
                "holds": .number(run.tally.holds), "errors": .number(run.tally.errors),
            ]),
        ])
    }

    private static func group(_ group: GroupRunRecord) -> JSONText {
        .object([
            "name": .string(group.name), "status": .string(group.status.rawValue),
            "size_before": .number(group.sizeBefore), "size_after": .number(group.sizeAfter),
            "roster_digest": .string(group.rosterDigest), "error_code": .string(group.errorCode),
            "error": .string(group.error),
        ]).adding(group.key.json(id: "group_jid"))
    }

    private static func action(_ action: ActionRecord) -> JSONText {
        .object([
            "seq": .number(action.sequence), "op": .string(action.operation.rawValue),
            "phone": .string(action.phone?.e164), "lid": .string(action.lid?.description),
            "person": .string(action.person), "source": .string(action.source),
            "status": .string(action.status.rawValue), "attempts": .number(action.attempts),
            "http_status": .number(action.httpStatus), "error_code": .string(action.errorCode),
            "error": .string(action.error), "planned_at": .string(action.plannedAt.iso8601),
            "sent_at": .string(action.sentAt?.iso8601), "finished_at": .string(action.finishedAt?.iso8601),
        ]).adding(action.key.json(id: "group_jid"))
    }

    private static func hold(_ hold: HoldRecord) -> JSONText {
        .object([
            "kind": .string(hold.kind), "phone": .string(hold.phone?.e164), "lid": .string(hold.lid?.description),
            "person": .string(hold.person), "message": .string(hold.message),
        ]).adding(hold.key.json(id: "group_jid"))
    }
}
