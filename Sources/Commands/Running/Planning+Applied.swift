import Core
import Logging
import PolicyFiles
import Reconciliation
import RunLedger

extension Planning {
    /// Returns the policies' earlier and present members, if the drafts remove or demote anyone.
    func change(behind drafts: [GroupDraft], on day: CalendarDate) async throws(Failure) -> PolicyChange {
        guard drafts.contains(where: { $0.asksForRemovals || $0.holdsSomebodyUnnamed }) else { return PolicyChange() }
        do throws(LedgerError) {
            return PolicyChange(before: try await ledger.appliedGroups(), now: project.policies.shape(on: day))
        } catch {
            throw Failure(error)
        }
    }

    /// Returns the groups that an earlier run applied and that are in no policy now.
    func groupsNoLongerInPolicies() async throws(Failure) -> Set<GroupKey> {
        let described = Set(project.policies.groups.map(\.group))
        do throws(LedgerError) {
            return try await ledger.keysOfAppliedGroups().filter { !described.contains($0.group) }
        } catch {
            throw Failure(error)
        }
    }

    /// Warns about groups that have left the policies since their last apply, once.
    func warnOfGroupsNoLongerInPolicies(_ left: Set<GroupKey>) {
        if left.isEmpty { return }
        let shown = left.sorted().prefix(5).map(\.group.jid).joined(separator: ", ")
        let more = left.count > 5 ? " and \(left.count - 5) more" : ""
        let what = left.count == 1 ? "1 group of earlier runs is" : "\(left.count) groups of earlier runs are"
        logger.warning("\(what) no longer in any policy and will not be changed: \(shown)\(more)")
    }

    /// Forgets the groups that have left the policies.
    func forget(_ left: Set<GroupKey>) async throws(Failure) {
        do throws(LedgerError) { try await ledger.forgetApplied(left) } catch { throw Failure(error) }
    }

    /// Remembers the policies' members of the groups in a plan that was applied.
    ///
    /// People whose removal was blocked stay among them, so the next run can see that many removals share a cause.
    func rememberApplied(_ plan: Plan, at now: Timestamp) async throws(Failure) {
        let policies = project.policies
        let positions = Dictionary(uniqueKeysWithValues: groups.map { (policies.groups[$0], $0) })
        let day = Timestamp(milliseconds: now.milliseconds - now.milliseconds % Self.day)
        do throws(LedgerError) {
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
        } catch {
            throw Failure(error)
        }
    }
}
