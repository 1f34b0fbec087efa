package import Core

/// One gateway operation and its target; errors, logs and the ledger name a call this way.
package enum GatewayCall: Hashable, Sendable {
    /// `GET /sessions`.
    case sessions
    /// `GET /sessions/{session}`.
    case session(SessionID)
    /// `GET /sessions/{session}/groups`.
    case groups(SessionID)
    /// `GET /sessions/{session}/groups/{group}`.
    case group(SessionID, GroupID)
    /// `GET /sessions/{session}/groups/{group}/members`.
    case members(SessionID, GroupID)
    /// `GET /sessions/{session}/groups/{group}/invite`.
    case invite(SessionID, GroupID)
    /// `GET /sessions/{session}/contacts`, optionally of one group.
    case contacts(SessionID, GroupID?)
    /// `GET /sessions/{session}/contacts/{lid}`.
    case contact(SessionID, LID)
    /// `GET /sessions/{session}/contacts/check`.
    case check(SessionID, PhoneNumber)
    /// `POST /admin/sessions/{session}:backfill`.
    case startBackfill(SessionID)
    /// `GET /admin/sessions/{session}/backfill`.
    case backfill(SessionID)
    /// `POST …/members`.
    case add(SessionID, GroupID, [PhoneNumber])
    /// `DELETE …/members/{jid}`.
    case remove(SessionID, GroupID, AccountID)
    /// `POST …/members/{jid}/promote`.
    case promote(SessionID, GroupID, AccountID)
    /// `POST …/members/{jid}/demote`.
    case demote(SessionID, GroupID, AccountID)
}

extension GatewayCall {
    /// Whether the call changes a group.
    package var isMutation: Bool {
        switch self {
        case .add, .remove, .promote, .demote: true
        case .sessions, .session, .groups, .group, .members, .invite, .contacts, .contact, .check, .startBackfill,
            .backfill:
            false
        }
    }

    /// Whether the call only reads, so that it may be sent again after no answer.
    var isRepeatable: Bool {
        if case .startBackfill = self { return false }
        return !isMutation
    }
}

extension GatewayCall {
    /// Whether the call can succeed only if the person is a member.
    package var isAboutOneMember: Bool {
        switch self {
        case .promote, .demote: true
        default: false
        }
    }
}

extension GatewayCall: CustomStringConvertible {
    /// A short name for the call, without phone numbers.
    package var description: String {
        switch self {
        case .sessions: "listing the sessions"
        case .session(let session): "reading session \(session)"
        case .groups(let session): "listing the groups of session \(session)"
        case .group(_, let group): "reading group \(group)"
        case .members(_, let group): "reading the members of \(group)"
        case .invite(_, let group): "reading the invite link of \(group)"
        case .contacts(let session, nil): "listing the contacts of session \(session)"
        case .contacts(_, .some(let group)): "listing the contacts of \(group)"
        case .contact(let session, _): "reading a contact of session \(session)"
        case .check(let session, _): "looking up a number through session \(session)"
        case .startBackfill(let session): "starting a backfill of session \(session)"
        case .backfill(let session): "reading the backfill state of session \(session)"
        case .add(_, let group, _): "adding to \(group)"
        case .remove(_, let group, _): "removing from \(group)"
        case .promote(_, let group, _): "promoting in \(group)"
        case .demote(_, let group, _): "demoting in \(group)"
        }
    }
}

extension GatewayCall {
    /// The call as an HTTP request.
    struct Route {
        /// The HTTP method.
        var method = "GET"
        /// The path segments below the base URL, not yet encoded.
        var path: [String]
        /// The text after the last segment, sent as it is.
        var ending = ""
        /// The query's names and values, not yet encoded.
        var query: [(name: String, value: String)] = []
        /// The people in the body; nil for a call without a body.
        var participants: [PhoneNumber]?
    }

    /// The call's method, path, query and body.
    var route: Route {
        switch self {
        case .sessions: Route(path: ["sessions"])
        case .session(let session): Route(path: ["sessions", session.text])
        case .groups(let session): Route(path: ["sessions", session.text, "groups"])
        case .group(let session, let group): Route(path: ["sessions", session.text, "groups", group.jid])
        case .members(let session, let group): Route(path: ["sessions", session.text, "groups", group.jid, "members"])
        case .invite(let session, let group): Route(path: ["sessions", session.text, "groups", group.jid, "invite"])
        case .contacts(let session, let group):
            Route(
                path: ["sessions", session.text, "contacts"],
                query: [("limit", "200")] + (group.map { [("group", $0.jid)] } ?? [])
            )
        case .contact(let session, let lid): Route(path: ["sessions", session.text, "contacts", lid.description])
        case .check(let session, let phone):
            Route(path: ["sessions", session.text, "contacts", "check"], query: [("phone", phone.e164)])
        case .startBackfill(let session):
            Route(method: "POST", path: ["admin", "sessions", session.text], ending: ":backfill")
        case .backfill(let session): Route(path: ["admin", "sessions", session.text, "backfill"])
        case .add(let session, let group, let phones):
            Route(
                method: "POST", path: ["sessions", session.text, "groups", group.jid, "members"], participants: phones
            )
        case .remove(let session, let group, let account):
            Route(
                method: "DELETE", path: ["sessions", session.text, "groups", group.jid, "members", account.description])
        case .promote(let session, let group, let account):
            Route(
                method: "POST",
                path: ["sessions", session.text, "groups", group.jid, "members", account.description, "promote"]
            )
        case .demote(let session, let group, let account):
            Route(
                method: "POST",
                path: ["sessions", session.text, "groups", group.jid, "members", account.description, "demote"]
            )
        }
    }
}

extension GatewayCall.Route {
    /// The encoded path and query, starting with `/`.
    var target: String {
        var text: [UInt8] = []
        text.reserveCapacity(160)
        for part in path {
            text.append(UInt8(ascii: "/"))
            text.append(percentEncoding: part)
        }
        text.append(contentsOf: ending.utf8)
        for (position, item) in query.enumerated() {
            text.append(UInt8(ascii: position == 0 ? "?" : "&"))
            text.append(percentEncoding: item.name)
            text.append(UInt8(ascii: "="))
            text.append(percentEncoding: item.value)
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The JSON body; user JIDs need no JSON escapes.
    var body: [UInt8]? {
        guard let participants else { return nil }
        var text = Array("{\"participants\":[".utf8)
        for (position, phone) in participants.enumerated() {
            if position > 0 { text.append(UInt8(ascii: ",")) }
            text.append(UInt8(ascii: "\""))
            text.append(contentsOf: phone.jid.utf8)
            text.append(UInt8(ascii: "\""))
        }
        text.append(contentsOf: "]}".utf8)
        return text
    }
}

/// A call whose answer is being read, with the token that no error may repeat.
struct CallContext: Sendable {
    /// The call.
    let call: GatewayCall
    /// The token, which the gateway may have echoed.
    let token: GatewayToken

    /// Returns the error for an unusable answer; quote the answer in the reason with `quoted` only.
    func unreadable(_ reason: String) -> GatewayError { .unreadable(call, reason: reason) }

    /// Quotes a text from the answer: on one line, shortened, without the token.
    func quoted(_ text: String) -> String { UntrustedText.quoted(text, hiding: token) }

    /// Returns a text from the answer without the token.
    func withoutToken(_ text: String) -> String { token.redacted(of: text) }
}
