import Membership
import RunLedger

extension LedgerPage {
    /// The groups in which nothing can be changed, and how to mend it.
    var failing: ListParts<FailingRow> {
        let groups = report.failing
        return ListParts(
            intro:
                "In \(groups.count.words("group")), changes fail without a reason, night after night. Most likely the session's "
                + "account is not an admin there, or is no longer in the group. Ask an admin of the group to promote the "
                + "account, or to add it again.",
            rows: groups.map(row), limit: Self.listed
        ) { "And \($0.words("group")) more." }
    }

    private func row(_ group: FailingGroup) -> FailingRow {
        FailingRow(
            group: group.name == nil ? "(no name)" : names.name(group.key), place: names.place(group.key),
            since: group.since.dayWords, age: age(since: group.since), nights: group.nights.words)
    }

    /// What the gateway took and cannot show yet.
    var unseen: ListParts<UnseenRow> {
        let unseen = report.unseen
        let oldest = unseen.listed.first.map { ", the oldest sent on \($0.sentAt.dayWords)" } ?? ""
        return ListParts(
            intro:
                "\(unseen.count.words("change")) in \(unseen.groups.words("group"))\(oldest). The gateway's next backfill "
                + "shows what came of them.",
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
