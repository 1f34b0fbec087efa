package import Core
package import GatewaySimulator

extension HardWorld {
    private static let day: Int64 = 86_400_000

    /// Returns what is wrong with all calls so far, one sentence each; empty if nothing is.
    ///
    /// `meddled` are people who joined or left without Rollcall, by group: who came and left again may be added again.
    package func wrongs(in journal: [JournalEntry], meddled: [GroupID: Set<PhoneNumber>]) -> [String] {
        var wrongs: [String] = []
        var sentAdds: [Substring: [Int64]] = [:]
        var declined: [String: [Int64]] = [:]
        for entry in journal {
            let isAdd = entry.method == "POST" && entry.path.hasSuffix("/members")
            let session = entry.path.split(separator: "/").dropFirst(3).first ?? ""
            for effect in entry.effects {
                guard let group = groups.first(where: { $0.id == effect.group }) else { continue }
                let person = account(effect.phone)
                // Adding the creator back, or promoting them again, harms nobody.
                let gives = isAdd || (entry.path.hasSuffix("/promote") && group.desired[person] == .admin)
                let isHarmless = gives && person == group.creator && !group.kept.contains(person)
                if group.untouchable.contains(person), !isHarmless {
                    wrongs.append("\(entry.method) \(entry.path) names someone who must never be changed")
                }
                if !isAdd, hidden.contains(person), !group.named.contains(person) {
                    wrongs.append("\(entry.method) \(entry.path) names someone whose number nobody could know")
                }
                guard isAdd else { continue }
                sentAdds[session, default: []].append(entry.time.milliseconds)
                if effect.outcome == .declined || effect.outcome == .full,
                    meddled[effect.group]?.contains(person) != true
                {
                    declined["\(effect.group) \(person)", default: []].append(entry.time.milliseconds)
                }
            }
        }
        for (session, times) in sentAdds {
            for (index, time) in times.enumerated() {
                let count = times[...index].count { $0 > time - Self.day }
                if count > addsPerDay { wrongs.append("\(count) adds in 24 hours by \(session)") }
            }
        }
        for (who, times) in declined {
            if times.count > 4 { wrongs.append("\(who) was tried \(times.count) times") }
            for (index, pair) in zip(times, times.dropFirst()).enumerated()
            where pair.1 - pair.0 < Self.day << Int64(index) {
                wrongs.append("\(who) was tried again too soon, after \((pair.1 - pair.0) / 3_600_000) hours")
            }
        }
        return wrongs
    }

    /// Returns whether a call fails each night for a reason that a human must fix: the person is known only by LID, and
    /// the policy's number has no member.
    package func isHopeless(_ entry: JournalEntry) -> Bool {
        entry.status == 404
            && entry.effects.allSatisfy { effect in
                let person = account(effect.phone)
                return effect.outcome == .notAMember && effect.phone != person && hidden.contains(person)
                    && checkedByLID.contains(person)
            }
    }

    /// Returns where groups differ from the policy although the world would allow a match, one sentence each.
    ///
    /// `departed` are people who left or were added without Rollcall, by group.
    package func shortcomings(of world: SimulatedWorld, departed: [GroupID: Set<PhoneNumber>]) -> [String] {
        groups.flatMap { group -> [String] in
            let roles = world.trueGroup(group.id)?.roles ?? [:]
            return missing(from: roles, group, departed[group.id] ?? [])
                + excess(in: roles, group).map { "\($0) in \(group.id)" }
        }
    }

    private func isKnownByLIDAlone(_ person: PhoneNumber, in group: HardGroup) -> Bool {
        hidden.contains(person) && checkedByLID.contains(person) && group.otherSpelling.contains(person)
    }

    private func missing(
        from roles: [PhoneNumber: Role], _ group: HardGroup, _ departed: Set<PhoneNumber>
    ) -> [String] {
        let isFull = roles.count >= min(group.sizeLimit, group.groupSize)
        return group.desired.sorted { $0.key < $1.key }.compactMap { person, _ in
            guard roles[person] == nil, !isFull, !withoutAccount.contains(person), !declines(person, in: group.id),
                !group.kept.contains(person), !(group.rejoin == .never && departed.contains(person))
            else { return nil }
            // WhatsApp allows fewer members than the policy assumes, so tries may have been used up while the group was
            // full.
            if group.sizeLimit < group.groupSize { return nil }
            return "\(person) is missing from \(group.id)"
        }
    }

    private func excess(in roles: [PhoneNumber: Role], _ group: HardGroup) -> [String] {
        let admins = roles.count { $0.value == .admin }
        // A promotion or demotion that fails each night keeps the admins that the policy no longer wants.
        let isBarred = group.desired.contains { isKnownByLIDAlone($0.key, in: group) }
        return roles.sorted { $0.key < $1.key }.compactMap { person, role in
            if group.untouchable.contains(person) { return nil }
            let wanted = group.desired[person]
            // A hidden person is matched only if WhatsApp gives the LID, and is then known by the policy's number.
            let isKnown = !hidden.contains(person)
            let canBeCalled = isKnown || (checkedByLID.contains(person) && !group.otherSpelling.contains(person))
            switch (wanted, role) {
            case (.admin?, .member) where canBeCalled:
                return "\(person) is no admin"
            case (.member?, .admin) where group.mode == .exact && canBeCalled && tellsOwnAccount && !isBarred:
                return admins > group.minAdmins ? "\(person) is still an admin" : nil
            case (nil, _) where group.mode == .exact && isKnown && tellsOwnAccount:
                if role == .admin, isBarred || admins <= group.minAdmins { return nil }
                return "\(person) is still there"
            default: return nil
            }
        }
    }
}
