package import Core

/// Why removals and demotions of a group are blocked.
package enum WithheldCause: Hashable, Sendable {
    /// The gateway has never read the whole group from WhatsApp, so it may list only people who have written.
    case neverRead
    /// The roster is empty, which is impossible for a group that the session can change.
    case rosterEmpty
    /// The session's own account is unknown, so it might be the one to be removed.
    case ownAccountUnknown
    /// The roster does not show the session's own account, so it is incomplete.
    case ownAccountMissing
    /// The list has less than half of the members of the last good roster.
    case shrunk(from: Int, to: Int, seenAt: Timestamp, clearsAt: Timestamp)
    /// The gateway's member count differs from the number of members it lists.
    case countDiffers(reported: Int, listed: Int)
    /// This many numbers of the policy or the creator could not be looked up; they may belong to members to be removed.
    case numbersUnchecked(Int)
    /// No entry of the policy is valid today, and the policy does not say `empty: true`.
    case nobodyDesired
    /// The group has more removals and demotions than its limit allows.
    case groupLimit(planned: Int, allowed: Int)
    /// The run has more removals and demotions than its limit allows.
    case runLimit(planned: Int, allowed: Int)
    /// A wanted number is not on WhatsApp, and this member's number differs from it only by a trunk prefix such as 0.
    case possibleDuplicate
    /// The group would have fewer admins than this.
    case minAdmins(Int)
    /// The group would have fewer admins besides the session's own account than this.
    case minOtherAdmins(Int)
    /// WhatsApp gives the group the name that the policy gives to another group.
    case nameOfAnother(String)
    /// One change of the policy causes too many removals and demotions.
    case common(CommonCause)
    /// The saved plan blocks it, and a run does no more than its saved plan.
    case heldInSavedPlan
}

/// Why a change that the policy asks for, or a removal, is not made.
package enum HoldReason: Hashable, Sendable {
    /// Rollcall never removes or demotes the session's own account.
    case ownAccount
    /// The session's own account is wanted and not in the roster; it cannot add itself.
    case ownAccountAbsent
    /// Nobody can remove or demote the creator.
    case creator
    /// The policy lists the person under `keep:`.
    case keep
    /// The roster shows a LID whose number is unknown; it may be anyone, even a wanted person.
    case unresolved
    /// The gateway and the policy disagree about the person's number and LID.
    case identityConflict
    /// As `identityConflict`, but WhatsApp could not be asked whether both are one account.
    case identityUnasked
    /// The LID had a number that the policy asks for, and the gateway now reports another.
    case numberChanged
    /// The roster gives the member's number only, and a wanted or kept person, or the creator, is known only by LID and
    /// not seen.
    case maybeKnownByLID
    /// The gateway gives one number to several members of the group.
    case sharedNumber
    /// The policy gives only a LID, and an add needs a number.
    case phoneUnknown
    /// The removal or demotion is blocked.
    case withheld(Operation, WithheldCause)
    /// The dates of all entries that name the person exclude today.
    case outOfTerm(from: CalendarDate?, until: CalendarDate?)
    /// The group is full, and no removal makes room.
    case groupFull(size: Int)
    /// The session's budget of adds is used up.
    case deferred(budget: Int)
    /// An add was sent, and no trusted roster has been read since.
    case unconfirmed(sentAt: Timestamp)
    /// A change was sent, and the gateway's store could not have shown it yet.
    case accepted(Operation, sentAt: Timestamp)
    /// The gateway gives the member a role that Rollcall does not know.
    case roleUnknown
    /// The member is wanted as an admin, and the gateway lists members who have written as ordinary members.
    case perhapsAdmin
    /// Adds of the person never appeared; with the date of the next try.
    case declined(tries: Int, lastTriedAt: Timestamp, dueAt: Timestamp)
    /// Adds of the person never appeared, and the maximum number of tries is reached.
    case givenUp(tries: Int, lastTriedAt: Timestamp)
    /// The number has no account.
    case notOnWhatsApp
    /// The person was seen in the group, is gone, was not removed by us, and the policy says `rejoin: never`.
    case left(lastSeenAt: Timestamp)
    /// Somebody has left, the policy says `rejoin: never`, and WhatsApp could not be asked whether it is this person.
    case perhapsLeft
}

/// A change that the policy asks for, or a removal, that a run does not make.
package struct Hold: Hashable, Sendable {
    /// Why.
    package var reason: HoldReason
    /// The number, if known.
    package var phone: PhoneNumber?
    /// The LID, if known.
    package var lid: LID?
    /// The policy's name for the person.
    package var person: String?

    /// Describes a hold.
    package init(reason: HoldReason, phone: PhoneNumber? = nil, lid: LID? = nil, person: String? = nil) {
        self.reason = reason
        self.phone = phone
        self.lid = lid
        self.person = person
    }

    /// The account it concerns: the number if known, else the LID.
    package var identity: AccountID? { phone.map(AccountID.phone) ?? lid.map(AccountID.lid) }
}

extension HoldReason {
    /// Whether one person seems to have two numbers.
    var isOfTwoNumbers: Bool { [.identityConflict, .identityUnasked, .numberChanged].contains(self) }
}

extension Hold {
    /// The kind that plans and the ledger record.
    package var kind: String {
        switch reason {
        case .ownAccount, .ownAccountAbsent: "self"
        case .creator: "creator"
        case .keep: "keep"
        case .unresolved, .identityConflict, .identityUnasked, .numberChanged, .maybeKnownByLID, .sharedNumber,
            .phoneUnknown:
            "unresolved"
        case .withheld: "withheld"
        case .outOfTerm: "out_of_term"
        case .groupFull: "group_full"
        case .deferred: "deferred"
        case .declined, .givenUp: "declined"
        case .unconfirmed: "unconfirmed"
        case .accepted: "accepted"
        case .roleUnknown, .perhapsAdmin: "role_unknown"
        case .notOnWhatsApp: "not_on_whatsapp"
        case .left, .perhapsLeft: "left"
        }
    }

    /// Whether the person waits because their adds never appeared.
    var isOfDeclined: Bool {
        switch reason {
        case .declined, .givenUp: true
        default: false
        }
    }

    /// Whether the account is always kept, which is no news.
    package var isRoutine: Bool {
        switch reason {
        case .ownAccount, .creator, .keep: true
        case .ownAccountAbsent, .unresolved, .identityConflict, .identityUnasked, .numberChanged, .maybeKnownByLID,
            .sharedNumber,
            .phoneUnknown, .withheld, .outOfTerm, .unconfirmed, .accepted, .roleUnknown, .perhapsAdmin, .groupFull,
            .deferred, .declined, .givenUp, .notOnWhatsApp, .left, .perhapsLeft:
            false
        }
    }

    /// Whether a removal or demotion is blocked, which the exit code reports.
    package var isWithheld: Bool {
        if case .withheld = reason { true } else { false }
    }

    /// Whether the change is sent but not confirmed yet; nothing is wrong.
    package var isAwaited: Bool {
        if case .accepted = reason { true } else { false }
    }

    /// Whether it blocks something that the policy asks for, or may ask for.
    package var isNews: Bool { !isRoutine && !isAwaited }

    /// The order in which a group's holds are listed: by kind, then number, then LID.
    static func listedBefore(_ left: Hold, _ right: Hold) -> Bool {
        if left.kind != right.kind { return left.kind < right.kind }
        switch (left.phone, right.phone) {
        case (let one?, let other?) where one != other: return one < other
        case (nil, .some): return false
        case (.some, nil): return true
        default: break
        }
        return (left.lid?.digits ?? 0) < (right.lid?.digits ?? 0)
    }
}
