package import Membership

extension SimulatedWorld {
    /// Gives a session another status; `working` is connected.
    package func setStatus(_ status: String, of session: SessionID) {
        withState { $0.sessions[session]?.status = status }
    }

    /// Makes a session's stored copies lag from now on.
    package func setLag(_ lag: Lag, of session: SessionID) {
        withState { $0.sessions[session]?.lag = lag }
    }

    /// Changes how WhatsApp and the gateway behave; store, lag and group size hold for what is made
    /// from now on.
    package func setBehaviour(_ change: (inout Behaviour) -> Void) {
        var behaviour = withState { $0.behaviour }
        change(&behaviour)
        withState { [behaviour] state in
            state.behaviour = behaviour
            state.accounts.strangersAreOnWhatsApp = behaviour.strangersAreOnWhatsApp
        }
    }

    /// Says what the stored copies of a group get wrong.
    package func distort(_ group: GroupID, _ distortion: RosterDistortion) {
        withState { $0.groups[group]?.distortion = distortion }
    }

    /// Makes the contacts of a group, or of all sessions where none is named, show or hide a person's number.
    package func setNumber(of phone: PhoneNumber, _ visibility: NumberVisibility, in group: GroupID? = nil) {
        withState { state in
            guard let lid = state.accounts.account(reachedBy: phone)?.lid else { return }
            guard let group else { return state.accounts.update(lid) { $0.number = visibility } }
            state.groups[group]?.numbers[lid] = visibility
        }
    }

    /// Says where a person lets nobody add them.
    package func setAdds(of phone: PhoneNumber, _ rule: AddRule) {
        withState { state in
            guard let lid = state.accounts.account(reachedBy: phone)?.lid else { return }
            state.accounts.update(lid) { $0.adds = rule }
        }
    }

    /// Gives a person another number; the LID stays.
    package func changeNumber(of phone: PhoneNumber, to other: PhoneNumber) {
        withState { state in
            guard let lid = state.accounts.account(reachedBy: phone)?.lid else { return }
            state.accounts.update(lid) { $0.phone = other }
        }
    }

    /// Lets a person join a group without any request, for example by its invite link.
    package func join(_ phone: PhoneNumber, _ group: GroupID, role: Role = .member) {
        change { state, now in
            guard let lid = state.accounts.account(reachedBy: phone)?.lid else { return nil }
            state.groups[group]?.join(lid, role: role, at: now)
            return state.spreadByHand(group, newcomer: lid, now: now)
        }
    }

    /// Lets a person leave a group of their own will.
    package func leave(_ phone: PhoneNumber, _ group: GroupID) {
        change { $0.carryOut(.leave(phone, group), at: $1) }
    }

    /// Gives a member of a group a role without any request, as another admin would.
    package func setRole(_ role: Role, of phone: PhoneNumber, in group: GroupID) {
        change { state, now in
            guard let lid = state.accounts.account(reachedBy: phone)?.lid else { return nil }
            state.groups[group]?.setRole(role, of: lid)
            return state.spreadByHand(group, newcomer: nil, now: now)
        }
    }

    /// Lets a member write into a group; nothing happens where they are none.
    package func write(_ phone: PhoneNumber, in group: GroupID) {
        change { $0.carryOut(.message(phone, group), at: $1) }
    }

    /// Backfills a session's store at once, as if somebody else had asked for it; no job tells of it.
    package func backfill(_ session: SessionID) {
        change { $0.carryOut(.backfill(session), at: $1) }
    }

    /// Loses all backfills that were asked for, as a restart of the gateway does; one that runs never writes.
    package func forgetBackfills() {
        change { state, _ in
            state.backfills = [:]
            return nil
        }
    }

    /// Makes a fault happen on demand.
    package func inject(_ rule: FaultRule) { withState { $0.faults.add(rule) } }

    /// Ends all faults.
    package func clearFaults() { withState { $0.faults = FaultBook() } }

    private func change(_ body: (inout WorldState, Timestamp) -> WorldChange?) {
        let now = now()
        let changes = withState { state -> [WorldChange] in
            let earlier = state.catchUp(to: now)
            return earlier + (body(&state, now).map { [$0] } ?? [])
        }
        for change in changes { tellObserver(of: change) }
    }
}
