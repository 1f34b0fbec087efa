import Core

extension WorldState {
    /// Carries out everything due by a time, in order; returns the changes of groups.
    ///
    /// At the same time, events come before the ends of backfills.
    mutating func catchUp(to now: Timestamp) -> [WorldChange] {
        var changes: [WorldChange] = []
        while true {
            let job = backfills.values.filter { $0.state == .running && $0.endsAt <= now }
                .min { ($0.endsAt, $0.id) < ($1.endsAt, $1.id) }
            let limit = job?.endsAt ?? now
            if let next = schedule.last, next.time <= limit {
                schedule.removeLast()
                if let change = carryOut(next.event, at: next.time) { changes.append(change) }
            } else if let job {
                finish(job)
            } else {
                return changes
            }
        }
    }

    /// Carries out an event; returns the group that may have changed.
    mutating func carryOut(_ event: WorldEvent, at now: Timestamp) -> WorldChange? {
        switch event {
        case .message(let phone, let id):
            guard let lid = accounts.lid(reachedBy: phone) else { return nil }
            noteMessage(of: lid, in: id, now: now)
            return nil
        case .join(let phone, let id): return join(phone, id, .member, at: now)
        case .leave(let phone, let id): return setRole(nil, of: phone, in: id, at: now)
        case .backfill(let session):
            backfill(session, at: now)
            return nil
        }
    }

    /// Adds a person to a group without a request; returns the group.
    mutating func join(_ phone: PhoneNumber, _ id: GroupID, _ role: Role, at now: Timestamp) -> WorldChange? {
        guard let lid = accounts.lid(reachedBy: phone) else { return nil }
        groups[id]?.join(lid, role: role, at: now)
        return spreadWithoutRequest(id, newcomer: lid, now: now)
    }

    /// Sets a member's role, or without a role removes the member, without a request; returns the group.
    mutating func setRole(_ role: Role?, of phone: PhoneNumber, in id: GroupID, at now: Timestamp) -> WorldChange? {
        guard let lid = accounts.lid(reachedBy: phone) else { return nil }
        groups[id]?.setRole(role, of: lid)
        return spreadWithoutRequest(id, newcomer: nil, now: now)
    }

    private mutating func spreadWithoutRequest(_ id: GroupID, newcomer: LID?, now: Timestamp) -> WorldChange? {
        spread(id, newcomer: newcomer, now: now)
        return trueGroup(id).map { WorldChange(sequence: 0, session: nil, effects: [], group: $0) }
    }

    /// Shows a member's message to the sessions whose accounts are in the group.
    private mutating func noteMessage(of lid: LID, in id: GroupID, now: Timestamp) {
        guard let group = groups[id], group.role(of: lid) != nil else { return }
        for session in group.seed.sessions {
            guard let account = sessions[session]?.account, group.role(of: account) != nil else { continue }
            sessions[session]?.noteMessage(of: lid, in: id, now: now)
        }
    }
}
