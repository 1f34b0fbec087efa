/// What a request asks for, by its path alone; ids are still texts, as they may be anything.
enum GatewayRoute: Equatable {
    /// `/sessions`.
    case sessions
    /// `/sessions/{session}`.
    case session(String)
    /// `/sessions/{session}/me`.
    case ownAccount(String)
    /// `/sessions/{session}/groups`.
    case groups(String)
    /// `/sessions/{session}/groups/{gid}`.
    case group(String, String)
    /// `/sessions/{session}/groups/{gid}/members`.
    case members(String, String)
    /// `/sessions/{session}/groups/{gid}/members:approve`.
    case approval(String, String)
    /// `/sessions/{session}/groups/{gid}/members/{jid}`.
    case member(String, String, String)
    /// `/sessions/{session}/groups/{gid}/members/{jid}/promote`.
    case promotion(String, String, String)
    /// `/sessions/{session}/groups/{gid}/members/{jid}/demote`.
    case demotion(String, String, String)
    /// `/sessions/{session}/groups/{gid}/invite`.
    case invite(String, String)
    /// `/sessions/{session}/contacts`.
    case contacts(String)
    /// `/sessions/{session}/contacts/check`.
    case check(String)
    /// `/sessions/{session}/contacts/{lid}`.
    case contact(String, String)

    /// Takes the decoded parts of a path after `/api/v1`; nil where the gateway has no such path.
    init?(_ parts: ArraySlice<String>) {
        let parts = Array(parts)
        guard parts.first == "sessions", !parts.contains("") else { return nil }
        switch (parts.count, parts.count > 2 ? parts[2] : "") {
        case (1, _): self = .sessions
        case (2, _): self = .session(parts[1])
        case (3, "me"): self = .ownAccount(parts[1])
        case (3, "groups"): self = .groups(parts[1])
        case (3, "contacts"): self = .contacts(parts[1])
        case (4, "contacts"): self = parts[3] == "check" ? .check(parts[1]) : .contact(parts[1], parts[3])
        case (4, "groups"): self = .group(parts[1], parts[3])
        case (5, "groups"):
            switch parts[4] {
            case "members": self = .members(parts[1], parts[3])
            case "members:approve": self = .approval(parts[1], parts[3])
            case "invite": self = .invite(parts[1], parts[3])
            default: return nil
            }
        case (6, "groups") where parts[4] == "members": self = .member(parts[1], parts[3], parts[5])
        case (7, "groups") where parts[4] == "members":
            switch parts[6] {
            case "promote": self = .promotion(parts[1], parts[3], parts[5])
            case "demote": self = .demotion(parts[1], parts[3], parts[5])
            default: return nil
            }
        default: return nil
        }
    }

    /// The methods that the path allows, in the order an `Allow` header gives them.
    var methods: [String] {
        switch self {
        case .sessions, .session, .ownAccount, .groups, .group, .invite, .contacts, .check, .contact: ["GET"]
        case .members: ["GET", "POST"]
        case .approval, .promotion, .demotion: ["POST"]
        case .member: ["DELETE"]
        }
    }

    /// The permission that a call of the path needs.
    func permission(method: String) -> Permission {
        switch self {
        case .sessions, .session, .ownAccount: .manage
        case .groups, .group, .invite, .contacts, .check, .contact: .read
        case .members: method == "GET" ? .read : .send
        case .approval, .member, .promotion, .demotion: .send
        }
    }
}
