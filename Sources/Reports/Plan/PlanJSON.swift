package import Core
package import Reconciliation
package import RunLedger

/// A plan as JSON, in the format `rollcall.plan/1`.
package enum PlanJSON {
    /// The name of the format.
    static let format = "rollcall.plan/1"

    /// Returns the plan with its id and creation time; `others` are further members for a saved plan.
    package static func document(
        _ plan: Plan, id: RunID, createdAt: Timestamp, besides others: [String: JSONText] = [:]
    ) -> JSONText {
        let summary = plan.summary
        return .object([
            "format": .string(format), "id": .string(id.text), "created_at": .string(createdAt.iso8601),
            "policy_digest": .string(plan.policyDigest),
            "summary": .object([
                "groups": .number(summary.groups), "changed": .number(summary.changed),
                "add": .number(summary.count(.add)), "promote": .number(summary.count(.promote)),
                "demote": .number(summary.count(.demote)), "remove": .number(summary.count(.remove)),
                "hold": .number(summary.holds), "errors": .number(summary.errors),
            ]),
            "groups": .list(plan.groups.map(group)),
        ]).adding(others)
    }

    private static func group(_ group: GroupPlan) -> JSONText {
        .object([
            "name": .string(group.name), "size": .number(group.size),
            "roster_digest": .string(group.rosterDigest), "actions": .list(group.actions.map(action)),
            "holds": .list(group.holds.map(hold)),
            "warnings": .list(
                group.warnings.map { warning in
                    .object([
                        "kind": .string(warning.kind), "phone": .string(warning.phone?.e164),
                        "message": .string(warning.message),
                    ])
                }),
            "invite_link": .string(group.inviteLink),
            "error": group.fault.map { .object(["code": .string($0.code), "message": .string($0.message)]) } ?? .null,
        ]).adding(group.key.json())
    }

    private static func action(_ action: PlannedAction) -> JSONText {
        .object([
            "op": .string(action.operation.rawValue), "phone": .string(action.phone?.e164),
            "jid": .string(action.account.description), "lid": .string(action.lid?.description),
            "person": .string(action.person), "source": .string(action.source.description),
            "reason": .string(action.reason),
        ])
    }

    private static func hold(_ hold: Hold) -> JSONText {
        .object([
            "kind": .string(hold.kind), "lid": .string(hold.lid?.description), "phone": .string(hold.phone?.e164),
            "person": .string(hold.person), "message": .string(hold.message),
        ])
    }
}
