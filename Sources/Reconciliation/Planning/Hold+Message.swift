package import Core

extension Hold {
    /// The explanation with its remedy in one line, as plans and the ledger record it.
    package var message: String { explanation.text }

    /// What happened, and what to do; never contains a person's number.
    package var explanation: Explanation {
        switch reason {
        case .ownAccount: Explanation("Rollcall never removes or demotes the session's own account")
        case .ownAccountAbsent:
            Explanation(
                "the session's own account is not in the member list, and an account cannot add itself",
                "if the account is not in the group, ask an admin to add the account")
        case .creator: Explanation("nobody can remove or demote the group's creator")
        case .keep: Explanation("the policy lists this person under `keep:`, so Rollcall does not change them")
        case .unresolved:
            Explanation(
                "the gateway does not know the number of this LID, so this member may be anyone",
                "if you know them, add `name: { phone: +…, lid: 100…@lid }` under `people:`")
        case .identityConflict:
            Explanation(
                "the policy and the gateway give this LID different numbers", "correct the `lid:` in the policy")
        case .identityUnasked:
            Explanation(
                "the policy and the gateway give this LID different numbers, and Rollcall could not ask WhatsApp "
                    + "whether both numbers are one account",
                "Rollcall tries again in the next run")
        case .numberChanged:
            Explanation(
                "the policy has an old number of this member, and the gateway now reports another one",
                "if the person has a new number, write it in the policy")
        case .maybeKnownByLID:
            Explanation(
                "this member may be the group's creator, or a person that the policy names by LID: the member list "
                    + "shows only this member's number, so Rollcall cannot compare",
                "write the number next to the `lid:` in the policy")
        case .sharedNumber:
            Explanation(
                "the gateway gives this number to several members, so Rollcall cannot tell who is who",
                "Rollcall tries again in the next run")
        case .phoneUnknown:
            Explanation(
                "the policy gives only a LID, and Rollcall needs a number to add a person",
                "add `phone:` in the policy")
        case .withheld(let operation, let cause):
            Explanation("would be \(operation.participle), but \(cause.explanation.what)", cause.explanation.remedy)
        case .outOfTerm(let from, let until):
            switch (from, until) {
            case (let from?, nil): Explanation("the entry starts on \(from)")
            case (nil, let until?): Explanation("the entry ended on \(until)")
            case (let from?, let until?): Explanation("the entry runs from \(from) to \(until)")
            case (nil, nil): Explanation("the entry's dates exclude today")
            }
        case .groupFull(let size):
            Explanation(
                "the group is full: it may have at most \(size) members (`limits.group_size`), and the plan does not "
                    + "remove enough people",
                "name fewer people in the policy")
        case .deferred(let budget):
            Explanation(
                "the session's budget of \(budget) add\(budget == 1 ? "" : "s") in 24 hours is used up",
                "Rollcall adds them in a later run")
        case .unconfirmed(let sentAt):
            Explanation(
                "an add was sent on \(sentAt.date), and no member list since then could be trusted",
                "Rollcall checks again in the next run")
        case .accepted(let operation, let sentAt):
            Explanation(
                "\(operation.withArticle) was sent on \(sentAt.date) and is not confirmed yet",
                "Rollcall confirms it when the gateway has read the group from WhatsApp again (a backfill)")
        case .roleUnknown:
            Explanation(
                "the gateway gives this member a role that Rollcall does not know, so Rollcall does not change them")
        case .perhapsAdmin:
            Explanation(
                "Rollcall cannot tell whether this member is an admin: they have written since the gateway last read "
                    + "the group, and the gateway then lists even an admin as an ordinary member",
                "Rollcall sees the role when the gateway has read the group from WhatsApp again (a backfill)")
        case .declined(let tries, let lastTriedAt, let dueAt):
            Explanation(
                "\(Self.tried(tries, lastTriedAt))",
                "Rollcall tries again on \(dueAt.date); to add them sooner, use --retry-declined, or send the invite "
                    + "link (--invite-links shows it)")
        case .givenUp(let tries, let lastTriedAt):
            Explanation(
                "\(Self.tried(tries, lastTriedAt))",
                "Rollcall does not try again: send the invite link (--invite-links shows it), or use --retry-declined")
        case .notOnWhatsApp:
            Explanation("no WhatsApp account has this number", "check the number in the policy")
        case .left(let lastSeenAt):
            Explanation(
                "they left, or somebody else removed them (last seen in the group on \(lastSeenAt.date)), and the "
                    + "policy has `rejoin: never`",
                "to add them again, set `rejoin: always`")
        case .perhapsLeft:
            Explanation(
                "this person may have left the group under another number: somebody has left, Rollcall could not look "
                    + "up this number, and the policy has `rejoin: never`",
                "Rollcall tries again in the next run")
        }
    }
}

extension Hold {
    private static func tried(_ tries: Int, _ lastTriedAt: Timestamp) -> String {
        tries == 1
            ? "added on \(lastTriedAt.date), but never appeared (often privacy settings)"
            : "added \(tries) times, last on \(lastTriedAt.date), but never appeared (often privacy settings)"
    }
}

extension Operation {
    /// The noun with its article: "an add".
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
    /// What happened, which fits behind "would be removed, but", and what to do.
    package var explanation: Explanation {
        switch self {
        case .neverRead:
            Explanation(
                "the gateway has never read the whole group from WhatsApp, so the member list may show only people who "
                    + "have written",
                "start a backfill at the gateway, so that the gateway reads the group (see `gateway.refresh`)")
        case .rosterEmpty:
            Explanation(
                "the gateway lists no members, so Rollcall treats the list as wrong",
                "Rollcall tries again in the next run")
        case .ownAccountUnknown:
            Explanation(
                "the session's own account is not known",
                "give the token the permission `manage`, or set the account's number under `gateway.self`")
        case .ownAccountMissing:
            Explanation(
                "the member list does not show the session's own account, so the list is incomplete",
                "if the account is not in the group, ask an admin to add it. If it is, do nothing: Rollcall tries "
                    + "again in the next run")
        case .shrunk(let from, let to, let seenAt, let clearsAt):
            Explanation(
                "the gateway lists \(to) members, down from \(from) on \(seenAt.date)",
                "Rollcall tries again in the next run, and trusts the shorter list after \(clearsAt.iso8601) if it "
                    + "does not shrink much further")
        case .countDiffers(let reported, let listed):
            Explanation(
                "the gateway reports \(reported) members but lists \(listed)",
                "Rollcall tries again in the next run")
        case .numbersUnchecked(let count):
            Explanation(
                count == 1
                    ? "Rollcall could not look up 1 number (of a person in the policy, or of the creator), and a "
                        + "member to be removed may be this person"
                    : "Rollcall could not look up \(count) numbers (of people in the policy, or of the creator), and a "
                        + "member to be removed may be one of these people",
                "run again while the session is connected, without --offline-identities")
        case .nobodyDesired:
            Explanation(
                "the dates of all entries for this group exclude today", "to empty the group, write `empty: true`")
        case .groupLimit(let planned, let allowed):
            Explanation(
                "\(planned.removalsAndDemotions) in this group exceed\(planned == 1 ? "s" : "") the limit of \(allowed) "
                    + "(`limits.removals`)",
                "check the policy, then raise the limit or accept them with --accept-removals")
        case .runLimit(let planned, let allowed):
            Explanation(
                "\(planned.removalsAndDemotions) in this run exceed\(planned == 1 ? "s" : "") the limit of \(allowed) "
                    + "(`limits.removals_per_run`)",
                "check the policy, then raise the limit or accept them with --accept-removals")
        case .possibleDuplicate:
            Explanation(
                "this member is probably a person of the policy: a number there has no WhatsApp account, and differs "
                    + "from this member's number only by a 0 after the country code",
                "correct the number in the policy")
        case .minAdmins(let count):
            Explanation(
                "the group would have \(count == 1 ? "no admin" : "fewer than \(count) admins") (`limits.min_admins`)",
                "name another admin, or lower the limit")
        case .minOtherAdmins(let count):
            Explanation(
                "the group would have \(count == 1 ? "no admin" : "fewer than \(count) admins") besides the "
                    + "session's own account",
                "name another admin, or allow it with `limits.min_other_admins`")
        case .nameOfAnother(let name):
            Explanation(
                "WhatsApp calls this group \"\(name)\", and the policy gives that name to another group",
                "check whether the two ids are swapped, or correct `name:`")
        case .common(let cause): cause.explanation
        case .heldInSavedPlan:
            Explanation("the saved plan blocks this change", "make a new plan to see why")
        }
    }
}

extension Int {
    /// This many removals and demotions, in words.
    package var removalsAndDemotions: String { self == 1 ? "1 removal or demotion" : "\(self) removals and demotions" }
}
