package import Core

/// Something to look at that blocks nothing.
package enum PlanWarning: Hashable, Sendable {
    /// The group's subject, which is untrusted text, differs from the policy's name.
    case nameDiffers(policy: String, subject: String)
    /// People are to be added while this many members' numbers are hidden; some may be in the group already.
    case maybePresent(unresolved: Int)
    /// The session is not connected to WhatsApp; the status is the gateway's word.
    case notConnected(status: String)
    /// The member list cannot be trusted, for the given cause, and people are or were added anyway.
    case doubtfulRoster(WithheldCause)
    /// The roster has this many entries that are not user accounts.
    case foreignEntryCount(Int)
    /// The policy gives a LID one number, and the gateway reports another.
    case identityConflict(person: String?)

    /// A member known only by LID was not found by the policy's number at the last attempt of the operation.
    case numberNotFound(PhoneNumber, person: String?, Operation)
    /// The change, or its opposite, was made this often in the last 30 days.
    case flapping(PhoneNumber, person: String?, ActionCounts)
    /// The group's invite link could not be read, for the given reason.
    case noInviteLink(String)

    /// The kind that plans record.
    package var kind: String {
        switch self {
        case .nameDiffers: "name_differs"
        case .maybePresent: "maybe_present"
        case .notConnected: "not_connected"
        case .doubtfulRoster: "doubtful_roster"
        case .foreignEntryCount: "foreign_entries"
        case .identityConflict: "identity_conflict"
        case .numberNotFound: "number_not_found"
        case .flapping: "flapping"
        case .noInviteLink: "no_invite_link"
        }
    }

    /// The person it concerns; nil for the group.
    package var phone: PhoneNumber? {
        switch self {
        case .numberNotFound(let phone, _, _), .flapping(let phone, _, _): phone
        default: nil
        }
    }

    /// What happened and what to do, in one sentence.
    package var message: String {
        switch self {
        case .nameDiffers(let policy, let subject):
            "the group is called \"\(subject)\" in WhatsApp and \"\(policy)\" in the policy; if it was renamed, update "
                + "`name:` in the policy"
        case .maybePresent(let unresolved):
            unresolved == 1
                ? "1 member's number is hidden; they may be one of the people to add"
                : "the numbers of \(unresolved) members are hidden; they may be among the people to add"
        case .notConnected(let status):
            "the session is not connected to WhatsApp (status \"\(status)\"), so nothing can be changed now; "
                + "reconnect the session at the gateway"
        case .doubtfulRoster(let cause): "nobody is removed or demoted: \(cause.explanation.text)"
        case .foreignEntryCount(let count):
            count == 1
                ? "the member list has 1 entry that is not a user account"
                : "the member list has \(count) entries that are not user accounts"
        case .identityConflict(let person):
            "the gateway reports another number for the `lid:` of \(person ?? "a person"); correct the policy"
        case .numberNotFound(_, let person, let operation):
            "\(person ?? "the person") could not be \(operation.participle) in an earlier run, because the gateway found "
                + "no member with this number. The member list shows the account, so WhatsApp knows it by another number; "
                + "write that number in the policy"
        case .flapping(_, let person, let turns):
            "\(person ?? "someone") was \(turns.account); find out which person, or which other policy, undoes this"
        case .noInviteLink(let reason): "the group's invite link could not be read: \(reason)"
        }
    }
}

extension ActionCounts {
    /// What was done, and what followed each time if that is known.
    fileprivate var account: String {
        let done = Operation.allCases.filter { self[$0] > 0 }.map { "\($0.participle) \(Self.times(self[$0]))" }
        let sentence = "\(done.joined(separator: " and ")) here in the last 30 days"
        return switch total {
        case self[.add]: "\(sentence), and each time was gone again"
        case self[.remove]: "\(sentence), and each time was back again"
        case self[.promote]: "\(sentence), and each time was no longer an admin"
        case self[.demote]: "\(sentence), and each time was an admin again"
        default: sentence
        }
    }

    private static func times(_ count: Int) -> String {
        switch count {
        case 1: "once"
        case 2: "twice"
        default: "\(count) times"
        }
    }
}
