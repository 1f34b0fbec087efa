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
        return json { write(session, to: &$0) }
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
        writer.object { writer in
            writer.field("id", session.id.text)
            // The API allows it to be absent, but not null.
            if let label = session.seed.label { writer.field("label", label) }
            writer.field("status", session.seed.status)
            writer.field("waJid", account.map { ownJID($0, session) })
            writer.field("waLid", session.account?.description)
            writer.field("phoneNumber", account?.phone.e164)
            writer.field("ratePerMin", session.seed.ratePerMinute.map(Int64.init))
            writer.field("ratePerHour", session.seed.ratePerHour.map(Int64.init))
            writer.field("organizationId", session.seed.organisation)
            writer.field("lastConnectedAt", account == nil ? nil : session.updatedAt.milliseconds)
            writer.field("updatedAt", session.updatedAt.milliseconds)
        }
    }

    private func ownJID(_ account: PersonSeed, _ session: SessionState) -> String {
        guard let device = session.seed.device else { return account.phone.jid }
        return "\(account.phone.digits):\(device)@s.whatsapp.net"
    }
}

extension WorldState {
    /// Returns an answer whose JSON the closure writes.
    func json(status: Int = 200, _ write: (inout JSONWriter) -> Void) -> SimulatedResponse {
        var writer = JSONWriter()
        writer.omitsNulls = behaviour.omitsNulls
        write(&writer)
        return .json(writer, status: status)
    }

    /// Returns an answer with an object whose fields the closure writes.
    func object(_ fields: (inout JSONWriter) -> Void) -> SimulatedResponse { json { $0.object(fields) } }

    /// Returns a page of a list; without a cursor it is the last one.
    func page<Entries: Collection>(
        _ entries: Entries, next: PageCursor?, _ write: (Entries.Element, inout JSONWriter) -> Void
    ) -> SimulatedResponse {
        object { writer in
            writer.data(entries, emptyIsNull: behaviour.emptyDataIsNull, write)
            behaviour.endOfList.write(next?.text, to: &writer)
        }
    }
}

extension EndOfList {
    /// Writes the `nextCursor` field: a cursor, or the mark of the last page.
    func write(_ cursor: String?, to writer: inout JSONWriter) {
        if let cursor { return writer.field("nextCursor", cursor) }
        switch self {
        case .null:
            writer.key("nextCursor")
            writer.null()
        case .empty: writer.field("nextCursor", "")
        case .absent: break
        }
    }
}
