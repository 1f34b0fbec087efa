import Membership

extension WorldState {
    /// Lets everything happen that was due by a moment, in the order of the times; answers which groups were changed.
    ///
    /// In one moment the events come first, then the backfills that end in it.
    mutating func catchUp(to now: Timestamp) -> [WorldChange] {
        var changes: [WorldChange] = []
        while true {
            let job = backfills.values.filter { $0.state == .running && $0.endsAt <= now }
                .min { ($0.endsAt, $0.id) < ($1.endsAt, $1.id) }
            let limit = job?.endsAt ?? now
            if let time = schedule.nextTime, time <= limit, let next = schedule.next() {
                if let change = carryOut(next.event, at: time) { changes.append(change) }
            } else if let job {
                finish(job)
            } else {
                return changes
            }
        }
    }

    /// Lets an event happen; tells of a group that may have become another one.
    mutating func carryOut(_ event: WorldEvent, at now: Timestamp) -> WorldChange? {
        switch event {
        case .message(let phone, let id):
            guard let lid = accounts.account(reachedBy: phone)?.lid else { return nil }
            noteMessage(of: lid, in: id, now: now)
            return nil
        case .join(let phone, let id):
            guard let lid = accounts.account(reachedBy: phone)?.lid else { return nil }
            groups[id]?.join(lid, role: .member, at: now)
            return spreadByHand(id, newcomer: lid, now: now)
        case .leave(let phone, let id):
            guard let lid = accounts.account(reachedBy: phone)?.lid else { return nil }
            groups[id]?.leave(lid)
            return spreadByHand(id, newcomer: nil, now: now)
        case .backfill(let session):
            backfill(session, at: now)
            return nil
        }
    }

    /// Tells every session that sees a group that it changed without any request.
    mutating func spreadByHand(_ id: GroupID, newcomer: LID?, now: Timestamp) -> WorldChange? {
        spread(id, newcomer: newcomer, now: now)
        return trueGroup(id).map { WorldChange(sequence: 0, session: nil, effects: [], group: $0) }
    }

    /// Shows a member's message to the sessions whose accounts are in the group.
    private mutating func noteMessage(of lid: LID, in id: GroupID, now: Timestamp) {
        guard let group = groups[id], group.role(of: lid) != nil else { return }
        for session in group.sessions {
            guard let account = sessions[session]?.account, group.role(of: account) != nil else { continue }
            sessions[session]?.noteMessage(of: lid, in: id, now: now)
        }
    }
}
