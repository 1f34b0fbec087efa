import Core
import GatewayAPI
import RunLedger

/// One group as it was read from the gateway, not interpreted yet.
struct RawGroup: Sendable {
    let record: GroupRecord
    let rows: Roster
    let own: OwnAccount?
    let sessionStatus: String?
}

extension StoreMemory {
    /// How long after a removal an unchanged row proves that the store does not follow changes, in milliseconds.
    private static let followDelay: Int64 = 3_600_000

    /// Whether the rows prove that the session's store keeps itself current, or that it does not; nil if neither.
    ///
    /// A store that does not follow keeps the row of a removed member, and shows a new role only after the next
    /// snapshot.
    func findsToFollow(_ rows: Roster, _ record: GroupRecord, at now: Timestamp) -> Bool? {
        let stored = StoredRoster(rows, record: record, remembered: snapshot, followsChanges: false)
        let taken = calls.filter(\.wasAccepted)
        if followsChanges {
            // A store that follows changes keeps no row of a member who has gone.
            if !stored.gone.isEmpty { return false }
            let isContradicted = taken.contains { call in
                guard call.operation == .remove, let lid = call.lid,
                    now.milliseconds - call.answeredAt.milliseconds > Self.followDelay
                else { return false }
                return rows.members.contains { row in
                    row.account == .lid(lid) && (row.lastSeenAt.map { $0 <= call.answeredAt } ?? false)
                }
            }
            return isContradicted ? false : nil
        }
        guard case .snapshot(let moment) = stored.basis else { return nil }
        let isFollowed = taken.contains { call in
            guard let lid = call.lid else { return false }
            switch call.operation {
            case .remove: return !rows.lists(.lid(lid))
            case .promote: return showsPromotion(of: lid, in: rows, at: moment, besides: call.id)
            case .add, .demote: return false
            }
        }
        return isFollowed ? true : nil
    }

    /// Whether a row as old as a known snapshot shows a member as an admin who was not one then.
    ///
    /// A newer row proves nothing, as a running backfill may have written it. Nor does the row of a member whose role
    /// other calls of ours change.
    func showsPromotion(of lid: LID, in rows: Roster, at moment: Timestamp, besides id: Int64? = nil) -> Bool {
        guard let snapshot, snapshot.takenAt == moment, !snapshot.admins.contains(.lid(lid)),
            !calls.contains(where: { $0.lid == lid && $0.id != id })
        else { return false }
        return rows.members.contains { $0.account == .lid(lid) && $0.role == .admin && $0.lastSeenAt == moment }
    }
}
