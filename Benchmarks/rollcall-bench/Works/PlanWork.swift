import Foundation

/// Planning groups that match their policy, over HTTP against nginx.
struct PlanWork: Work {
    /// The default number of concurrent reads, each on its own connection.
    private static let connections = 8

    func measure(with bench: Bench) async throws -> Section {
        let sizes = [1] + [100, 500, 1_000, 2_000].map(bench.scaled)
        let most = bench.scaled(2_000)
        bench.say("plan: writing the answers of \(most) groups")
        let world = try PlanWorld(groups: most, sizes: sizes, at: try bench.folder("answers"))
        let server = try WebServer(world, for: bench)
        defer { server.stop() }
        let stage = try PlanStage(world, server, bench)

        let rounds = try stage.rounds(sizes: sizes, connections: Self.connections)
        let largest = rounds.known[most] ?? []
        let (first, second) = (rounds.perGroup(sizes[1], above: 0), rounds.perGroup(most, above: 0))
        var rows = sizes.map { size in
            Row("\(size) group\(size == 1 ? "" : "s"): time", (rounds.known[size] ?? []).times)
        }
        rows += [
            Row("\(most) groups, compared with Python", largest.times)
                .timesFaster("the script, 8 threads", rounds.script.times, atLeast: 10),
            Row("\(most) groups: processor time", largest.processorTimes)
                .timesFaster("the script", rounds.script.processorTimes),
            Row("\(most) groups: memory", largest.peaks).below(200e6),
            Row("\(most) groups: member lists read", rounds.readingRate)
                .share("wrk on \(Self.connections) connections", rounds.wrk, atLeast: 0.25),
            Row("a group of \(most)", second).times("a group of \(sizes[1])", first),
            Row("a group of \(most), beyond the time of one group", rounds.perGroup(most, above: 1))
                .times("a group of \(sizes[1])", rounds.perGroup(sizes[1], above: 1), atMost: 1.15),
            Row("the same, processor time", rounds.perGroup(most, above: 1, \.processorSeconds))
                .times(
                    "a group of \(sizes[1])", rounds.perGroup(sizes[1], above: 1, \.processorSeconds), atMost: 1.15),
            Row("\(most) groups, a new ledger: time", rounds.new.times)
                .timesFaster("the script, 8 threads", rounds.script.times),
            Row("\(most) groups, a new ledger: memory", rounds.new.peaks),
            Row("\(most) groups, everybody written out: time", rounds.writtenOut.times),
            Row("\(most) groups, everybody written out: memory", rounds.writtenOut.peaks).below(200e6),
            Row("\(most) groups, nicknames in any script: time", rounds.nicknamed.times)
                .times("with plain ones", largest.times),
        ]
        return Section(title: "`plan` with nothing to do, groups of 500", rows: rows)
    }
}

/// The projects to plan, and the programs that plan them.
struct PlanStage {
    private let world: PlanWorld
    private let server: WebServer
    private let bench: Bench
    private let most: Int

    /// Writes the policies.
    init(_ world: PlanWorld, _ server: WebServer, _ bench: Bench) throws {
        self.world = world
        self.server = server
        self.bench = bench
        most = world.groups
        for size in world.sizes { try make("teams-\(size)", size, writtenOut: false, world: "plain") }
        try make("written-out", most, writtenOut: true, world: "plain")
        try make("nicknamed", most, writtenOut: false, world: "nicknamed")
        try make("new", most, writtenOut: false, world: "plain")
        try world.writePaths(to: bench.path("paths"))
    }

    private func make(_ name: String, _ groups: Int, writtenOut: Bool, world kind: String) throws {
        let folder = try bench.folder("plan-\(name)")
        try Project.make(at: folder, gateway: "\(server.url)/\(kind)-\(groups)")
        try world.writePolicy(of: groups, to: "\(folder)/policies/all.yaml", writtenOut: writtenOut)
    }

    /// Runs `plan`, and checks that it read exactly what it had to.
    private func plan(_ name: String, _ groups: Int, contacts pages: Int) throws -> (trial: Trial, rate: Double) {
        try server.forget()
        let asDesired = groups == 1 ? "1 group matches the policy" : "\(groups) groups match the policy"
        let trial = try bench.run(
            bench.rollcall, ["plan"], in: bench.path("plan-\(name)"), saying: "No changes. \(asDesired)")
        let requests = try server.requests()
        guard requests.rosters.count == groups, requests.contacts == groups * pages,
            let first = requests.rosters.first, let last = requests.rosters.last
        else {
            throw Complaint(
                "A plan of \(groups) groups read \(requests.rosters.count) member lists and \(requests.contacts) pages of contacts."
            )
        }
        return (trial, Double(groups - 1) / max(last - first, 0.001))
    }

    private func copyLedger(from name: String, to other: String) throws {
        try FileManager.default.copyItem(
            atPath: bench.path("plan-\(name)/rollcall.sqlite"), toPath: bench.path("plan-\(other)/rollcall.sqlite"))
    }

    private func planWithNewLedger() throws -> Trial {
        for companion in ["", "-wal", "-shm", ".lock"] {
            let path = bench.path("plan-new/rollcall.sqlite\(companion)")
            if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
        }
        return try plan("new", most, contacts: 3).trial
    }

    private func walk(_ connections: Int) throws -> Double {
        let trial = try bench.run(
            "/usr/bin/env",
            [
                "wrk", "-t1", "-c\(connections)", bench.isQuick ? "-d1s" : "-d5s", "-s",
                bench.script("walk_rosters.lua"),
                server.url, "--", bench.path("paths"),
            ], saying: "failed 0\n")
        let words = trial.output.split { $0 == " " || $0 == "\n" }
        guard let position = words.firstIndex(of: "rate"), position + 1 < words.count,
            let rate = Double(words[position + 1])
        else { throw Complaint("wrk printed no rate.") }
        return rate
    }

    /// Runs one round of all measurements.
    func rounds(sizes: [Int], connections: Int) throws -> PlanRounds {
        // The first plan learns the accounts; the measured plans know them, for any part of the groups.
        _ = try plan("teams-\(most)", most, contacts: 3)
        for size in sizes where size != most { try copyLedger(from: "teams-\(most)", to: "teams-\(size)") }
        for name in ["written-out", "nicknamed"] { _ = try plan(name, most, contacts: 3) }
        let script = [
            bench.script("plain_plan.py"), bench.path("plan-new/policies/all.yaml"), "\(server.url)/plain-\(most)",
        ]
        var rounds = PlanRounds()
        for round in 0...bench.runs {
            bench.sayRound(round, of: bench.runs, "plan")
            var next = PlanRounds()
            // Short runs are measured more often, alternating with their yardstick.
            for turn in 0..<12 {
                for size in sizes where turn == 0 || size <= 100 || (size == most && turn % 3 == 0) {
                    let (trial, rate) = try plan("teams-\(size)", size, contacts: 0)
                    next.known[size, default: []].append(trial)
                    if size == most { next.rates.append(rate) }
                }
            }
            next.wrkRates.append(try walk(connections))
            next.script.append(
                try bench.run(bench.python, script, saying: "0 differences in \(most) groups"))
            next.new.append(try planWithNewLedger())
            next.writtenOut.append(try plan("written-out", most, contacts: 0).trial)
            next.nicknamed.append(try plan("nicknamed", most, contacts: 0).trial)
            if round > 0 { rounds.add(next) }
        }
        return rounds
    }
}

/// Results of the plan measurements.
struct PlanRounds {
    /// Plans with a ledger that knows everybody, by number of groups.
    var known: [Int: [Trial]] = [:]
    /// Plans with a new ledger.
    var new: [Trial] = []
    /// Plans of a policy that writes everybody out.
    var writtenOut: [Trial] = []
    /// Plans of groups whose members have nicknames in any script.
    var nicknamed: [Trial] = []
    /// Runs of the Python script.
    var script: [Trial] = []
    /// Member lists a second, as nginx logged them.
    var rates: [Double] = []
    /// Member lists a second that wrk read.
    var wrkRates: [Double] = []

    /// The rates as a figure.
    var readingRate: Figure { Figure(rates, .callsPerSecond) }
    /// The rates of wrk as a figure.
    var wrk: Figure { Figure(wrkRates, .callsPerSecond) }

    /// Adds the results of another round.
    mutating func add(_ round: PlanRounds) {
        known.merge(round.known) { $0 + $1 }
        new += round.new
        writtenOut += round.writtenOut
        nicknamed += round.nicknamed
        script += round.script
        rates += round.rates
        wrkRates += round.wrkRates
    }

    /// Returns the time of each group beyond the first `base` groups, zero or one.
    func perGroup(_ size: Int, above base: Int, _ time: (Trial) -> Double = \.seconds) -> Figure {
        let start = base == 0 ? 0 : Figure((known[1] ?? []).map(time), .seconds).value
        return Figure((known[size] ?? []).map { (time($0) - start) / Double(max(1, size - base)) }, .seconds)
    }
}
