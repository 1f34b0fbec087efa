import Membership

/// The teams with the teams in them, walked without recursion: a chain of teams may be as long as a file.
struct TeamGraph {
    private let index: PolicyIndex
    private var states: [State]
    private var holdsSomebody: [Bool]
    private var path: [(team: Int, next: Int)] = []

    private enum State { case unseen, open, done }

    /// Looks at the teams of an index whose entries are resolved.
    init(index: PolicyIndex) {
        self.index = index
        states = Array(repeating: .unseen, count: index.teams.count)
        // Of a team without entries that may not be so, it has been told already: what follows from it is not told again.
        holdsSomebody = index.teams.map { $0.isIncomplete || $0.entries.indices.isEmpty && !$0.mayBeEmpty }
    }

    /// Whether each team holds anybody at all, dates aside; teams that hold themselves are noted.
    consuming func check(log: inout DiagnosticLog) -> [Bool] {
        for team in index.teams.indices where states[team] == .unseen {
            open(team)
            while let top = path.last {
                step(from: top, log: &log)
            }
        }
        return holdsSomebody
    }

    private mutating func open(_ team: Int) {
        states[team] = .open
        path.append((team, index.teams[team].entries.indices.lowerBound))
    }

    private mutating func step(from top: (team: Int, next: Int), log: inout DiagnosticLog) {
        guard top.next < index.teams[top.team].entries.indices.upperBound else {
            states[top.team] = .done
            path.removeLast()
            if holdsSomebody[top.team], let parent = path.last { holdsSomebody[parent.team] = true }
            return
        }
        path[path.count - 1].next += 1
        let entry = index.entries[top.next]
        guard entry.target.kind == .team else {
            // A name that could not be looked up may be somebody.
            holdsSomebody[top.team] = true
            return
        }
        let inner = entry.target.index
        switch states[inner] {
        case .unseen: open(inner)
        case .done: if holdsSomebody[inner] { holdsSomebody[top.team] = true }
        case .open:
            holdsSomebody[top.team] = true
            log.error(
                "the team \(quoted(name(of: inner))) would hold itself (\(cycle(from: inner))); break the circle by taking"
                    + " one team out of the list that it stands in", at: index.location(entry.place))
        }
    }

    /// The teams from one to the end of the path and back, in words.
    private func cycle(from team: Int) -> String {
        let start = path.firstIndex { $0.team == team } ?? 0
        var names = path[start...].map { name(of: $0.team) } + [name(of: team)]
        if names.count > 12 { names.replaceSubrange(6..<names.count - 5, with: ["…"]) }
        return names.joined(separator: " → ")
    }

    private func name(of team: Int) -> String { index.teams[team].name ?? "a CSV file" }
}
