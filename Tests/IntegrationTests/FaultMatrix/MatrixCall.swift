/// A kind of call that the matrix lets fail.
enum MatrixCall: String, CaseIterable {
    case session, list, group, members, membersAfterwards, contacts, contact, check, invite
    case add, promote, demote, remove

    /// The heading of its table.
    var title: String {
        switch self {
        case .session: "Reading the session"
        case .list: "Listing the groups of the session"
        case .group: "Reading one group"
        case .members: "Reading the members"
        case .membersAfterwards: "Reading the members after the changes"
        case .contacts: "Listing the contacts of a group"
        case .contact: "Reading one contact"
        case .check: "Asking whether a number is on WhatsApp"
        case .invite: "Reading an invite link"
        case .add: "Adding"
        case .promote: "Promoting"
        case .demote: "Demoting"
        case .remove: "Removing"
        }
    }

    /// The sentences above the table; nil if there are none.
    var remark: String? {
        switch self {
        case .group:
            "Rollcall reads a single group only if the list of groups does not say enough about it. "
                + "That is so in these runs."
        case .membersAfterwards: "The reading for the plan, before the changes, succeeds."
        case .contacts:
            "This call has the same path for all groups of the session, so the fault affects the second group too."
        case .check: "Rollcall looks up numbers for the whole session, not for one group."
        case .invite: "The command is `plan --invite-links`. In an earlier run, WhatsApp declined an add."
        default: nil
        }
    }

    /// Whether it changes a group.
    var isMutation: Bool {
        switch self {
        case .add, .promote, .demote, .remove: true
        case .session, .list, .group, .members, .membersAfterwards, .contacts, .contact, .check, .invite: false
        }
    }

    /// Whether it answers a list that may have many pages.
    var isList: Bool {
        switch self {
        case .list, .members, .contacts: true
        default: false
        }
    }

    /// Whether a fault may reach the other group of the session, because the call is not about one group.
    var isOfSession: Bool {
        switch self {
        case .session, .list, .contacts, .check: true
        default: false
        }
    }

    /// The path in the simulator's spelling of faults.
    func pattern(session: String, group: String) -> String {
        let (session, group) = ("/api/v1/sessions/\(session)", "*/\(group)%40g.us")
        return switch self {
        case .session: session
        case .list: "\(session)/groups"
        case .group: group
        case .members, .membersAfterwards, .add: "\(group)/members"
        case .contacts: "\(session)/contacts"
        case .contact: "\(session)/contacts/*lid"
        case .check: "\(session)/contacts/check"
        case .invite: "\(group)/invite"
        case .promote: "\(group)/members/*/promote"
        case .demote: "\(group)/members/*/demote"
        case .remove: "\(group)/members/*"
        }
    }

    /// The method.
    var method: String {
        switch self {
        case .add, .promote, .demote: "POST"
        case .remove: "DELETE"
        case .session, .list, .group, .members, .membersAfterwards, .contacts, .contact, .check, .invite: "GET"
        }
    }

    /// A lie in a field that the call's answer has, in the simulator's spelling; nil where the answer has no fields.
    var lie: String? {
        switch self {
        case .session: #"{ id: '"another"' }"#
        case .list: "{ participantCount: -1 }"
        case .group: #"{ groupJid: '"120363999999999999@g.us"' }"#
        case .members, .membersAfterwards: #"{ role: '"owner"' }"#
        case .contacts, .contact: "{ lid: 7 }"
        case .check: #"{ jid: '"120363999999999999@g.us"' }"#
        case .invite: #"{ invite: '"https://elsewhere.example/join"' }"#
        case .add, .promote, .demote, .remove: nil
        }
    }
}
