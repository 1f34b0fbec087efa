package import Core
import Logging
import PolicyFiles
import RunLedger

extension Planning {
    /// Returns the policies' earlier and present members, if the drafts remove or demote anyone.
    func change(behind drafts: [GroupDraft], on day: CalendarDate) async throws(RunFault) -> PolicyChange {
        guard drafts.contains(where: { $0.asksForRemovals || $0.holdsSomebodyUnnamed }) else { return PolicyChange() }
        return try await onRecord { () throws(LedgerError) in
            PolicyChange(before: try await ledger.appliedGroups(), now: policies.shape(on: day))
        }
    }

    /// Returns the groups that an earlier run applied and that are in no policy now.
    package func groupsNoLongerInPolicies() async throws(RunFault) -> Set<GroupKey> {
        let described = Set(policies.groups.map(\.group))
        return try await onRecord { () throws(LedgerError) in
            try await ledger.keysOfAppliedGroups().filter { !described.contains($0.group) }
        }
    }

    /// Warns about groups that have left the policies since their last apply, once.
    package func warnOfGroupsNoLongerInPolicies(_ left: Set<GroupKey>) {
        if left.isEmpty { return }
        let shown = left.sorted().prefix(5).map(\.group.jid).joined(separator: ", ")
        let more = left.count > 5 ? " and \(left.count - 5) more" : ""
        let what = left.count == 1 ? "1 group of earlier runs is" : "\(left.count) groups of earlier runs are"
        logger.warning("\(what) no longer in any policy and will not be changed: \(shown)\(more)")
    }

    /// Forgets the groups that have left the policies.
    func forget(_ left: Set<GroupKey>) async throws(RunFault) {
        try await onRecord { () throws(LedgerError) in try await ledger.forgetApplied(left) }
    }

    /// Remembers the policies' members of the groups in a plan that was applied.
    ///
    /// People whose removal was blocked stay among them, so the next run can see that many removals share a cause.
    func rememberApplied(_ plan: Plan, at now: Timestamp) async throws(RunFault) {
        let positions = Dictionary(uniqueKeysWithValues: groups.map { (policies.groups[$0], $0) })
        let day = Timestamp(milliseconds: now.milliseconds - now.milliseconds % Self.day)
        try await onRecord { () throws(LedgerError) in
            let known = try await ledger.groupsApplied(
                with: policies.digest, since: policies.dependsOnTheDay ? day : Timestamp(milliseconds: 0))
            let changed = plan.groups.filter { group in
                group.fault == nil && (!known.contains(group.key) || !group.actions.isEmpty || group.isWithheld)
            }
            if changed.isEmpty { return }
            var before: [GroupKey: [AppliedPerson]]?
            var applied: [GroupKey: [AppliedPerson]] = [:]
            for group in changed {
                guard let position = positions[group.key] else { continue }
                var wanted = policies.appliedPeople(at: position, on: now.date)
                let isAdditive = policies.mode(at: position) == .additive
                if isAdditive || group.isWithheld {
                    if before == nil { before = try await ledger.appliedGroups() }
                    wanted = wanted.remembered(after: before?[group.key], by: group, isAdditive: isAdditive)
                }
                applied[group.key] = wanted
            }
            try await ledger.rememberApplied(applied, digest: policies.digest, at: now)
        }
    }
}
