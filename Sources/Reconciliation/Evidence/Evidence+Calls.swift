import Core
import RunLedger

/// What the gateway's data says about an accepted call.
enum CallVerdict: Hashable {
    /// The call took effect.
    case shown
    /// The call had no effect, or somebody undid it.
    case notShown
    /// The gateway's store could not have shown the effect yet.
    case cannotTell
}

extension Evidence {
    /// Returns every entry that may be the person of a call.
    func entries(of call: OpenCall) -> FoundEntries {
        let found = entries(phone: call.phone, lid: call.lid)
        return found.isEmpty ? entries(of: call.account) : found
    }

    /// Finds a member by LID, by the account that WhatsApp knows, or by the policy's number; nil if not listed.
    func member(lid: LID?, account: AccountID, phone: PhoneNumber?) -> SeenMember? {
        let position =
            firstPosition(of: entries(phone: nil, lid: lid)) ?? firstPosition(of: entries(of: account))
            ?? firstPosition(of: entries(phone: phone, lid: nil))
        return position.map { members[$0] }
    }

    /// Whether a role in the current member list shows that an action took effect; nil means not listed.
    func shows(_ operation: Operation, as role: Role?) -> Bool {
        switch operation {
        case .add: role != nil
        case .promote: role == .admin
        case .demote: role == .member
        case .remove: role == nil && !members.isEmpty
        }
    }

    /// Judges a call by the gateway's store, whatever calls were sent later.
    func verdict(on call: OpenCall) -> CallVerdict {
        verdict(
            on: call.operation, lid: call.lid, account: call.account, phone: call.phone, answeredAt: call.answeredAt)
    }

    /// Judges a call that was answered at a moment.
    ///
    /// A snapshot judges calls answered before it; a later row only proves that somebody was there.
    func verdict(
        on operation: Operation, lid: LID?, account: AccountID, phone: PhoneNumber?, answeredAt: Timestamp
    ) -> CallVerdict {
        if stored.basis == .list {
            return shows(operation, as: member(lid: lid, account: account, phone: phone)?.role) ? .shown : .notShown
        }
        let isSnapshotLater = stored.provenAt.map { $0 > answeredAt } ?? false
        // A row from before an opposite call of ours, which the store could not show, does not confirm this call.
        func isReversal(of opposites: Set<Operation>) -> Bool {
            !isSnapshotLater && comesAfter(opposites, lid: lid, account: account, phone: phone, answeredAt: answeredAt)
        }
        let member = storedMember(lid: lid, account: account, phone: phone)
        let isSeenLater = member.map { stored.isLater($0.lastSeenAt, than: answeredAt) } ?? false
        switch operation {
        case .add:
            if wasSeen(lid: lid, account: account, phone: phone, after: answeredAt) { return .shown }
            if member != nil { return !isSeenLater && isReversal(of: [.remove]) ? .cannotTell : .shown }
            return isSnapshotLater ? .notShown : .cannotTell
        case .remove:
            if member == nil { return isSnapshotLater ? .shown : .cannotTell }
            return isSeenLater ? .notShown : .cannotTell
        case .promote:
            guard let member else { return isSnapshotLater ? .notShown : .cannotTell }
            if member.role == .admin { return isReversal(of: [.demote, .remove]) ? .cannotTell : .shown }
            return isSnapshotLater && member.roleStatus == .plain ? .notShown : .cannotTell
        case .demote:
            guard let member else { return isSnapshotLater ? .shown : .cannotTell }
            guard isSnapshotLater, member.roleStatus != .perhapsAdmin else { return .cannotTell }
            return member.role == .member ? .shown : .notShown
        }
    }

    /// Whether an earlier accepted call of some kinds exists that the store could not have shown yet.
    private func comesAfter(
        _ operations: Set<Operation>, lid: LID?, account: AccountID, phone: PhoneNumber?, answeredAt: Timestamp
    ) -> Bool {
        calls.contains { call in
            guard call.wasAccepted, call.answeredAt <= answeredAt, operations.contains(call.operation),
                stored.provenAt.map({ $0 <= call.answeredAt }) ?? true
            else { return false }
            if call.account == account { return true }
            if let lid, call.lid == lid { return true }
            if let phone, call.phone == phone || call.lid.flatMap({ phones[$0] }) == phone { return true }
            return lid.flatMap { phones[$0] }.map { $0 == call.phone } ?? false
        }
    }

    /// Returns the store's row of a person; nil if there is none.
    private func storedMember(lid: LID?, account: AccountID, phone: PhoneNumber?) -> RosterMember? {
        stored.roster.members.first { isSame($0.account, lid: lid, account: account, phone: phone) }
    }

    /// Whether a person who is gone was still seen after a moment.
    private func wasSeen(lid: LID?, account: AccountID, phone: PhoneNumber?, after moment: Timestamp) -> Bool {
        stored.gone.contains { row in
            stored.isLater(row.lastSeenAt, than: moment)
                && isSame(row.account, lid: lid, account: account, phone: phone)
        }
    }

    /// Whether an entry's account is a person's, by LID or by a known number.
    private func isSame(_ entry: AccountID, lid: LID?, account: AccountID, phone: PhoneNumber?) -> Bool {
        if entry == account || entry == lid.map(AccountID.lid) || entry == phone.map(AccountID.phone) { return true }
        guard case .lid(let listed) = entry, let known = phones[listed] else { return false }
        return known == phone || account == .phone(known)
    }
}
