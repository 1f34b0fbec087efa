import Membership

extension Hold {
    /// The reason in a sentence without any number of a person: what was seen, and what would clear it.
    package var message: String {
        switch reason {
        case .ownAccount:
            "the session's own account is never removed or demoted"
        case .ownAccountAbsent:
            "the session's own account is not on the roster, and it cannot add itself; "
                + "if it is not in the group, an admin has to add it"
        case .creator:
            "the group's creator can be neither removed nor demoted"
        case .keep:
            "the policy keeps this person as they are"
        case .unresolved:
            "the gateway does not know the number behind this LID, so it may be anyone; "
                + "pin it in the policy with `lid:` if you know who it is"
        case .identityConflict:
            "the policy and the gateway disagree on which number belongs to this LID; correct the `lid:` in the policy"
        case .identityUnasked:
            "the policy and the gateway give this LID two numbers, and WhatsApp could not be asked whether they are one account; it "
                + "clears when the look-ups succeed"
        case .numberChanged:
            "this member was known by a number that the policy asks for, and the gateway now gives the account another; "
                + "if the person has changed numbers, put the new one into the policy"
        case .maybeKnownByLID:
            "the roster lists this member by number only, and the creator, or someone whom the policy wants or keeps, is "
                + "known by LID only and not seen: they may be the same person; give the number beside the `lid:`"
        case .sharedNumber:
            "the gateway gives this number to several members of the group, so it is not clear who is who"
        case .phoneUnknown:
            "the policy gives a LID only, and without a number nobody can be added; add the number to the policy"
        case .withheld(let operation, let cause):
            "would be \(operation.participle), but \(cause.message)"
        case .outOfTerm(let from, let until):
            switch (from, until) {
            case (let from?, nil): "the entry counts from \(from)"
            case (nil, let until?): "the entry counted until \(until)"
            case (let from?, let until?): "the entry counts from \(from) until \(until)"
            case (nil, nil): "the entry does not count today"
            }
        case .groupFull(let size):
            "the group may have \(size) members at most (`limits.group_size`), and too few are taken out to make room"
        case .deferred(let budget):
            "the session's budget of \(budget) add\(budget == 1 ? "" : "s") in 24 hours is used up, and a later run goes on"
        case .unconfirmed(let sentAt):
            "the gateway took an add on \(sentAt.date), and no roster that can be trusted has come since; it is looked up "
                + "when one does"
        case .accepted(let operation, let sentAt):
            "the gateway took \(operation.withArticle) on \(sentAt.date); what came of it shows once the gateway has read the "
                + "group from WhatsApp again (a backfill)"
        case .roleUnknown:
            "the gateway gives this member a role that is not known here, so they are left alone"
        case .perhapsAdmin:
            "this member has written and the gateway has not read the group since, and its list shows whoever writes as an "
                + "ordinary member; its next backfill shows whether they are an admin"
        case .declined(let tries, let lastTriedAt, let dueAt):
            "\(Self.tried(tries, lastTriedAt)); it is tried again from \(dueAt.date) on, or with --retry-declined; "
                + "the group's invite link is the other way"
        case .givenUp(let tries, let lastTriedAt):
            "\(Self.tried(tries, lastTriedAt)) and it is not tried again until the policy's entry changes, or with "
                + "--retry-declined; send the group's invite link instead"
        case .notOnWhatsApp:
            "WhatsApp knows no account with this number; check it in the policy"
        case .left(let lastSeenAt):
            "last seen in the group on \(lastSeenAt.date) and gone without our doing, and the policy says `rejoin: never`"
        case .perhapsLeft:
            "somebody has left the group, the policy says `rejoin: never`, and WhatsApp could not be asked whether this number "
                + "is theirs; it clears when the look-ups succeed"
        }
    }
}

extension Hold {
    private static func tried(_ tries: Int, _ lastTriedAt: Timestamp) -> String {
        tries == 1
            ? "an add on \(lastTriedAt.date) never showed in the group"
            : "\(tries) adds, the last on \(lastTriedAt.date), never showed in the group"
    }
}

extension Operation {
    /// What becomes of somebody by it.
    package var participle: String {
        switch self {
        case .add: "added"
        case .promote: "promoted"
        case .demote: "demoted"
        case .remove: "removed"
        }
    }

    /// What was asked for, with its article.
    fileprivate var withArticle: String {
        switch self {
        case .add: "an add"
        case .promote: "a promotion"
        case .demote: "a demotion"
        case .remove: "a removal"
        }
    }
}

extension WithheldCause {
    /// What was seen, and what would clear it.
    package var message: String {
        switch self {
        case .neverRead:
            "the gateway has never read the whole group from WhatsApp, so its list may show those alone who have written; "
                + "it clears after a backfill at the gateway (see `gateway.refresh`)"
        case .rosterEmpty:
            "the roster came back empty, which is a failed read until shown otherwise; "
                + "it clears when the gateway lists the group's members again"
        case .ownAccountUnknown:
            "the session's own account is not known; give the token the permission `manage`, "
                + "or set the account's number under `gateway.self`"
        case .ownAccountMissing:
            "the roster does not show the session's own account, so it cannot be the whole roster; "
                + "it clears when the account is listed, or when it is in the group again"
        case .shrunk(let from, let to, let seenAt, let clearsAt):
            "the roster lists \(to) members, but on \(seenAt.date) there were \(from); it clears when they show again, "
                + "or if the roster stays like this until \(clearsAt.iso8601)"
        case .countDiffers(let reported, let listed):
            "the gateway reports \(reported) participants but lists \(listed); it clears when the two agree"
        case .numbersUnchecked(let count):
            "WhatsApp could not be asked about \(count == 1 ? "a number" : "\(count) numbers") that the policy wants or "
                + "keeps, or the creator has, and the roster does not show, and who would go may be that very person; it "
                + "clears when the session is connected and the look-ups succeed"
        case .nobodyDesired:
            "no entry of the policy counts today; if the group is meant to be emptied, say `empty: true`"
        case .groupLimit(let planned, let allowed):
            "\(Self.losses(planned)) in this group \(planned == 1 ? "is" : "are") more than the \(allowed) allowed in one run; "
                + "check the policy, then raise `limits.removals` or accept them with --accept-removals"
        case .runLimit(let planned, let allowed):
            "\(Self.losses(planned)) in this run \(planned == 1 ? "is" : "are") more than the \(allowed) allowed; "
                + "check the policy, then raise `limits.removals_per_run` or accept them with --accept-removals"
        case .possibleDuplicate:
            "somebody whom the policy wants is not on WhatsApp, and their number differs from this one only by a zero after the "
                + "country code: they are probably the same person; leave the zero out in the policy"
        case .minAdmins(let count):
            "it would leave the group with fewer than \(count) admin\(count == 1 ? "" : "s") (`limits.min_admins`)"
        case .minOtherAdmins(let count):
            "it would leave the group with \(count == 1 ? "no admin" : "fewer than \(count) admins") besides the session's own "
                + "account; name another admin, or allow it with `limits.min_other_admins`"
        case .nameOfAnother(let name):
            "WhatsApp calls this group \"\(name)\", which is what the policy calls another one; see whether the ids of the two were "
                + "exchanged, or correct `name`"
        case .common(let cause): cause.message
        case .heldInSavedPlan:
            "the saved plan held it back, and no more is done than it says; make a new plan to see what would clear it"
        }
    }

    private static func losses(_ count: Int) -> String {
        count == 1 ? "1 removal or demotion" : "\(count) removals and demotions"
    }
}
