import Core

/// Checks the teams for cycles and emptiness, without recursion, since a chain of teams may be as long as a file.
struct TeamGraph {
    private let index: PolicyIndex
    private var states: [State]
    private var hasMembers: [Bool]
    private var path: [(team: Int, next: Int)] = []

    private enum State { case unseen, open, done }

    /// Creates a graph from an index with resolved entries.
    init(index: PolicyIndex) {
        self.index = index
        states = Array(repeating: .unseen, count: index.teams.count)
        // An empty team is already reported, so treat it as not empty to avoid further errors.
        hasMembers = index.teams.map { $0.isIncomplete || $0.entries.isEmpty && !$0.mayBeEmpty }
    }

    /// Reports teams that contain themselves; returns whether each team has anybody, ignoring dates.
    consuming func check(log: inout DiagnosticLog) -> [Bool] {
        for team in index.teams.indices where states[team] == .unseen {
            open(team)
            while let top = path.last { step(from: top, log: &log) }
        }
        return hasMembers
    }

    private mutating func open(_ team: Int) {
        states[team] = .open
        path.append((team, index.teams[team].entries.lowerBound))
    }

    private mutating func step(from top: (team: Int, next: Int), log: inout DiagnosticLog) {
        guard top.next < index.teams[top.team].entries.upperBound else {
            states[top.team] = .done
            path.removeLast()
            if hasMembers[top.team], let parent = path.last { hasMembers[parent.team] = true }
            return
        }
        path[path.count - 1].next += 1
        let entry = index.entries[top.next]
        guard entry.target.kind == .team else {
            // An undefined name may be somebody.
            hasMembers[top.team] = true
            return
        }
        let inner = entry.target.index
        switch states[inner] {
        case .unseen: open(inner)
        case .done: if hasMembers[inner] { hasMembers[top.team] = true }
        case .open:
            hasMembers[top.team] = true
            log.error(
                "the team \(quoted(name(of: inner))) contains itself (\(cycle(from: inner))); delete this entry, or"
                    + " another entry of this cycle", at: index.location(entry.position))
        }
    }

    /// Returns the cycle in words, from a team to the end of the path and back.
    private func cycle(from team: Int) -> String {
        let start = path.firstIndex { $0.team == team } ?? 0
        var names = path[start...].map { name(of: $0.team) } + [name(of: team)]
        if names.count > 12 { names.replaceSubrange(6..<names.count - 5, with: ["…"]) }
        return names.joined(separator: " → ")
    }

    private func name(of team: Int) -> String { index.teams[team].name ?? "a CSV file" }
}
