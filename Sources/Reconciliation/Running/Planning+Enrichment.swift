import Core
import GatewayAPI
import PolicyFiles
import RunLedger

extension Planning {
    /// Warns about people who are to be changed again after earlier runs changed them back and forth.
    func warnOfFlapping(in plan: inout Plan, at now: Timestamp, by clock: LedgerClock) async throws(LedgerError) {
        let since = now.advanced(byMilliseconds: -ActionCounts.flappingWindow)
        for index in plan.groups.indices where !plan.groups[index].actions.isEmpty {
            let phones = Set(plan.groups[index].actions.compactMap(\.phone))
            let changes = try await ledger.confirmedChanges(
                of: phones, in: plan.groups[index].key, since: since, by: clock)
            // An add and a promotion of the same person need only one warning.
            var named: Set<PhoneNumber> = []
            for action in plan.groups[index].actions {
                guard let phone = action.phone, !named.contains(phone),
                    let counts = changes[phone]?.flapping(before: action.operation)
                else { continue }
                named.insert(phone)
                plan.groups[index].warnings.append(.flapping(phone, person: action.person, counts))
            }
        }
    }

    /// Warns about members known only by LID, if the gateway did not find them by the policy's number.
    ///
    /// The same call fails every night, and only a person can find the right number.
    func warnOfUnknownNumbers(
        in plan: inout Plan, _ memory: [SessionKey: SessionMemory], _ findings: [SessionKey: SessionFindings]
    ) async throws(LedgerError) {
        for index in plan.groups.indices {
            let key = plan.groups[index].key
            let suspects = plan.groups[index].actions.filter { action in
                guard action.role != nil, let lid = action.lid else { return false }
                return memory[key.sessionKey]?.phones[lid] == nil && findings[key.sessionKey]?.phones[lid] == nil
            }
            var notFound: [Operation: Set<PhoneNumber>] = [:]
            for (operation, actions) in Dictionary(grouping: suspects, by: \.operation) {
                notFound[operation] = try await ledger.peopleNotFound(
                    operation, among: actions.compactMap(\.phone), in: key)
            }
            for action in suspects {
                guard let phone = action.phone, notFound[action.operation]?.contains(phone) == true else { continue }
                plan.groups[index].warnings.append(.numberNotFound(phone, person: action.person, action.operation))
            }
        }
    }

    /// Reads the invite links of groups with declined adds.
    func readInviteLinks(for plan: inout Plan) async throws(RunFault) {
        for index in plan.groups.indices where plan.groups[index].holds.contains(where: { $0.kind == "declined" }) {
            let key = plan.groups[index].key
            guard let gateway = gateways[key.gateway] else { continue }
            do {
                plan.groups[index].inviteLink = try await gateway.reading.inviteLink(of: key.group, of: key.session)
            } catch {
                if error.kind == .credentialsRejected { throw .credentialsRejected(key.gateway, error) }
                plan.groups[index].warnings.append(.noInviteLink(error.message))
            }
        }
    }

    /// Plans one group again, without limits, to check whether a planned action is still needed.
    func replan(_ key: GroupKey) async -> GroupPlan {
        let now = time.now()
        guard let index = groups.first(where: { policies.groups[$0] == key }) else {
            return GroupPlan(key: key, name: nil, limits: configuration.limits)
        }
        var narrowed = self
        narrowed.groups = [index]
        do {
            let reader = GroupReader(gateways: gateways, concurrency: 1, time: time, progress: SilentProgress())
            let request = narrowed.request(try await narrowed.memory(by: narrowed.clock(at: now)), [:], at: now)
            let drafts = try await narrowed.read(reader, request).drafts
            let plan = Planner.plan(
                drafts, policyDigest: "", limits: configuration.limits,
                acceptedRemovals: drafts.reduce(0) { $0 + $1.removalCount })
            if let group = plan.groups.first { return group }
        } catch {
            if case .credentialsRejected = error { control.stop(.credentialsRejected) }
            return GroupPlan(key: key, name: nil, limits: configuration.limits, fault: .notReadAgain(error.message))
        }
        return GroupPlan(key: key, name: nil, limits: configuration.limits)
    }
}

/// Discards all progress.
private struct SilentProgress: ProgressReporting {
    func report(_ progress: Progress) {}
}
