import GatewaySimulator
import Locking
import Membership
import Stage

/// Watches how many admins each group has after each change, and notes where a call of ours left too few.
final class AdminWatch: Sendable {
    private struct State {
        var admins: [GroupID: Int]
        /// Groups of whose admins one is gone without our doing, which no store tells before it is read anew.
        var excused: Set<GroupID> = []
        /// Whom others have made admins, which no store tells before it is read anew.
        var unseen: [GroupID: Set<PhoneNumber>] = [:]
        var wrongs: [String] = []
    }

    private let least: [GroupID: Int]
    private let state: Guarded<State>

    init(_ hard: HardWorld) {
        least = Dictionary(uniqueKeysWithValues: hard.groups.map { ($0.id, $0.minAdmins) })
        let admins = hard.groups.map { group in (group.id, group.actual.count { $0.value == .admin }) }
        state = Guarded(State(admins: Dictionary(uniqueKeysWithValues: admins)))
    }

    var wrongs: [String] { state.withLock { $0.wrongs } }

    /// Takes in that nobody can know how many admins a group has.
    func excuse(_ group: GroupID) { state.withLock { _ = $0.excused.insert(group) } }

    /// Takes in that the store has been told.
    func endExcuse(of group: GroupID) {
        state.withLock {
            $0.excused.remove(group)
            $0.unseen[group] = nil
        }
    }

    /// Takes in that nobody can know of an admin, who may be taken away as the member whom the store shows.
    func excuse(_ admin: PhoneNumber, in group: GroupID) {
        state.withLock { _ = $0.unseen[group, default: []].insert(admin) }
    }

    func see(_ change: WorldChange) {
        let (group, count) = (change.group.id, change.group.admins.count)
        state.withLock { state in
            let before = state.admins.updateValue(count, forKey: group) ?? 0
            let isUnseen = Set(change.effects.map(\.phone)).isSubset(of: state.unseen[group] ?? [])
            if change.session != nil, count < before, count < least[group] ?? 1, !state.excused.contains(group),
                !isUnseen
            {
                state.wrongs.append("\(group) has \(count) admins after call \(change.sequence)")
            }
        }
    }
}
