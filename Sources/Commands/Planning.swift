import GatewayAPI
import Logging
import Membership
import PolicyFiles
import Reconciliation
import Reports
import RunLedger

/// The way from policies to a plan, which `plan` and `apply` share; it holds nothing that could change a group.
struct Planning {
    let project: Project
    let groups: [Int]
    let gateways: [GatewayName: ReadableGateway]
    let ledger: Ledger
    let progress: any ProgressReporting
    var acceptedRemovals: Int?

    /// Reads every group and compares it with its policy.
    func plan(in context: Context) async throws(Failure) -> Plan {
        let policies = project.policies
        let configuration = project.configuration
        let today = context.time.now().date
        let groups = groups
        let surveyor = Surveyor(
            gateways: gateways, concurrency: configuration.readConcurrency, progress: progress)
        let drafts: [GroupDraft]
        do {
            drafts = try await surveyor.survey(groups.map { policies.groups[$0] }) { index, finding in
                let desired = policies.desiredGroup(at: groups[index], on: today)
                return switch finding {
                case .success(let observation): Planner.draft(desired, observation)
                case .failure(let fault): Planner.draft(desired, fault: fault)
                }
            }
        } catch {
            switch error {
            case .credentialsRejected(let gateway, let cause):
                throw Failure(.credentialsRejected, "gateway \(gateway): \(cause.message.defusedForTerminal)")
            case .interrupted:
                throw Failure(.failure, "interrupted while reading; nothing was changed")
            }
        }
        return Planner.plan(
            drafts, policyDigest: policies.digest, limits: configuration.limits, acceptedRemovals: acceptedRemovals,
            budgets: try await budgets(in: context))
    }

    /// What each session may still add today.
    private func budgets(in context: Context) async throws(Failure) -> [SessionKey: AddBudget] {
        let perDay = project.configuration.pace.addsPerDay
        guard perDay > 0 else { return [:] }
        let since = context.time.now().advanced(byMilliseconds: -86_400_000)
        var budgets: [SessionKey: AddBudget] = [:]
        for key in Set(groups.map { project.policies.groups[$0].sessionKey }) {
            do {
                let used = try await ledger.addsSent(by: key.session, of: key.gateway, since: since)
                budgets[key] = AddBudget(perDay: perDay, used: used)
            } catch {
                throw Failure(error)
            }
        }
        return budgets
    }
}
