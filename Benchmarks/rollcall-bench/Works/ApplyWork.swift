import Foundation

/// Adding people as fast as the simulator accepts it, with one session and with sixteen side by side.
///
/// A rate counts from the first to the last change that the simulator received. It includes the reads of the member
/// lists in between, not the planning before or the exit.
struct ApplyWork: Work {
    /// People who are added to each group.
    private static let newcomers = 250

    func measure(with bench: Bench) async throws -> Section {
        let actions = bench.scaled(20_000)
        let one = try measure(sessions: 1, actions, "a libcurl handle, one call after another", atLeast: 0.35, bench)
        let many = try measure(sessions: 16, actions, "16 libcurl handles side by side", atLeast: 0.5, bench)
        return Section(title: "unpaced `apply` of \(actions) adds against the simulator", rows: one + many)
    }

    private func measure(
        sessions: Int, _ actions: Int, _ yardstick: String, atLeast bound: Double, _ bench: Bench
    ) throws -> [Row] {
        let groups = max(1, actions / Self.newcomers / sessions)
        let world = ApplyWorld(sessions: sessions, groups: groups, newcomers: actions / sessions / groups)
        let folder = try bench.folder("apply-\(sessions)")
        try generate("\(folder)/seed.yaml", world.seed)
        let name = sessions == 1 ? "one session" : "\(sessions) sessions"
        var rates: (ours: [Double], bare: [Double]) = ([], [])
        var trials: [Trial] = []
        for round in 0...bench.runs {
            bench.sayRound(round, of: bench.runs, "apply, \(name)")
            let (trial, changes) = try apply(world, in: folder, bench)
            let bare = try replay(changes, world, in: folder, bench)
            guard round > 0 else { continue }
            trials.append(trial)
            rates.ours.append(try changes.rate())
            rates.bare.append(try bare.rate())
        }
        return [
            Row("\(name): calls", Figure(rates.ours, .callsPerSecond))
                .share(yardstick, Figure(rates.bare, .callsPerSecond), atLeast: bound),
            Row("\(name): the whole command", trials.times),
            Row("\(name): its processor time", trials.processorTimes),
            Row("\(name): memory", trials.peaks),
        ]
    }

    private func apply(_ world: ApplyWorld, in folder: String, _ bench: Bench) throws -> (Trial, [Change]) {
        let simulator = try Simulator(seed: "\(folder)/seed.yaml", for: bench)
        defer { simulator.stop() }
        let project = try bench.folder("apply-project")
        // One connection a session, as the yardstick has.
        try Project.make(at: project, gateway: simulator.url, concurrency: max(8, world.sessions))
        try world.writePolicies(to: "\(project)/policies")
        let trial = try bench.run(
            bench.rollcall, ["apply", "--yes"], in: project, saying: "\nDone: \(world.actions) added")
        return (trial, try simulator.changes(world.actions))
    }

    /// Sends the same calls to the same world, each session's in the same order.
    private func replay(
        _ changes: [Change], _ world: ApplyWorld, in folder: String, _ bench: Bench
    ) throws -> [Change] {
        let simulator = try Simulator(seed: "\(folder)/seed.yaml", for: bench)
        defer { simulator.stop() }
        let lanes = Dictionary(
            uniqueKeysWithValues: Set(changes.map(\.session)).sorted().enumerated().map { ($1, $0) })
        let lines = changes.map { "\(lanes[$0.session] ?? 0)\t\($0.method)\t\($0.path)\t\($0.body)\n" }
        try generate("\(folder)/calls", lines.joined())
        try bench.run(
            bench.yardstick("send_calls"),
            [simulator.url, "wa_bench", "\(folder)/calls", String(world.sessions)], saying: "\(world.actions) calls\n")
        return try simulator.changes(world.actions)
    }
}

/// Sessions with their own groups; applies add people to them.
struct ApplyWorld: Sendable {
    /// How many sessions.
    let sessions: Int
    /// How many groups each has.
    let groups: Int
    /// How many people are added to each group.
    let newcomers: Int

    /// How many people are added in all.
    var actions: Int { sessions * groups * newcomers }

    private static let accounts = 900_000

    private func name(_ session: Int) -> String { "S\(People.padded(session, to: 2))" }

    /// The simulator's seed file.
    var seed: String {
        var text = """
            organisations: { bench: { keys: { rollcall: { token: wa_bench } } } }
            people:

            """
        for session in 0..<sessions {
            text += "  own\(session): { phone: \"\(People.phone(Self.accounts + session))\" }\n"
        }
        text += "sessions:\n"
        for session in 0..<sessions {
            text += "  \(name(session)): { organisation: bench, account: own\(session) }\n"
        }
        text += "groups:\n"
        for session in 0..<sessions {
            for group in 0..<groups {
                text += "  \(People.group(session * groups + group)): "
                text += "{ session: \(name(session)), creator: own\(session), admins: [own\(session)] }\n"
            }
        }
        return text
    }

    /// Writes a policy for each session.
    func writePolicies(to folder: String) throws {
        var person = 1
        for session in 0..<sessions {
            var file = try GeneratedFile("\(folder)/\(name(session)).yaml")
            try file.add("session: \(name(session))\ngroups:\n")
            for group in 0..<groups {
                try file.add("  \(People.group(session * groups + group)):\n")
                try file.add("    admins: [\"\(People.phone(Self.accounts + session))\"]\n    members:\n")
                for _ in 0..<newcomers {
                    try file.add("    - \"\(People.phone(person))\"\n")
                    person += 1
                }
            }
            try file.close()
        }
    }
}
