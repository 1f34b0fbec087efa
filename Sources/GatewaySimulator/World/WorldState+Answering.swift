import Core

/// A request while it is served: what it asks for, and its results so far.
struct ServedRequest {
    /// The request as received.
    let received: SimulatedRequest
    /// Who its login token identifies; nil without a valid one.
    let login: Caller?
    /// The request's number.
    let sequence: Int
    /// When it arrived.
    let now: Timestamp
    /// The path and the query.
    var target: RequestTarget
    /// The caller; nil if the token was invalid.
    var caller: Caller?
    /// The ids in the path, unchecked: the session, then the group or contact, then the member.
    var names: [String] = []
    /// What happened to each person.
    var effects: [ParticipantEffect] = []
    /// The session that acted on a group.
    var session: SessionID?

    /// Describes a request that nothing has happened to yet.
    init(_ received: SimulatedRequest, login: Caller?, sequence: Int, now: Timestamp) {
        self.received = received
        self.login = login
        self.sequence = sequence
        self.now = now
        target = RequestTarget(received.path)
    }
}

extension WorldState {
    /// Serves a request as if there were no faults; a refusal is an answer too.
    mutating func answer(_ request: inout ServedRequest) -> SimulatedResponse {
        do {
            return try route(&request).serve(&self, &request)
        } catch {
            // Nothing throws anything else.
            return .refusal(error as? SimulatedRefusal ?? .masked, in: writer)
        }
    }

    /// Returns the call that a request asks for, if its caller may make it.
    private func route(_ request: inout ServedRequest) throws(SimulatedRefusal) -> GatewayRoute {
        let received = request.received
        let segments = request.target.segments
        guard segments?.starts(with: ["api", "v1"]) ?? received.path.hasPrefix("/api/v1/") else {
            throw .notFound("Path")
        }
        request.caller = caller(of: received, login: request.login)
        guard let caller = request.caller else { throw .unauthorized }
        guard let segments else { throw .invalid("The path is not properly percent-encoded.") }
        let (calls, names) = GatewayRoute.find(segments.dropFirst(2))
        guard !calls.isEmpty else { throw .notFound("Path") }
        guard let route = calls.first(where: { $0.method == received.method }) else {
            throw .wrongMethod(allowed: calls.map(\.method).joined(separator: ", "))
        }
        request.names = names
        switch route.requirement {
        case .permission(let needed) where !caller.permissions.contains(needed):
            throw .forbidden("The token lacks the permission '\(needed.rawValue)'.")
        case .superAdmin where !caller.isSuperAdmin:
            throw .forbidden("This needs a login token of a platform super_admin.")
        case .token, .permission, .superAdmin: return route
        }
    }

    /// Tries both kinds of token, wherever the request has them.
    private func caller(of request: SimulatedRequest, login: Caller?) -> Caller? {
        if let login, organisations.contains(login.organisation) { return login }
        if let authorization = request.header("authorization") {
            guard let token = BearerToken.token(in: authorization) else { return nil }
            return caller(key: token)
        }
        return request.header("x-api-key").flatMap { caller(key: $0) }
    }

    /// Returns a session of the caller's organisation; any other session does not exist for the caller.
    func session(_ request: ServedRequest) throws(SimulatedRefusal) -> SessionState {
        let session = try sessionOfAnyone(request)
        guard session.seed.organisation == request.caller?.organisation else { throw .notFound("Session") }
        return session
    }

    /// Returns a session of any organisation.
    func sessionOfAnyone(_ request: ServedRequest) throws(SimulatedRefusal) -> SessionState {
        guard let id = SessionID(request.names[0]), let session = sessions[id] else { throw .notFound("Session") }
        return session
    }

    /// Returns a session of the caller's organisation, after applying the changes whose lag has passed.
    mutating func settledSession(_ request: ServedRequest) throws(SimulatedRefusal) -> SessionState {
        let id = try session(request).id
        sessions[id]?.settleAll(now: request.now)
        return try session(request)
    }

    /// Returns a group that the session sees.
    func group(
        _ request: ServedRequest, of session: SessionState
    ) throws(SimulatedRefusal) -> (group: GroupState, stored: StoredGroup) {
        guard let id = GroupID(request.names[1]), let stored = session.groups[id], let group = groups[id] else {
            throw .notFound("Group")
        }
        return (group, stored)
    }

    /// Refuses calls that need WhatsApp while the session is not connected.
    func requireConnection(_ session: SessionState) throws(SimulatedRefusal) {
        guard !session.isConnected else { return }
        let message = "The session is not connected; its status is '\(session.seed.status)'."
        switch behaviour.disconnectedStatus {
        case .notImplemented: throw .notImplemented(message)
        case .conflict: throw .conflict(message)
        case .unavailable: throw .unavailable(message)
        }
    }

    /// Refuses calls that only an admin of the group may make.
    func requireAdmin(_ session: SessionState, in group: GroupState) throws(SimulatedRefusal) {
        guard let account = session.account, group.role(of: account) == .admin else {
            throw behaviour.masksFailures ? .masked : .forbidden("The session's account is not an admin of the group.")
        }
    }
}

/// The `Authorization` header.
enum BearerToken {
    /// Returns the token after the word `Bearer`, in any case; nil for other schemes or an empty header.
    static func token(in header: String) -> String? {
        let parts = header.split(separator: " ", omittingEmptySubsequences: true)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1])
    }
}
