import Core
import GatewaySimulator
import Stage

/// Watches each group's admin count after each change, and records our calls that left too few.
final class AdminWatch: Sendable {
    private struct State {
        var admins: [GroupID: Int]
        /// Groups that lost an admin without our action, which no store shows before its next read.
        var excused: Set<GroupID> = []
        /// Admins promoted by others, which no store shows before its next read.
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

    /// Excuses a group whose admin count nobody can know.
    func excuse(_ group: GroupID) { state.withLock { _ = $0.excused.insert(group) } }

    /// Ends the excuse: the store has been updated.
    func endExcuse(of group: GroupID) {
        state.withLock {
            $0.excused.remove(group)
            $0.unseen[group] = nil
        }
    }

    /// Excuses the removal of an admin that the store shows as an ordinary member.
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
