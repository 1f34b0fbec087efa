package import Core

extension SimulatedWorld {
    /// Sets a session's status; `working` is connected.
    package func setStatus(_ status: String, of session: SessionID) {
        withState { $0.sessions[session]?.seed.status = status }
    }

    /// Changes how WhatsApp and the gateway behave; store, lag and group size affect only what is created later.
    package func setBehaviour(_ change: (inout Behaviour) -> Void) {
        var behaviour = withState { $0.behaviour }
        change(&behaviour)
        withState { [behaviour] state in
            state.behaviour = behaviour
            state.accounts.strangersAreOnWhatsApp = behaviour.strangersAreOnWhatsApp
        }
    }

    /// Sets the errors in the stored copies of a group.
    package func distort(_ group: GroupID, _ distortion: RosterDistortion) {
        withState { $0.groups[group]?.seed.distortion = distortion }
    }

    /// Makes the contacts of a group, or without a group of all sessions, show or hide a person's number.
    package func setNumber(of phone: PhoneNumber, _ visibility: NumberVisibility, in group: GroupID? = nil) {
        guard let group else { return change(phone) { $0.number = visibility } }
        withState { state in
            if let lid = state.accounts.lid(reachedBy: phone) { state.groups[group]?.numbers[lid] = visibility }
        }
    }

    /// Sets where a person's adds are declined.
    package func setAdds(of phone: PhoneNumber, _ rule: AddRule) { change(phone) { $0.adds = rule } }

    /// Gives a person another number and keeps the LID.
    package func changeNumber(of phone: PhoneNumber, to other: PhoneNumber) { change(phone) { $0.phone = other } }

    /// Adds a person to a group without a request, as an invite link does.
    package func join(_ phone: PhoneNumber, _ group: GroupID, role: Role = .member) {
        change { ((), $0.join(phone, group, role, at: $1)) }
    }

    /// Makes a person leave a group.
    package func leave(_ phone: PhoneNumber, _ group: GroupID) {
        change { ((), $0.setRole(nil, of: phone, in: group, at: $1)) }
    }

    /// Sets a member's role without a request, as another admin would.
    package func setRole(_ role: Role, of phone: PhoneNumber, in group: GroupID) {
        change { ((), $0.setRole(role, of: phone, in: group, at: $1)) }
    }

    /// Makes a member write into a group; no effect for a non-member.
    package func write(_ phone: PhoneNumber, in group: GroupID) {
        change { ((), $0.carryOut(.message(phone, group), at: $1)) }
    }

    /// Backfills a session's store at once, as if somebody else had requested it; no job reports it.
    package func backfill(_ session: SessionID) { change { ((), $0.carryOut(.backfill(session), at: $1)) } }

    /// Drops all requested backfills, as a restart of the gateway does; a running one never writes.
    package func forgetBackfills() {
        change { state, _ in
            state.backfills = [:]
            return ((), nil)
        }
    }

    /// Injects a fault.
    package func inject(_ rule: FaultRule) { withState { $0.faults.add(rule) } }

    /// Ends all faults.
    package func clearFaults() { withState { $0.faults = FaultRegistry() } }

    private func change(_ phone: PhoneNumber, _ body: (inout PersonSeed) -> Void) {
        withState { state in if let lid = state.accounts.lid(reachedBy: phone) { state.accounts.update(lid, body) } }
    }
}
