import Core
import RunLedger

extension LedgerPage {
    /// The groups in which no change succeeds, and how to fix them.
    var failing: ListParts<FailingRow> {
        let groups = report.failing
        return ListParts(
            intro:
                "In \(groups.count.words("group")), changes fail every night without a reason. Most likely the session's "
                + "account is not an admin or no longer a member. Ask an admin of the group to promote or add the account.",
            rows: groups.map(row), limit: Self.listed
        ) { "And \($0.words("group")) more." }
    }

    private func row(_ group: FailingGroup) -> FailingRow {
        FailingRow(
            group: group.name == nil ? "(no name)" : names.name(group.key), address: names.address(group.key),
            since: group.since.dayWords, age: age(since: group.since), nights: group.nights.words)
    }

    /// The changes that were sent and are not confirmed yet.
    var unseen: ListParts<UnseenRow> {
        let unseen = report.unseen
        let oldest = unseen.listed.first.map { ", the oldest sent on \($0.sentAt.dayWords)" } ?? ""
        return ListParts(
            intro:
                "\(unseen.count.words("change")) in \(unseen.groups.words("group"))\(oldest). Their effect shows "
                + "when the gateway reads the groups from WhatsApp again (a backfill).",
            rows: unseen.listed.map(row), more: unseen.count - unseen.listed.count
        ) { "And \($0.words("change")) more, sent later." }
    }

    private func row(_ change: UnseenChange) -> UnseenRow {
        UnseenRow(
            person: change.person.map(numbers.text(in:)),
            phone: numbers.text(change.phone, orElse: change.lid), group: names.name(change.key),
            operation: change.operation.rawValue, since: change.sentAt.dayWords, age: age(since: change.sentAt))
    }
}
