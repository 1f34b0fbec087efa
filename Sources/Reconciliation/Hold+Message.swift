extension Hold {
    /// The reason in a sentence without any number of a person: what was seen, and what would clear it.
    package var message: String {
        switch reason {
        case .ownAccount:
            "the session's own account is never removed or demoted"
        case .creator:
            "the group's creator can be neither removed nor demoted"
        case .keep:
            "the policy keeps this person as they are"
        case .unresolved:
            "the gateway does not know the number behind this LID, so it may be anyone; "
                + "pin it in the policy with `lid:` if you know who it is"
        case .identityConflict:
            "the policy and the gateway disagree on which number belongs to this LID; correct the `lid:` in the policy"
        case .sharedNumber:
            "the gateway gives this number to several members of the group, so it is not clear who is who"
        case .phoneUnknown:
            "the policy gives a LID only, and without a number nobody can be added, promoted or demoted; "
                + "add the number to the policy"
        case .withheld(let operation, let cause):
            "\(operation == .remove ? "removal" : "demotion") withheld: \(cause.message)"
        case .outOfTerm(let from, let until):
            switch (from, until) {
            case (let from?, nil): "the entry counts from \(from)"
            case (nil, let until?): "the entry counted until \(until)"
            case (let from?, let until?): "the entry counts from \(from) until \(until)"
            case (nil, nil): "the entry does not count today"
            }
        case .groupFull(let size):
            "the group is full at \(size) members and nobody is taken out to make room"
        case .deferred(let budget):
            "the session's budget of \(budget) adds in 24 hours is used up; a later run goes on"
        }
    }
}

extension WithheldCause {
    /// What was seen, and what would clear it.
    package var message: String {
        switch self {
        case .rosterEmpty:
            "the roster came back empty, which is a failed read until shown otherwise; "
                + "it clears when the gateway lists the group's members again"
        case .ownAccountUnknown:
            "the session's own account is not known; give the token the permission `manage`, "
                + "or set the account's number under `gateway.self`"
        case .ownAccountMissing:
            "the roster does not show the session's own account, so it cannot be the whole roster; "
                + "it clears when the account is listed, or when it is in the group again"
        case .countDiffers(let reported, let listed):
            "the gateway reports \(reported) participants but lists \(listed); it clears when the two agree"
        case .nobodyDesired:
            "no entry of the policy counts today; if the group is meant to be emptied, say `empty: true`"
        case .groupLimit(let planned, let allowed):
            "\(planned) removals and demotions in this group are more than the \(allowed) allowed in one run; "
                + "check the policy, then raise `limits.removals` or accept them with --accept-removals"
        case .runLimit(let planned, let allowed):
            "\(planned) removals and demotions in this run are more than the \(allowed) allowed; "
                + "check the policy, then raise `limits.removals_per_run` or accept them with --accept-removals"
        case .minAdmins(let count):
            "it would leave the group with fewer than \(count) admin\(count == 1 ? "" : "s") (`limits.min_admins`)"
        }
    }
}
