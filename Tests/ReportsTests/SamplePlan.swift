import Core
import GatewayAPI
import Reconciliation
import RunLedger

/// A plan with some of everything, in which a test can choose every untrusted text.
struct SamplePlan {
    /// The untrusted text, used wherever a plan repeats one.
    var text = "Larkhill"

    static let policyDigest = "sha256:" + String(repeating: "ab", count: 32)

    private func source(_ line: Int) -> SourceLocation {
        SourceLocation(file: "policies/\(text).yaml", line: line, column: 9)
    }

    private func action(
        _ operation: Core.Operation, _ person: UInt64, named name: String? = nil, reason: String? = nil
    ) throws -> PlannedAction {
        PlannedAction(
            operation: operation, phone: try SampleReport.phone(person), person: name, source: source(Int(person) + 1),
            reason: reason)
    }

    private func lid(_ number: UInt64) -> LID? { LID(digits: 100_000_000_000_000 + number) }

    private func group(_ number: Int, _ name: String?, size: Int?) throws -> GroupPlan {
        GroupPlan(key: try SampleReport.key(number), name: name, size: size, limits: Limits())
    }

    /// Returns five groups; one matches its policy.
    func plan() throws -> Plan {
        var changed = try group(1, text, size: 42)
        changed.actions = [
            try action(.add, 1, named: text), try action(.promote, 2), try action(.demote, 3, named: "dev"),
            try action(.remove, 4, reason: "not in the policy"),
        ]
        changed.holds = [
            Hold(
                reason: .declined(tries: 2, lastTriedAt: SampleReport.noon(1), dueAt: SampleReport.noon(4)),
                phone: try SampleReport.phone(5), person: text),
            Hold(reason: .ownAccount, phone: try SampleReport.phone(0)),
            Hold(reason: .unresolved, lid: lid(1)), Hold(reason: .unresolved, lid: lid(2)),
        ]
        changed.warnings = [
            .nameDiffers(policy: "x", subject: text),
            .flapping(try SampleReport.phone(6), person: text, ActionCounts(adds: 3, removes: 1)),
        ]
        changed.inviteLink = "https://chat.whatsapp.com/AbCdEf\(text)"
        var withheld = try group(2, "Clinic", size: 4)
        withheld.holds = [
            Hold(reason: .withheld(.remove, .groupLimit(planned: 9, allowed: 3)), phone: try SampleReport.phone(7))
        ]
        var failed = try group(3, nil, size: nil)
        failed.fault = .notReadAgain(text)
        var stale = try group(4, "Choir", size: 3)
        stale.fault = .stale(.rosterChanged)
        return Plan(
            policyDigest: Self.policyDigest, groups: [changed, withheld, failed, stale, try group(5, "Quiet", size: 3)])
    }
}
