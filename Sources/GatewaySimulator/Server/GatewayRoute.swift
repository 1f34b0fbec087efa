/// What a request asks for, by its path alone; ids are unchecked texts.
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
    /// `/admin/sessions/{session}:backfill`.
    case backfillStart(String)
    /// `/admin/sessions/{session}/backfill`.
    case backfillStatus(String)

    /// Parses the decoded parts of a path after `/api/v1`; nil if the gateway has no such path.
    init?(_ parts: ArraySlice<String>) {
        let parts = Array(parts)
        guard !parts.contains("") else { return nil }
        if parts.first == "admin" {
            self.init(administrative: parts.dropFirst())
            return
        }
        guard parts.first == "sessions" else { return nil }
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

    /// Parses the decoded parts of a path after `/api/v1/admin`.
    private init?(administrative parts: ArraySlice<String>) {
        let parts = Array(parts)
        guard parts.first == "sessions" else { return nil }
        switch parts.count {
        case 2 where parts[1].hasSuffix(Self.backfillMark) && parts[1] != Self.backfillMark:
            self = .backfillStart(String(parts[1].dropLast(Self.backfillMark.count)))
        case 3 where parts[2] == "backfill": self = .backfillStatus(parts[1])
        default: return nil
        }
    }

    private static let backfillMark = ":backfill"

    /// The methods of the path, in the order of the `Allow` header.
    var methods: [String] {
        switch self {
        case .sessions, .session, .ownAccount, .groups, .group, .invite, .contacts, .check, .contact, .backfillStatus:
            ["GET"]
        case .members: ["GET", "POST"]
        case .approval, .promotion, .demotion, .backfillStart: ["POST"]
        case .member: ["DELETE"]
        }
    }

    /// Returns what a call of the path requires.
    func requirement(method: String) -> Requirement {
        switch self {
        case .sessions, .session, .ownAccount: .permission(.manage)
        case .groups, .group, .invite, .contacts, .check, .contact: .permission(.read)
        case .members: .permission(method == "GET" ? .read : .send)
        case .approval, .member, .promotion, .demotion: .permission(.send)
        case .backfillStart, .backfillStatus: .superAdmin
        }
    }
}
