import Core

/// A call of the gateway's API.
struct GatewayRoute: Sendable {
    /// The method.
    let method: String
    /// The parts of the path after `/api/v1`; a star at the start of a part matches any text.
    let path: [Substring]
    /// What the call requires.
    let requirement: Requirement
    /// Answers an admitted request, or throws a `SimulatedRefusal`.
    let serve: @Sendable (inout WorldState, inout ServedRequest) throws -> SimulatedResponse

    private init(
        _ method: String, _ path: String, _ requirement: Requirement,
        _ serve: @escaping @Sendable (inout WorldState, inout ServedRequest) throws -> SimulatedResponse
    ) {
        self.method = method
        self.path = path.split(separator: "/")
        self.requirement = requirement
        self.serve = serve
    }

    /// Returns the calls of a path, and the texts that its stars match; no calls if the gateway has no such path.
    static func find(_ parts: ArraySlice<String>) -> (calls: [GatewayRoute], names: [String]) {
        for route in all {
            if let names = route.names(in: parts) { return (all.filter { $0.path == route.path }, names) }
        }
        return ([], [])
    }

    private func names(in parts: ArraySlice<String>) -> [String]? {
        guard parts.count == path.count else { return nil }
        var names: [String] = []
        for (part, pattern) in zip(parts, path) {
            if pattern.first == "*" {
                let ending = pattern.dropFirst()
                guard part.hasSuffix(ending), part.count > ending.count else { return nil }
                names.append(String(part.dropLast(ending.count)))
            } else if part != pattern {
                return nil
            }
        }
        return names
    }

    /// All calls: of two paths that match, the first counts; calls of one path are in the order of the `Allow` header.
    private static let all = [
        GatewayRoute("GET", "sessions", .permission(.manage)) { $0.listSessions($1) },
        GatewayRoute("GET", "sessions/*", .permission(.manage)) { try $0.getSession($1) },
        GatewayRoute("GET", "sessions/*/me", .permission(.manage)) { try $0.getOwnAccount($1) },
        GatewayRoute("GET", "sessions/*/groups", .permission(.read)) { try $0.listGroups($1) },
        GatewayRoute("GET", "sessions/*/groups/*", .permission(.read)) { try $0.getGroup($1) },
        GatewayRoute("GET", "sessions/*/groups/*/members", .permission(.read)) { try $0.listMembers($1) },
        GatewayRoute("POST", "sessions/*/groups/*/members", .permission(.send)) { try $0.add(&$1) },
        GatewayRoute("POST", "sessions/*/groups/*/members:approve", .token) { _, _ in
            throw SimulatedRefusal.notImplemented("Approving members is not implemented.")
        },
        GatewayRoute("DELETE", "sessions/*/groups/*/members/*", .permission(.send)) { try $0.setRole(nil, &$1) },
        GatewayRoute("POST", "sessions/*/groups/*/members/*/promote", .permission(.send)) {
            try $0.setRole(.admin, &$1)
        },
        GatewayRoute("POST", "sessions/*/groups/*/members/*/demote", .permission(.send)) {
            try $0.setRole(.member, &$1)
        },
        GatewayRoute("GET", "sessions/*/groups/*/invite", .permission(.read)) { try $0.getInvite($1) },
        GatewayRoute("GET", "sessions/*/contacts", .permission(.read)) { try $0.listContacts($1) },
        GatewayRoute("GET", "sessions/*/contacts/check", .permission(.read)) { try $0.checkContact($1) },
        GatewayRoute("GET", "sessions/*/contacts/*", .permission(.read)) { try $0.getContact($1) },
        GatewayRoute("POST", "admin/sessions/*:backfill", .superAdmin) { try $0.startBackfill($1) },
        GatewayRoute("GET", "admin/sessions/*/backfill", .superAdmin) { try $0.getBackfill($1) },
    ]
}
