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

    /// What is worth knowing before the table is read.
    var remark: String? {
        switch self {
        case .group: "Rollcall reads a group by itself only if the list says too little about it, as here."
        case .membersAfterwards: "The first read, for the plan, succeeds."
        case .contacts: "The path is the same for all groups of the session, so the fault strikes both."
        case .check: "Rollcall looks up numbers for the whole session."
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
