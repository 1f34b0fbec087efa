package import Membership

/// Why removals and demotions of a group are withheld.
package enum WithheldCause: Hashable, Sendable {
    /// The gateway has never read the whole group from WhatsApp, so that it lists those alone who have written.
    case neverRead
    /// The roster is empty, which a group that the session can act on never is.
    case rosterEmpty
    /// Which account the session acts as is not known, so it might be the one to be removed.
    case ownAccountUnknown
    /// The roster does not show the session's own account, so it is not the whole roster.
    case ownAccountMissing
    /// Less than half of the last good roster is seen.
    case shrunk(from: Int, to: Int, seenAt: Timestamp, clearsAt: Timestamp)
    /// The gateway says the group has another number of members than its roster lists.
    case countDiffers(reported: Int, listed: Int)
    /// So many people are wanted or kept and not seen, and WhatsApp could not be asked whether they are among those who
    /// would go.
    case numbersUnchecked(Int)
    /// No entry of the policy counts today, and the policy does not say that the group is to be emptied.
    case nobodyDesired
    /// More would be taken away from the group than its limit allows.
    case groupLimit(planned: Int, allowed: Int)
    /// More would be taken away in the run than its limit allows.
    case runLimit(planned: Int, allowed: Int)
    /// Somebody who is wanted is not on WhatsApp by their number, and this member's differs from it by a zero alone.
    case possibleDuplicate
    /// The group would be left with fewer admins than it must have.
    case minAdmins(Int)
    /// It would leave the group with fewer admins besides the session's own account than this.
    case minOtherAdmins(Int)
    /// WhatsApp gives the group the name that the policy gives to another one.
    case nameOfAnother(String)
    /// One change of the policy takes away more than a change should.
    case common(CommonCause)
    /// The saved plan that is carried out held it back, and may do no more than it says.
    case heldInSavedPlan
}

/// Why something that the policy asks for, or would remove, is left alone.
package enum HoldReason: Hashable, Sendable {
    /// The session's own account is never removed or demoted.
    case ownAccount
    /// The session's own account is wanted and not on the roster: it cannot add itself.
    case ownAccountAbsent
    /// Nobody can remove or demote the creator.
    case creator
    /// The policy says to keep the person as they are.
    case keep
    /// The roster shows a LID whose number is not known: it may be anyone, even someone whom the policy asks for.
    case unresolved
    /// What the gateway and the policy say of the person's number and LID does not agree.
    case identityConflict
    /// The same, and WhatsApp could not be asked whether both are one account.
    case identityUnasked
    /// The LID was known by a number that the policy asks for, and the gateway now gives it another.
    case numberChanged
    /// The roster names the person by number alone, and someone who is wanted, kept or the creator is known by LID alone and
    /// not seen.
    case maybeKnownByLID
    /// The gateway gives one number to several members of the group.
    case sharedNumber
    /// The policy names a LID only, and adding takes a number.
    case phoneUnknown
    /// The removal or demotion is held back.
    case withheld(Operation, WithheldCause)
    /// No entry that names the person counts today.
    case outOfTerm(from: CalendarDate?, until: CalendarDate?)
    /// The group is full, and no removal makes room.
    case groupFull(size: Int)
    /// The session's adds of the day are used up.
    case deferred(budget: Int)
    /// The gateway took an add, and no roster that can be trusted has come since.
    case unconfirmed(sentAt: Timestamp)
    /// The gateway took a change, and its store could not have shown it yet.
    case accepted(Operation, sentAt: Timestamp)
    /// The gateway gives the member a role that is not known here.
    case roleUnknown
    /// The gateway's list shows whoever writes as an ordinary member, and this one is wanted as an admin.
    case perhapsAdmin
    /// Adds of the person never showed; when the next is due.
    case declined(tries: Int, lastTriedAt: Timestamp, dueAt: Timestamp)
    /// Adds of the person never showed, so often that no further one is tried.
    case givenUp(tries: Int, lastTriedAt: Timestamp)
    /// The number has no account.
    case notOnWhatsApp
    /// The person was seen in the group and is gone without our doing, and nobody is to rejoin.
    case left(lastSeenAt: Timestamp)
    /// Somebody has left, nobody is to rejoin, and WhatsApp could not be asked whether it is they.
    case perhapsLeft
}

/// Something the policy asks for, or would remove, that a run leaves alone.
package struct Hold: Hashable, Sendable {
    /// Why.
    package var reason: HoldReason
    /// The number, where it is known.
    package var phone: PhoneNumber?
    /// The LID, where it is known.
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

    /// Whom it is about, by number where one is known.
    package var who: AccountID? { phone.map(AccountID.phone) ?? lid.map(AccountID.lid) }
}

extension HoldReason {
    /// Whether somebody seems to be known by two numbers.
    var isOfTwoNumbers: Bool { [.identityConflict, .identityUnasked, .numberChanged].contains(self) }
}

extension Hold {
    /// The kind under which plans and the ledger record it.
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

    /// Whether somebody waits because their adds never showed.
    var isOfDeclined: Bool {
        switch reason {
        case .declined, .givenUp: true
        default: false
        }
    }

    /// Whether it is the everyday protection of an account that is never touched, and no news.
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

    /// Whether a removal or demotion was held back, which a run's exit code tells.
    package var isWithheld: Bool {
        if case .withheld = reason { true } else { false }
    }

    /// Whether it is a change that the gateway took and could not show yet: nothing is wrong with it, and nothing to be done.
    package var isAwaited: Bool {
        if case .accepted = reason { true } else { false }
    }

    /// Whether it keeps back something that the policy asks for, or may ask for, and so is news.
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
