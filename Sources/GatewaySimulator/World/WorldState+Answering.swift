import Core

/// What is collected while one request is served.
struct RequestTrace {
    /// The request's number.
    let sequence: Int
    /// When it arrived.
    let now: Timestamp
    /// The caller's name; nil if the token was invalid.
    var caller: String?
    /// What happened to each person.
    var effects: [ParticipantEffect] = []
    /// The session that acted on a group.
    var session: SessionID?
}

/// An authorised request: the caller, and what they ask for.
struct AdmittedRequest {
    /// The method.
    let method: String
    /// The path's parameters.
    let target: RequestTarget
    /// The body.
    let body: [UInt8]
    /// The caller.
    let caller: Caller
}

extension WorldState {
    /// Serves one request of the gateway's API.
    mutating func answer(
        _ request: SimulatedRequest, login: LoginIdentity?, trace: inout RequestTrace
    ) throws(SimulatedRefusal) -> SimulatedResponse {
        let target = RequestTarget(request.path)
        guard target.segments?.starts(with: ["api", "v1"]) ?? (request.path.hasPrefix("/api/v1/")) else {
            throw .notFound("Path")
        }
        guard let caller = caller(of: request, login: login) else { throw .unauthorized }
        trace.caller = caller.name
        guard let segments = target.segments else { throw .invalid("The path is not properly percent-encoded.") }
        guard let route = GatewayRoute(segments.dropFirst(2)) else { throw .notFound("Path") }
        guard route.methods.contains(request.method) else {
            throw .wrongMethod(allowed: route.methods.joined(separator: ", "))
        }
        if case .approval = route { throw .notImplemented("Approving members is not implemented.") }
        switch route.requirement(method: request.method) {
        case .permission(let needed):
            guard caller.permissions.contains(needed) else {
                throw .forbidden("The token lacks the permission '\(needed.rawValue)'.")
            }
        case .superAdmin:
            guard caller.isSuperAdmin else { throw .forbidden("This needs a login token of a platform super_admin.") }
        }
        let admitted = AdmittedRequest(method: request.method, target: target, body: request.body, caller: caller)
        return try serve(route, admitted, trace: &trace)
    }

    private mutating func serve(
        _ route: GatewayRoute, _ request: AdmittedRequest, trace: inout RequestTrace
    ) throws(SimulatedRefusal) -> SimulatedResponse {
        switch route {
        case .sessions: return listSessions(request)
        case .session(let session): return try getSession(session, request)
        case .ownAccount(let session): return try getOwnAccount(session, request)
        case .groups(let session): return try listGroups(session, request, now: trace.now)
        case .group(let session, let group): return try getGroup(session, group, request, now: trace.now)
        case .members(let session, let group):
            guard request.method == "GET" else { return try add(session, group, request, trace: &trace) }
            return try listMembers(session, group, request, now: trace.now)
        case .approval: throw .notImplemented("Approving members is not implemented.")
        case .member(let session, let group, let jid): return try remove(jid, session, group, request, trace: &trace)
        case .promotion(let session, let group, let jid):
            return try setRole(.admin, jid, session, group, request, trace: &trace)
        case .demotion(let session, let group, let jid):
            return try setRole(.member, jid, session, group, request, trace: &trace)
        case .invite(let session, let group): return try getInvite(session, group, request)
        case .contacts(let session): return try listContacts(session, request, now: trace.now)
        case .check(let session): return try checkContact(session, request)
        case .contact(let session, let lid): return try getContact(session, lid, request, now: trace.now)
        case .backfillStart(let session): return try startBackfill(session, now: trace.now)
        case .backfillStatus(let session): return try getBackfill(session)
        }
    }

    /// Tries both kinds of token, wherever the request has them.
    private func caller(of request: SimulatedRequest, login: LoginIdentity?) -> Caller? {
        if let login, organisations.contains(login.organisation) {
            return Caller(
                organisation: login.organisation, permissions: login.role.permissions, name: login.subject,
                isSuperAdmin: login.isSuperAdmin)
        }
        if let authorization = request.header("authorization") {
            guard let token = BearerToken.token(in: authorization) else { return nil }
            return caller(key: token)
        }
        return request.header("x-api-key").flatMap { caller(key: $0) }
    }

    /// Returns a session of the caller's organisation; any other session does not exist for the caller.
    func session(_ text: String, _ request: AdmittedRequest) throws(SimulatedRefusal) -> SessionState {
        guard let id = SessionID(text), let session = sessions[id],
            session.organisation == request.caller.organisation
        else { throw .notFound("Session") }
        return session
    }

    /// Returns a group that the session sees.
    func group(
        _ text: String, of session: SessionState
    ) throws(SimulatedRefusal) -> (group: GroupState, stored: StoredGroup) {
        guard let id = GroupID(text), let stored = session.groups[id], let group = groups[id] else {
            throw .notFound("Group")
        }
        return (group, stored)
    }

    /// Refuses calls that need WhatsApp while the session is not connected.
    func requireConnection(_ session: SessionState) throws(SimulatedRefusal) {
        guard !session.isConnected else { return }
        let message = "The session is not connected; its status is '\(session.status)'."
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
