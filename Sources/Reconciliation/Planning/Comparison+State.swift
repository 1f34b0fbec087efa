import Core
import GatewayAPI
import RunLedger

extension Comparison {
    mutating func addGroupWarnings() {
        if let name = desired.name, let subject = seen.record.subject, name != subject {
            result.plan.warnings.append(.nameDiffers(policy: name, subject: subject))
        }
        if seen.roster.foreignEntryCount > 0 {
            result.plan.warnings.append(.foreignEntryCount(seen.roster.foreignEntryCount))
        }
    }

    /// Adds warnings about the session's connection and a member list that cannot be trusted.
    mutating func addStoreWarnings() {
        if let status = seen.sessionStatus, status != "working", !result.isEmpty {
            result.plan.warnings.append(.notConnected(status: status))
        }
        let isAboutAdds = !result.adds.isEmpty || result.plan.holds.contains { $0.kind == "unconfirmed" }
        // If removals are blocked, each hold already gives this cause.
        let isSilent = result.plan.isUnjudged && result.removalCount == 0
        guard isAboutAdds || isSilent, let cause = result.doubt, cause != .ownAccountUnknown else { return }
        result.plan.warnings.append(.doubtfulRoster(cause))
    }

    /// Returns the fault if the member list proves that the session's account is not an admin; else nil.
    func missingRights() -> GroupFault? {
        func isCertainlyNoAdmin(_ entry: SeenMember) -> Bool { entry.role == .member && entry.roleStatus == .plain }
        guard !result.isEmpty, !own.isEmpty, own.allSatisfy({ isCertainlyNoAdmin(roster.members[$0]) }) else {
            return nil
        }
        return .notAdmin
    }

    /// Returns why the member list cannot be trusted for removals and demotions; nil if it can.
    func doubt() -> WithheldCause? {
        if roster.members.isEmpty { return seen.record.participantCount == nil ? .neverRead : .rosterEmpty }
        // With sightings alone, a person who is not listed may still be in the group.
        if seen.own != nil, own.isEmpty, seen.stored.basis != .sightings { return .ownAccountMissing }
        let listed = roster.members.count + seen.roster.foreignEntryCount
        switch seen.stored.basis {
        case .list:
            guard let count = seen.record.participantCount else { return .neverRead }
            if count != listed { return .countDiffers(reported: count, listed: listed) }
        case .snapshot: break
        case .sightings:
            guard let count = seen.record.participantCount, let together = seen.stored.listedTogether else {
                return .neverRead
            }
            return .countDiffers(reported: count, listed: together)
        }
        if let good = memory.lastGood, good.hasShrunk(to: listed, removedSince: memory.removedSince) {
            let clearsAt = good.shrinkage(to: listed, at: rules.now).clearsAt
            if rules.now < clearsAt {
                return .shrunk(from: good.size, to: listed, seenAt: good.observedAt, clearsAt: clearsAt)
            }
        }
        // Last, because it says nothing against the member list itself.
        return seen.own == nil ? .ownAccountUnknown : nil
    }
}

extension Comparison {
    /// Whether WhatsApp says that the policy's number for a LID has no account, or another one, while a wanted person
    /// is missing.
    ///
    /// Then this member may be the missing person.
    func isUnusedPolicyNumber(_ lid: LID) -> Bool {
        guard found.contains(where: \.isEmpty) || desired.kept.contains(where: { roster.entries(of: $0).isEmpty }),
            let pin = desired.named[lid]?.phone, let check = seen.checks[pin]
        else { return false }
        return !check.isOnWhatsApp || check.account?.lid.map { $0 != lid } ?? false
    }

    /// The numbers of wanted or kept people that have no WhatsApp account.
    var notOnWhatsApp: [PhoneNumber] {
        guard !seen.checks.isEmpty else { return [] }
        var numbers: [PhoneNumber] = []
        desired.forEachWantedOrKept { person in
            if let phone = person.phone, seen.checks[phone]?.isOnWhatsApp == false { numbers.append(phone) }
        }
        return numbers
    }
}

extension Comparison {
    /// The maximum length of a nickname, in characters.
    private static let longestNickname = 40

    /// Returns the nickname of a member that the policy does not name; nil if unknown.
    ///
    /// The `~` in front marks it; no name in a policy begins with it.
    func nickname(of entry: SeenMember) -> String? {
        let contacts = seen.nicknamed
        let byLID = entry.lid.flatMap { lid in
            contacts.prefix(lowerBound(contacts.count) { contacts[$0].lid <= lid }).last.flatMap {
                $0.lid == lid ? $0 : nil
            }
        }
        let contact = byLID ?? entry.phone.flatMap { phone in contacts.last { $0.phone == phone } }
        return contact?.name.map { "~\($0.prefix(Self.longestNickname))" }
    }
}

extension DeclinedRule {
    /// Returns the milliseconds to wait after a number of tries; each pause is longer than the one before.
    func pause(afterTries tries: Int) -> Int64 {
        var pause = Double(retryAfter.milliseconds)
        for _ in 1..<max(1, tries) { pause *= backoff }
        return Int64(min(pause, 10 * 365 * 86_400_000))
    }
}
