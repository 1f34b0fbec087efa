/// A kind of call that the matrix makes fail.
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
        case .check: "Looking up a number"
        case .invite: "Reading an invite link"
        case .add: "Adding"
        case .promote: "Promoting"
        case .demote: "Demoting"
        case .remove: "Removing"
        }
    }

    /// A remark before the table.
    var remark: String? {
        switch self {
        case .group: "It is read separately only if the list shows too little of it, as here."
        case .membersAfterwards: "The first read, for the plan, succeeds."
        case .contacts: "The path is the same for all groups of the session, so the fault strikes both."
        case .check: "Numbers are looked up for the whole session."
        case .invite: "With `plan --invite-links`, after a run in which WhatsApp declined someone."
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

    /// True if it returns a list that may have several pages.
    var isList: Bool {
        switch self {
        case .list, .members, .contacts: true
        default: false
        }
    }

    /// True if a fault may affect the session's other group, because the call is not about one group.
    var isOfSession: Bool {
        switch self {
        case .session, .list, .contacts, .check: true
        default: false
        }
    }

    /// Returns the path in the simulator's fault syntax.
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

    /// A false field value of the call's answer, in the simulator's fault syntax; nil if the answer has no fields.
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
