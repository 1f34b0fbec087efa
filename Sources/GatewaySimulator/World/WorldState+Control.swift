import Core

extension WorldState {
    /// Serves the paths below `/_simulator/`, which are not part of the gateway's API.
    mutating func answerControl(_ request: SimulatedRequest, now: Timestamp) -> (SimulatedResponse, WorldChange?) {
        writer = JSONWriter()
        let path = String(request.path.prefix { $0 != "?" }.dropFirst(SimulatedWorld.controlPrefix.count))
        if let kind = WorldEvent.kinds.first(where: { $0 + "s" == path }) {
            guard request.method == "POST" else { return (.refusal(.wrongMethod(allowed: "POST")), nil) }
            return runEvent(kind, request.body, now: now)
        }
        switch (request.method, path) {
        case ("GET", "journal"): return (journalAnswer(), nil)
        case ("DELETE", "journal"):
            journal.clear()
            return (.done, nil)
        case ("GET", "state"): return (stateAnswer(), nil)
        case ("POST", "faults"): return (addFaults(request.body), nil)
        case ("DELETE", "faults"):
            faults = FaultRegistry()
            return (.done, nil)
        case (_, "faults"): return (.refusal(.wrongMethod(allowed: "POST, DELETE")), nil)
        case (_, "journal"): return (.refusal(.wrongMethod(allowed: "GET, DELETE")), nil)
        case (_, "state"): return (.refusal(.wrongMethod(allowed: "GET")), nil)
        default: return (.refusal(.notFound("Path")), nil)
        }
    }

    /// Makes an event happen, written as in a schedule; refuses an event that would change nothing.
    private mutating func runEvent(
        _ kind: String, _ body: [UInt8], now: Timestamp
    ) -> (SimulatedResponse, WorldChange?) {
        do {
            let event = try WorldEvent.read(kind, body, file: "body")
            if let obstacle = obstacle(to: event) { return (.refusal(.invalid(obstacle)), nil) }
            return (.done, carryOut(event, at: now))
        } catch {
            return (.refusal(.invalid(error.description)), nil)
        }
    }

    /// Returns why an event cannot happen or would change nothing; nil if it can happen.
    private mutating func obstacle(to event: WorldEvent) -> String? {
        switch event {
        case .message(let phone, let id), .leave(let phone, let id):
            guard let group = groups[id] else { return "There is no group \(id)." }
            let role = accounts.lid(reachedBy: phone).flatMap { group.role(of: $0) }
            return role == nil ? "\(phone) is not a member of the group \(id)." : nil
        case .join(let phone, let id):
            guard let group = groups[id] else { return "There is no group \(id)." }
            guard let lid = accounts.lid(reachedBy: phone) else { return "\(phone) is not on WhatsApp." }
            return group.role(of: lid) == nil ? nil : "\(phone) is already a member of the group \(id)."
        case .backfill(let session): return sessions[session] == nil ? "There is no session \(session)." : nil
        }
    }

    /// Adds a list of rules, written as under `faults` in a seed file; all of them or none.
    private mutating func addFaults(_ body: [UInt8]) -> SimulatedResponse {
        do {
            for rule in try FaultRule.readList(body, file: "body") { faults.add(rule) }
            return .done
        } catch {
            return .refusal(.invalid(error.description))
        }
    }

    private func journalAnswer() -> SimulatedResponse {
        object { writer in
            writer.list("entries", journal.entries) { entry, writer in
                writer.field("sequence", entry.sequence)
                writer.field("time", entry.time.iso8601)
                writer.field("method", entry.method)
                writer.field("path", entry.path)
                writer.field("caller", entry.caller)
                writer.field("body", entry.body)
                writer.field("status", entry.status)
                writer.field("faulty", entry.isFaulty)
                writer.list("effects", entry.effects) { effect, writer in
                    writer.field("group", effect.group.jid)
                    writer.field("phone", effect.phone.e164)
                    writer.field("lid", effect.lid?.description)
                    writer.field("outcome", effect.outcome.rawValue)
                }
            }
        }
    }

    private func stateAnswer() -> SimulatedResponse {
        object { writer in
            writer.list("groups", groups.keys.sorted().compactMap { trueGroup($0) }) { group, writer in
                writer.field("group", group.id.jid)
                writer.field("subject", groups[group.id]?.seed.subject)
                writer.field("creator", group.creator?.e164)
                writer.list("members", group.members) { member, writer in
                    writer.field("phone", member.phone.e164)
                    writer.field("lid", member.lid.description)
                    writer.field("role", member.role.rawValue)
                }
            }
        }
    }
}
