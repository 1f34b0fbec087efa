package import Membership
package import RunLedger

/// Something a person should look at, though it stops nothing.
package enum PlanWarning: Hashable, Sendable {
    /// The group's subject is not the name that the policy gives; the subject is a text from strangers.
    case nameDiffers(policy: String, subject: String)
    /// People are to be added while the numbers of so many members are unknown: some may be in the group already.
    case maybePresent(unresolved: Int)
    /// The session is not connected to WhatsApp; its status is the gateway's word.
    case notConnected(status: String)
    /// The roster is no ground to take anybody away, for the cause given, and people are added, or were, all the same.
    case doubtfulRoster(WithheldCause)
    /// The roster lists so many entries that are no user accounts.
    case foreignEntries(Int)
    /// The policy pins a LID to one number, the gateway reports another.
    case identityConflict(person: String?)

    /// Someone on the roster, known by LID alone, was not found by the policy's number when this was last to be done.
    case numberNotFound(PhoneNumber, person: String?, Operation)
    /// What is to be done to someone was done before, or its opposite: so often in the last thirty days.
    case flapping(PhoneNumber, person: String?, Turns)
    /// The group's invite link could not be read, for the reason given.
    case noInviteLink(String)

    /// The kind under which plans record it.
    package var kind: String {
        switch self {
        case .nameDiffers: "name_differs"
        case .maybePresent: "maybe_present"
        case .notConnected: "not_connected"
        case .doubtfulRoster: "doubtful_roster"
        case .foreignEntries: "foreign_entries"
        case .identityConflict: "identity_conflict"
        case .numberNotFound: "number_not_found"
        case .flapping: "flapping"
        case .noInviteLink: "no_invite_link"
        }
    }

    /// The person whom it is about; nil where it is the group.
    package var phone: PhoneNumber? {
        switch self {
        case .numberNotFound(let phone, _, _), .flapping(let phone, _, _): phone
        default: nil
        }
    }

    /// What was seen, in a sentence.
    package var message: String {
        switch self {
        case .nameDiffers(let policy, let subject):
            "the policy calls the group \"\(policy)\", WhatsApp calls it \"\(subject)\""
        case .maybePresent(let unresolved):
            "the number\(unresolved == 1 ? " of 1 member is" : "s of \(unresolved) members are") unknown, "
                + "so someone to be added may be in the group already"
        case .notConnected(let status):
            "the session is not connected to WhatsApp (status \"\(status)\"), so nothing can be changed now"
        case .doubtfulRoster(let cause):
            "the roster is no ground to go by: \(cause.message)"
        case .foreignEntries(let count):
            "the roster lists \(count) entr\(count == 1 ? "y that is" : "ies that are") no user account"
        case .identityConflict(let person):
            "the `lid:` that the policy gives \(person ?? "a person") belongs to another number by the gateway's account"
        case .numberNotFound(_, let person, let operation):
            "the gateway found no member by this number when \(person ?? "the person") was last to be \(operation.participle), "
                + "though the roster shows the account: WhatsApp knows it by another number; put that one into the policy"
        case .flapping(_, let person, let turns):
            "\(person ?? "someone") was \(turns.account); somebody else's hand, or another policy, undoes what this one does"
        case .noInviteLink(let reason):
            "the group's invite link could not be read: \(reason)"
        }
    }
}

extension Turns {
    /// What was done, and what is seen of it now where that follows.
    fileprivate var account: String {
        let done = [(adds, "added"), (removes, "removed"), (promotes, "promoted"), (demotes, "demoted")]
            .filter { $0.0 > 0 }.map { count, what in "\(what) \(Self.times(count))" }
        let sentence = "\(done.joined(separator: " and ")) here in the last 30 days"
        return switch total {
        case adds: "\(sentence) and is gone each time"
        case removes: "\(sentence) and is back each time"
        case promotes: "\(sentence) and is no admin each time"
        case demotes: "\(sentence) and is an admin again each time"
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
