import GatewayAPI
import Membership
import PolicyFiles
import Reconciliation
import RunLedger

extension Planning {
    /// Points out people to whom earlier runs have done more than once what is to be done again, or its opposite.
    func pointOutFlapping(in plan: inout Plan, at now: Timestamp, by clock: LedgerClock) async throws(LedgerError) {
        let since = now.advanced(byMilliseconds: -ActionCounts.flappingWindow)
        for index in plan.groups.indices where !plan.groups[index].actions.isEmpty {
            let phones = Set(plan.groups[index].actions.compactMap(\.phone))
            let changes = try await ledger.confirmedChanges(
                of: phones, in: plan.groups[index].key, since: since, by: clock)
            // Whoever is to be added is made an admin afterwards: that is one piece of news.
            var told: Set<PhoneNumber> = []
            for action in plan.groups[index].actions {
                guard let phone = action.phone, !told.contains(phone),
                    let counts = changes[phone]?.flapping(before: action.operation)
                else { continue }
                told.insert(phone)
                plan.groups[index].warnings.append(.flapping(phone, person: action.person, counts))
            }
        }
    }

    /// Points out members who are known by LID alone and for whom the gateway had no member by the policy's number: the
    /// same call fails every night, and only a human can tell the right number.
    func pointOutUnknownNumbers(
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

    /// Reads the invite links of the groups to which someone could not be added.
    func readInviteLinks(for plan: inout Plan) async throws(Failure) {
        for index in plan.groups.indices where plan.groups[index].holds.contains(where: { $0.kind == "declined" }) {
            let key = plan.groups[index].key
            guard let gateway = gateways[key.gateway] else { continue }
            do {
                plan.groups[index].inviteLink = try await gateway.reading.inviteLink(of: key.group, of: key.session)
            } catch {
                if error.httpStatus == 401 { throw Failure(credentialsRejectedBy: key.gateway, error) }
                plan.groups[index].warnings.append(.noInviteLink(error.message))
            }
        }
    }

    /// Plans one group again, without limits: for a look at whether a planned action is still called for.
    func replan(_ key: GroupKey, in context: Context) async -> GroupPlan {
        let now = context.time.now()
        guard let index = groups.first(where: { project.policies.groups[$0] == key }) else {
            return GroupPlan(key: key, name: nil, limits: project.configuration.limits)
        }
        var narrowed = self
        narrowed.groups = [index]
        do {
            let surveyor = Surveyor(
                gateways: gateways, concurrency: 1, time: context.time, progress: SilentProgress())
            let survey = try await narrowed.survey(
                surveyor, narrowed.request(try await narrowed.memory(by: narrowed.clock(at: now)), [:], at: now),
                in: context)
            let count = survey.drafts.reduce(0) { $0 + $1.takenAway }
            let plan = Planner.plan(
                survey.drafts, policyDigest: "", limits: project.configuration.limits, acceptedRemovals: count)
            if let group = plan.groups.first { return group }
        } catch {
            if error.status == .credentialsRejected { context.control.stop(.credentialsRejected) }
            return GroupPlan(
                key: key, name: nil, limits: project.configuration.limits, fault: .notReadAgain(error.sentence))
        }
        return GroupPlan(key: key, name: nil, limits: project.configuration.limits)
    }
}

/// Tells nobody anything.
private struct SilentProgress: ProgressReporting {
    func report(_ progress: Progress) {}
}
