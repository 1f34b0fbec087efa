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
    /// `POST …/members` with all people, `DELETE …/members/{jid}`, `POST …/members/{jid}/promote` or `…/demote`.
    case change(Operation, [AccountID], SessionID, GroupID)
}

extension GatewayCall {
    /// Whether the call changes a group.
    package var isMutation: Bool { if case .change = self { true } else { false } }

    /// Whether the call only reads, so that it may be sent again after no answer.
    var isRepeatable: Bool {
        if case .startBackfill = self { return false }
        return !isMutation
    }

    /// Whether the call can succeed only if the person is a member.
    var isAboutOneMember: Bool {
        if case .change(let operation, _, _, _) = self { operation.kind == .role } else { false }
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
        case .change(.add, _, _, let group): "adding to \(group)"
        case .change(.remove, _, _, let group): "removing from \(group)"
        case .change(.promote, _, _, let group): "promoting in \(group)"
        case .change(.demote, _, _, let group): "demoting in \(group)"
        }
    }
}

extension GatewayCall {
    /// The call as an HTTP request.
    struct Route {
        /// The HTTP method.
        var method = "GET"
        /// The path and query below the base URL, starting with `/`.
        let target: RequestTarget
        /// The JSON body; nil for a call without one.
        var body: [UInt8]?
    }

    /// The call's method, path, query and body.
    var route: Route {
        switch self {
        case .sessions: Route(target: "/sessions")
        case .session(let session): Route(target: "/sessions/\(session.text)")
        case .groups(let session): Route(target: "/sessions/\(session.text)/groups")
        case .group(let session, let group): Route(target: "/sessions/\(session.text)/groups/\(group.jid)")
        case .members(let session, let group): Route(target: "/sessions/\(session.text)/groups/\(group.jid)/members")
        case .invite(let session, let group): Route(target: "/sessions/\(session.text)/groups/\(group.jid)/invite")
        case .contacts(let session, nil): Route(target: "/sessions/\(session.text)/contacts?limit=200")
        case .contacts(let session, .some(let group)):
            Route(target: "/sessions/\(session.text)/contacts?limit=200&group=\(group.jid)")
        case .contact(let session, let lid): Route(target: "/sessions/\(session.text)/contacts/\(lid.description)")
        case .check(let session, let phone):
            Route(target: "/sessions/\(session.text)/contacts/check?phone=\(phone.e164)")
        case .startBackfill(let session): Route(method: "POST", target: "/admin/sessions/\(session.text):backfill")
        case .backfill(let session): Route(target: "/admin/sessions/\(session.text)/backfill")
        case .change(.add, let accounts, let session, let group):
            Route(
                method: "POST", target: "/sessions/\(session.text)/groups/\(group.jid)/members",
                body: Self.participants(accounts.compactMap(\.phone)))
        case .change(.remove, let accounts, let session, let group):
            Route(
                method: "DELETE",
                target: "/sessions/\(session.text)/groups/\(group.jid)/members/\(accounts[0].description)")
        case .change(let operation, let accounts, let session, let group):
            Route(
                method: "POST",
                target: """
                    /sessions/\(session.text)/groups/\(group.jid)/members/\(accounts[0].description)\
                    /\(operation == .promote ? "promote" : "demote")
                    """)
        }
    }

    /// Returns the body that names people; user JIDs need no JSON escapes.
    private static func participants(_ phones: [PhoneNumber]) -> [UInt8] {
        Array("{\"participants\":[\(phones.map { "\"\($0.jid)\"" }.joined(separator: ","))]}".utf8)
    }
}

/// A path and query; interpolated texts are percent-encoded, the rest is sent as it is.
struct RequestTarget: ExpressibleByStringInterpolation {
    /// The encoded text.
    let bytes: [UInt8]

    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var bytes: [UInt8] = []

        init(literalCapacity: Int, interpolationCount: Int) { bytes.reserveCapacity(160) }

        mutating func appendLiteral(_ literal: String) { bytes += literal.utf8 }

        mutating func appendInterpolation(_ text: String) { bytes.append(percentEncoding: text) }
    }

    init(stringLiteral text: String) { bytes = Array(text.utf8) }

    init(stringInterpolation encoded: StringInterpolation) { bytes = encoded.bytes }
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
