package import Core

/// One gateway operation and its target; errors, logs and the ledger name a call this way.
package enum GatewayCall: Hashable, Sendable {
    /// `GET /sessions`.
    case sessions
    /// `GET /sessions/{session}`.
    case session(SessionID)
    /// `GET /sessions/{session}/me`.
    case ownAccount(SessionID)
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
        case .sessions, .session, .ownAccount, .groups, .group, .members, .invite, .contacts, .contact, .check,
            .startBackfill, .backfill:
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
        case .ownAccount(let session): "reading the own account of session \(session)"
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
