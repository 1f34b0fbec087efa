import GatewayAPI
import Membership
import RunLedger

/// What a fresh read of a group shows: the roles of everyone who can be told.
struct Sighting {
    private(set) var roster: Roster
    private var byLID: [LID: Role] = [:]
    private var byPhone: [PhoneNumber: Role] = [:]

    init(roster: Roster, phones: [LID: PhoneNumber]) {
        self.roster = roster
        for member in roster.members {
            switch member.account {
            case .phone(let phone): byPhone[phone] = member.role
            case .lid(let lid):
                byLID[lid] = member.role
                if let phone = phones[lid] { byPhone[phone] = member.role }
            }
        }
    }

    /// The role of a person; nil where they are not seen.
    func role(phone: PhoneNumber, lid: LID?) -> Role? { lid.flatMap { byLID[$0] } ?? byPhone[phone] }

    /// Whether the roster shows that an action has taken effect.
    func shows(_ action: PlannedAction) -> Bool {
        let role = role(phone: action.phone, lid: action.lid)
        switch action.operation {
        case .add: return role != nil
        case .promote: return role == .admin
        case .demote: return role == .member
        case .remove: return role == nil && !roster.members.isEmpty
        }
    }
}

extension GroupApplication {
    /// Reads the group until every accepted action shows, or the time to settle is over, and says what came of each.
    mutating func confirm(in worker: inout SessionWorker) async {
        let open = outcomes.indices.filter { outcomes[$0].status == .accepted }
        let sighting = await look(in: &worker) { sighting in
            open.allSatisfy { sighting.shows(plan.actions[$0]) }
        }
        guard let sighting else { return }
        note(sizeAfter: sighting.roster.members.count)
        for index in open {
            let action = plan.actions[index]
            if sighting.shows(action) {
                // Someone taken out later in the run, or demoted, confirms what came before as well.
                await settle(index, ActionOutcome(status: .confirmed), in: &worker)
            } else if action.operation == .add {
                await settle(
                    index,
                    ActionOutcome(
                        status: .declined, errorCode: "declined",
                        error: "the gateway took the call, but the person does not show in the group"),
                    in: &worker)
            } else {
                await settle(
                    index,
                    ActionOutcome(
                        status: .unknown, errorCode: "unconfirmed",
                        error: "the gateway took the call, but the roster does not show it yet"),
                    in: &worker)
            }
        }
    }

    /// Whether someone who was just added shows in the roster before the time to settle is over.
    mutating func isSeen(_ phone: PhoneNumber, in worker: inout SessionWorker) async -> Bool {
        let sighting = await look(in: &worker) { $0.role(phone: phone, lid: nil) != nil }
        return sighting?.role(phone: phone, lid: nil) != nil
    }

    /// Reads the group again and again, with growing pauses, until it shows what is hoped for or the time is over.
    ///
    /// Returns the last sighting; nil where there was none.
    private func look(
        in worker: inout SessionWorker, until isEnough: (Sighting) -> Bool
    ) async -> Sighting? {
        let time = worker.applier.time
        let settle = worker.applier.pace.settle.milliseconds
        let deadline = time.now().advanced(byMilliseconds: settle)
        var pause: Int64 = 100
        var last: Sighting?
        while true {
            do {
                let roster = try await gateway.reading.members(of: plan.key.group, of: plan.key.session)
                let contacts = try await gateway.reading.contacts(of: plan.key.session, in: plan.key.group)
                let sighting = Sighting(roster: roster, phones: contacts.phonesByLID)
                last = sighting
                if isEnough(sighting) { return sighting }
            } catch {
                if case .refused(_, let refusal) = error, refusal.status == 401 {
                    worker.applier.control.stop(.credentialsRejected)
                    return last
                }
            }
            let left = deadline.milliseconds - time.now().milliseconds
            guard left > 0 else { return last }
            do {
                try await time.sleep(for: .milliseconds(min(pause, left)))
            } catch {
                return last
            }
            pause *= 2
        }
    }
}

extension Duration {
    /// Whole milliseconds.
    var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000 + attoseconds / 1_000_000_000_000_000
    }
}

extension ActionOutcome {
    /// What a failed call makes of its action.
    init(failure: GatewayError) {
        let isUnknown: Bool =
            switch failure {
            case .noAnswer(_, let fault): fault.outcomeIsUnknown
            case .unreadable, .cancelled: true
            case .refused(_, let refusal): refusal.status >= 500 && refusal.status != 501
            }
        self.init(
            status: isUnknown ? .unknown : .failed, httpStatus: failure.httpStatus, errorCode: failure.code,
            error: failure.message)
    }
}
