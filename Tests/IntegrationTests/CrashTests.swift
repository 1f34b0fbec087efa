import Core
import Foundation
import Glibc
import Stage
import Testing

@Suite("Killed applies", .serialized) struct CrashTests {
    /// The number of moments from `ROLLCALL_CRASH_POINTS`; nil uses the few of the ordinary suite.
    private static let points = ProcessInfo.processInfo.environment["ROLLCALL_CRASH_POINTS"].flatMap(Int.init)

    /// How often an apply is killed on one ledger before one may finish.
    private static let kills = 3

    private static let rounds = 1...max(1, ((points ?? 12) + kills - 1) / kills)

    private static let tempo = Guarded(Tempo())
    private static let tally = Guarded(CrashTally())

    @Test(
        "After a kill at any moment each call is on record, and the next run completes the policy without repeats",
        arguments: rounds)
    func killed(number: Int) async throws {
        let world = CrashWorld(UInt64(number))
        let town = try Town(world.files)
        var generator = SeededGenerator(seed: UInt64(number))
        try await town.served { simulator in
            let rollcall = town.rollcall(simulator.url)
            var story = "round \(number):"
            var died: Set<String> = []
            for kill in 1...Self.kills {
                let left = max(0, world.actions - (try await GatewayRecord(of: simulator).calls.count))
                let length = Self.tempo.withLock { $0.length(ofActions: left) }
                // The first kills come early, so that something is left for the later ones.
                let moment = length * (Double.random(in: 0..<Double(kill), using: &generator) / Double(Self.kills))
                let running = try rollcall.start(["apply", "--yes"])
                try await Task.sleep(for: moment)
                running.send(SIGKILL)
                let result = await running.ending()
                let copy = try await LedgerCopy(of: town.path("rollcall.sqlite"))
                let record = try await GatewayRecord(of: simulator)
                let phase = result.signal == nil ? .afterwards : copy.phase(given: record)
                story += " killed \(phase.rawValue);"
                Self.tally.withLock { $0.phases[phase, default: 0] += 1 }
                if phase != .afterwards, let run = copy.runs.last, run.status == "running" { died.insert(run.id) }
                #expect(copy.wrongs(given: record) == [], "\(story)")
            }

            let left = max(0, world.actions - (try await GatewayRecord(of: simulator).calls.count))
            let clock = ContinuousClock()
            let start = clock.now
            let result = try await rollcall.run("apply", "--yes")
            let end = clock.now
            #expect([0, 3].contains(result.code), "\(story) \(result.output)\(result.errors)")
            let plan = try await rollcall.run("plan", "--detailed-exitcode")
            #expect(plan.code == 0, "\(story) \(plan.output)\(plan.errors)")
            Self.tempo.withLock { $0.learn(plan: clock.now - end, apply: end - start, actions: left) }

            let copy = try await LedgerCopy(of: town.path("rollcall.sqlite"))
            let record = try await GatewayRecord(of: simulator)
            #expect(copy.wrongs(given: record) == [], "\(story)")
            #expect(copy.shortcomings(died: died) == [], "\(story)")
            #expect(world.shortcomings(record, copy) == [], "\(story) \(result.output)")
            Self.tally.withLock { $0.count(record, copy) }
        }
        if Self.points != nil, number == Self.rounds.upperBound { print(Self.tally.withLock { $0 }) }
    }
}

extension LedgerCopy {
    /// Returns what died runs left undone after another run has finished.
    fileprivate func shortcomings(died: Set<String>) -> [String] {
        let applies = runs.filter { $0.command == "apply" }
        let open = applies.filter { ($0.status == "interrupted") != died.contains($0.id) || $0.status == "running" }
        let ids = Set(applies.map(\.id))
        let actions = actions.filter { ids.contains($0.run) && ["planned", "sending", "accepted"].contains($0.status) }
        return open.map { "run \($0.id) is \($0.status)" } + actions.map { "\($0.step) is \($0.status)" }
    }
}

extension CrashWorld {
    /// Returns what is not as it must be after a finished run.
    func shortcomings(_ record: GatewayRecord, _ copy: LedgerCopy) -> [String] {
        var shortcomings = expected.filter { record.groups[$0.key] != $0.value }.map { group, roles in
            "\(group) should be \(roles.sorted { $0.key < $1.key }), is \(record.groups[group] ?? [:])"
        }
        let changes = Dictionary(grouping: record.calls.flatMap(\.effects), by: \.self).mapValues(\.count)
        for (effect, count) in changes where count > 1 && effect.isChange {
            shortcomings.append("\(count) times \(effect)")
        }
        for (group, people) in decliners {
            for person in people where copy.tries["\(group) \(person)"] != 1 {
                shortcomings.append("\(person) in \(group): \(copy.tries["\(group) \(person)"] ?? 0) tries on record")
            }
        }
        return shortcomings
    }
}

extension GatewayRecord.Effect {
    /// Whether it changed the group.
    var isChange: Bool { ["added", "removed", "promoted", "demoted"].contains(outcome) }

    /// Whether the group already was as requested.
    var isRepetition: Bool { ["already", "not_a_member", "already_admin", "already_member"].contains(outcome) }
}

/// How long an apply takes here, to spread the moments over all of it.
private struct Tempo {
    private var beginning = Duration.milliseconds(250)
    private var perAction = Duration.milliseconds(20)

    func length(ofActions count: Int) -> Duration { beginning + perAction * Double(count) }

    mutating func learn(plan: Duration, apply: Duration, actions: Int) {
        beginning = (beginning + plan) / 2
        if actions >= 10, apply > plan { perAction = (perAction + (apply - plan) / actions) / 2 }
    }
}

/// The summary of many rounds.
private struct CrashTally: CustomStringConvertible {
    var phases: [CrashPhase: Int] = [:]
    private var rounds = 0
    private var attempts = 0
    private var calls = 0
    private var lost = 0
    private var repeated: [String: Int] = [:]
    private var declined = 0
    private var declinedAgain = 0

    mutating func count(_ record: GatewayRecord, _ copy: LedgerCopy) {
        rounds += 1
        let all = copy.actions.flatMap(\.attempts)
        attempts += all.count
        lost += all.count { $0.status == "unknown" }
        calls += record.calls.reduce(0) { $0 + $1.steps.count }
        let effects = record.calls.flatMap(\.effects)
        for effect in effects where effect.isRepetition { repeated[effect.outcome, default: 0] += 1 }
        let declined = effects.filter { $0.outcome == "declined" }
        self.declined += declined.count
        declinedAgain += declined.count - Set(declined).count
    }

    var description: String {
        var lines = ["\(phases.values.reduce(0, +)) kills in \(rounds) rounds:"]
        for phase in CrashPhase.allCases { lines.append("  \(phases[phase] ?? 0)  \(phase.rawValue)") }
        lines.append("\(attempts) attempts on record, \(lost) of them without an answer; \(calls) reached the gateway")
        let repetitions = repeated.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        lines.append("calls without effect: \(repetitions.isEmpty ? "none" : repetitions)")
        lines.append("\(declined) adds declined, \(declinedAgain) of them repeated after a lost answer")
        return lines.joined(separator: "\n")
    }
}
