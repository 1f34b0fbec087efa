import Core

extension WorldState {
    /// `GET /sessions`: the sessions of the caller's organisation.
    func listSessions(_ request: ServedRequest) -> SimulatedResponse {
        let own = sessionOrder.compactMap { sessions[$0] }.filter {
            $0.seed.organisation == request.caller?.organisation
        }
        return page(own, next: nil) { write($0, to: &$1) }
    }

    /// `GET /sessions/{session}`.
    func getSession(_ request: ServedRequest) throws(SimulatedRefusal) -> SimulatedResponse {
        let session = try session(request)
        return object { write(session, to: &$0) }
    }

    /// `GET /sessions/{session}/me`.
    func getOwnAccount(_ request: ServedRequest) throws(SimulatedRefusal) -> SimulatedResponse {
        let session = try session(request)
        if session.seed.refusesMe { throw .notImplemented("This deployment does not report the own account.") }
        guard let account = session.account.flatMap({ accounts[$0] }) else { throw .notFound("Paired account") }
        return object { writer in
            writer.field("sessionId", session.id.text)
            writer.field("connected", session.isConnected)
            writer.field("status", session.seed.status)
            writer.field("phoneNumber", account.phone.e164)
            writer.field("waJid", ownJID(account, session))
            writer.field("waLid", session.account?.description)
        }
    }

    private func write(_ session: SessionState, to writer: inout JSONWriter) {
        let account = session.account.flatMap { accounts[$0] }
        writer.field("id", session.id.text)
        // The API allows it to be absent, but not null.
        if let label = session.seed.label { writer.field("label", label) }
        writer.field("status", session.seed.status)
        writer.field("waJid", account.map { ownJID($0, session) })
        writer.field("waLid", session.account?.description)
        writer.field("phoneNumber", account?.phone.e164)
        writer.field("ratePerMin", session.seed.ratePerMinute)
        writer.field("ratePerHour", session.seed.ratePerHour)
        writer.field("organizationId", session.seed.organisation)
        writer.field("lastConnectedAt", account == nil ? nil : session.updatedAt.milliseconds)
        writer.field("updatedAt", session.updatedAt.milliseconds)
    }

    private func ownJID(_ account: PersonSeed, _ session: SessionState) -> String {
        guard let device = session.seed.device else { return account.phone.jid }
        return "\(account.phone.digits):\(device)@s.whatsapp.net"
    }
}

extension WorldState {
    /// Returns an answer with an object whose fields the closure writes.
    func object(status: Int = 200, _ fields: (inout JSONWriter) -> Void) -> SimulatedResponse {
        var writer = writer
        writer.object(fields)
        return .json(writer, status: status)
    }

    /// Returns a page of a list, whose fields of each entry the closure writes; without a cursor it is the last one.
    func page<Entries: Collection>(
        _ entries: Entries, next: PageCursor?, _ fields: (Entries.Element, inout JSONWriter) -> Void
    ) -> SimulatedResponse {
        object { writer in
            if behaviour.emptyDataIsNull, entries.isEmpty {
                writer.field("data") { $0.value(nil) }
            } else {
                writer.list("data", entries, fields)
            }
            let extra = next == nil || endless?.pages == .repeated ? endless?.next : nil
            let cursor = (extra ?? next)?.text ?? (behaviour.endOfList == .empty ? "" : nil)
            if cursor != nil || behaviour.endOfList == .null { writer.field("nextCursor") { $0.value(cursor) } }
        }
    }
}
