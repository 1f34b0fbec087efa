import Core
import GatewayAPI
import RunLedger

/// Recognizes a group that already is as its policy says, much faster than `Comparison`.
///
/// This is the common case. If anything needs a closer look, or even a message, the result is nil and `Comparison`
/// decides. A draft made here equals the draft of `Comparison`.
enum QuickComparison {
    /// Returns the draft of a group with nothing to do and nothing to report; nil if only `Comparison` can tell.
    ///
    /// `wanted` is called last, as it is useless while members are unknown.
    static func draft(
        of group: GroupID, _ seen: GroupObservation, remembered: KnownNumbers, memory: SessionMemory,
        wanted: () -> DesiredRoles?
    ) -> GroupDraft? {
        let members = seen.roster.members
        guard !members.isEmpty, isSound(seen), memory.isSilent(about: group),
            memory.observations[group]?.hasShrunk(to: members.count) != true
        else { return nil }
        // Looked up in a loop of their own, so that the processor can overlap the memory accesses.
        let phones = members.map { member in
            switch member.account {
            case .phone(let phone): phone as PhoneNumber?
            case .lid(let lid): remembered[lid]
            }
        }
        guard !phones.contains(nil), !members.contains(where: { $0.roleStatus == .roleUnknown }),
            let own = ownPosition(in: seen, phones), var wanted = wanted(), wanted.count == members.count,
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

    /// Whether the roster is complete and cannot hide the creator.
    private static func isSound(_ seen: GroupObservation) -> Bool {
        guard seen.roster.foreignEntryCount == 0 else { return false }
        switch seen.stored.basis {
        case .list: if seen.record.participantCount != seen.roster.members.count { return false }
        case .snapshot: break
        case .sightings: return false
        }
        // Entries by number come first. A creator known only by LID may be one of them.
        guard case .lid(let creator)? = seen.record.owner, case .phone? = seen.roster.members.first?.account else {
            return true
        }
        return seen.roster.lists(.lid(creator))
    }

    /// Returns the index of the own account; nil if it is not listed, or its number and LID disagree.
    private static func ownPosition(in seen: GroupObservation, _ phones: [PhoneNumber?]) -> Int? {
        guard let own = seen.own else { return nil }
        let byPhone = own.phone.flatMap { phones.firstIndex(of: $0) }
        guard let lid = own.lid, let byLID = seen.roster.members.firstIndex(where: { $0.account == .lid(lid) }) else {
            return byPhone
        }
        return own.phone == nil || byPhone == byLID ? byLID : nil
    }
}

extension SessionMemory {
    /// Whether earlier runs left nothing open about a group: no call, no declined add, no unknown member.
    fileprivate func isSilent(about group: GroupID) -> Bool {
        (openCalls[group] ?? []).isEmpty && (declined[group] ?? [:]).isEmpty && (asked[group] ?? [:]).isEmpty
    }
}
