import GatewayAPI
import Membership
import RunLedger

/// Sees that a group is as its policy says, which is what most groups are in most nights, in a fraction of the time that
/// `Comparison` takes.
///
/// Where anything is not plain, be it only that a sentence would have to be said of it, the answer is nil: then that one has the
/// say. What is drafted here is what it would have drafted.
enum PlainComparison {
    /// The draft of a group in which there is nothing to do and nothing to say; nil where it takes the whole comparison to tell.
    ///
    /// What the policy says is asked for last: where members are not known yet it would be in vain.
    static func draft(
        of group: GroupID, _ seen: GroupObservation, remembered: RememberedNumbers, memory: SessionMemory,
        wanted: () -> PlainGroup?
    ) -> GroupDraft? {
        let members = seen.roster.members
        guard !members.isEmpty, isSound(seen), memory.isSilent(about: group),
            memory.observations[group]?.hasShrunk(to: members.count) != true
        else { return nil }
        // Looked up by themselves, so that the processor can wait for the memory of several at a time.
        let phones = members.map { member in
            switch member.account {
            case .phone(let phone): phone as PhoneNumber?
            case .lid(let lid): remembered[lid]
            }
        }
        guard !phones.contains(nil), !members.contains(where: { $0.standing == .roleUnknown }),
            let own = ownPlace(in: seen, phones), var wanted = wanted(),
            wanted.count == members.count,
            wanted.name == nil || seen.record.subject == nil || wanted.name == seen.record.subject
        else { return nil }
        var adminCount = 0
        for (member, phone) in zip(members, phones) {
            guard let phone, wanted.tickOff(phone, as: member.role) else { return nil }
            if member.role == .admin { adminCount += 1 }
        }
        var plan = GroupPlan(
            key: wanted.key, name: wanted.name ?? seen.record.subject, size: members.count,
            rosterDigest: seen.roster.digest, adminCount: adminCount, limits: wanted.limits)
        plan.ownEntries = [members[own].account]
        plan.store = StoreMemory(memory, of: group)
        return GroupDraft(plan: plan)
    }

    /// Whether the roster adds up, and is no case for a creator whom it may hide.
    private static func isSound(_ seen: GroupObservation) -> Bool {
        guard seen.roster.foreignEntries == 0 else { return false }
        switch seen.stored.basis {
        case .list: if seen.record.participantCount != seen.roster.members.count { return false }
        case .snapshot: break
        case .sightings: return false
        }
        // Entries by number come first. A creator who is known by LID alone may be one of these.
        guard case .lid(let creator)? = seen.record.owner, case .phone? = seen.roster.members.first?.account else {
            return true
        }
        return seen.roster.lists(.lid(creator))
    }

    /// Where the account that acts is listed; nil where it is not, or where its number and its LID are at odds.
    private static func ownPlace(in seen: GroupObservation, _ phones: [PhoneNumber?]) -> Int? {
        guard let own = seen.own else { return nil }
        let byPhone = own.phone.flatMap { phones.firstIndex(of: $0) }
        guard let lid = own.lid, let byLID = seen.roster.members.firstIndex(where: { $0.account == .lid(lid) }) else {
            return byPhone
        }
        return own.phone == nil || byPhone == byLID ? byLID : nil
    }
}

extension SessionMemory {
    /// Whether earlier runs have left nothing open about a group: no call, nobody who did not come, nobody who was not known.
    fileprivate func isSilent(about group: GroupID) -> Bool {
        (openCalls[group] ?? []).isEmpty && (declined[group] ?? [:]).isEmpty && (asked[group] ?? [:]).isEmpty
    }
}
