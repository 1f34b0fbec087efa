import Foundation
import Glibc
import Stage
import Testing

@Suite("Stopping an apply", .serialized) struct StopTests {
    @Test(
        "A stopped apply ends with 128 plus the signal, with every call answered and recorded, and the next run does the rest",
        arguments: 1...6)
    func stopped(number: Int) async throws {
        let signal = number % 2 == 0 ? SIGINT : SIGTERM
        let world = CrashWorld(UInt64(1_000 + number))
        let town = try Town(world.files)
        try await town.served { simulator in
            let rollcall = town.rollcall(simulator.url)
            let running = try rollcall.start(["apply", "--yes"])
            // The first signals arrive during the reads, the others later and later.
            let journal = simulator.journal
            try await running.send(signal, once: "that many calls have arrived") {
                let text = journal.text
                return text.contains("/members")
                    && text.split(separator: "\"method\":\"POST\"").count > (number - 1) * world.actions / 20
            }
            let result = await running.ending()
            #expect(result.signal == nil)
            #expect(result.code == 128 + signal, "\(result.output)\(result.errors)")
            #expect(result.errors.contains("rollcall: stopping after the current call."))
            let copy = try await LedgerCopy(of: town.path("rollcall.sqlite"))
            let record = try await GatewayRecord(of: simulator)
            #expect(copy.wrongs(given: record) == [])
            #expect(copy.runs.map(\.status) == ["interrupted"])
            #expect(copy.actions.allSatisfy { !["planned", "sending", "unknown"].contains($0.status) })
            #expect(copy.actions.reduce(0) { $0 + $1.count } == record.calls.reduce(0) { $0 + $1.steps.count })

            #expect([0, 3].contains(try await rollcall.run("apply", "--yes").code))
            let after = try await GatewayRecord(of: simulator)
            #expect(world.shortcomings(after, try await LedgerCopy(of: town.path("rollcall.sqlite"))) == [])
            #expect(after.calls.flatMap(\.effects).filter(\.isRepetition) == [])
        }
    }

    @Test("No early signal is lost", arguments: 0..<16)
    func early(number: Int) async throws {
        let town = try Town([
            "gateway.yaml": try Town().text("gateway.yaml")
                + "\nfaults:\n  - { method: GET, path: \"*\", count: all, delay: 100000 }\n"
        ])
        try await town.served { simulator in
            // After a lost signal, the program would wait until it gives up on the gateway, and end with 69.
            let running = try town.rollcall(simulator.url).start(["apply", "--yes"])
            try await Task.sleep(for: .milliseconds(10 * number))
            running.send(SIGTERM)
            #expect(await running.ending().code == 128 + SIGTERM)
        }
    }

    @Test("No signal is lost while the program sets up its handling", Tracing.isPossible) func preparing()
        async throws
    {
        let town = try Town([
            "gateway.yaml": try Town().text("gateway.yaml")
                + "\nfaults:\n  - { method: GET, path: \"*\", count: all, delay: 100000 }\n"
        ])
        try await town.served { simulator in
            var rollcall = town.rollcall(simulator.url)
            let arguments = [
                "-f", "-o", town.path("trace"), "-e", "trace=signalfd4,rt_sigaction", "-e",
                "inject=signalfd4:delay_enter=3000000", rollcall.executable, "apply", "--yes",
            ]
            rollcall.executable = "strace"
            let running = try rollcall.start(arguments)
            try await waitUntil("the preparing") { town.text("trace").contains("signalfd4(") }
            // The first line belongs to the main thread, whose number is the process id.
            let process = try #require(town.text("trace").split(separator: " ").first.flatMap { pid_t($0) })
            kill(process, SIGTERM)
            #expect(await running.ending().code == 128 + SIGTERM)
        }
    }

    @Test("The first signal counts as the first, even if a rejected token has ended the run already")
    func alreadyStopping() async throws {
        let numbers = (1...9).map { "+447700900\(200 + $0)" }
        var policy = "session: S1\ngroups:\n"
        for group in [1, 2] {
            policy +=
                "  12036300000000000\(group)@g.us: { mode: additive, members: [\(numbers.joined(separator: ", "))] }\n"
        }
        policy = policy.replacing(
            "120363000000000002@g.us: {", with: "120363000000000009@g.us: { session: S2,")
        let seed = try Town().text("gateway.yaml")
            .replacing("S1: { organisation", with: "S2: { organisation: town, account: creator }\n  S1: { organisation")
        let faults = """

              120363000000000009@g.us:
                session: S2
                subject: Second
                creator: creator
                admins: [creator]
                members: []
            faults:
              - { method: POST, path: "*/sessions/S2/*", skip: 1, count: all, status: 401, code: unauthorized }
              - { method: POST, path: "*/sessions/S1/*", skip: 1, count: 1, delay: 3000 }
            """
        let town = try Town([
            "policies/town.yaml": policy, "gateway.yaml": seed + faults,
            "rollcall.yaml": Town.configuration.replacing(
                "calls_per_minute: 0", with: "calls_per_minute: 600, jitter: 0"),
        ])
        try await town.served { simulator in
            let running = try town.rollcall(simulator.url).start(["apply", "--yes"])
            let journal = simulator.journal
            try await running.send(SIGTERM, once: "the token is rejected") { journal.text.contains("\"status\":401") }
            let result = await running.ending()
            #expect(result.signal == nil)
            #expect(result.code == 128 + SIGTERM, "\(result.output)\(result.errors)")
            #expect(result.errors.contains("rollcall: stopping"))
            let copy = try await LedgerCopy(of: town.path("rollcall.sqlite"))
            #expect(copy.runs.map(\.status) == ["interrupted"])
            #expect(copy.actions.allSatisfy { !["planned", "sending"].contains($0.status) })
        }
    }

    @Test("A second signal ends the apply at once, and the next run checks the call in flight") func second()
        async throws
    {
        let world = CrashWorld(2_000)
        let files = world.files.merging([
            "gateway.yaml": (world.files["gateway.yaml"] ?? "").replacing(
                "faults:\n", with: "faults:\n  - { method: POST, path: \"*\", skip: 4, count: 2, delay: 100000 }\n")
        ]) { $1 }
        let town = try Town(files)
        try await town.served { simulator in
            let rollcall = town.rollcall(simulator.url)
            let running = try rollcall.start(["apply", "--yes"])
            let journal = simulator.journal
            try await running.send(SIGTERM, once: "both sessions wait for their answers") {
                journal.text.split(separator: "\"method\":\"POST\"").count > 6
            }
            running.send(SIGINT)
            let result = await running.ending()
            #expect(result.signal == nil)
            #expect([128 + SIGINT, 128 + SIGTERM].contains(result.code))
            let copy = try await LedgerCopy(of: town.path("rollcall.sqlite"))
            #expect(copy.wrongs(given: try await GatewayRecord(of: simulator)) == [])
            // An answer, or the time limit for it, would have settled them.
            #expect(copy.actions.contains { $0.status == "sending" })

            #expect([0, 3].contains(try await rollcall.run("apply", "--yes").code))
            let after = try await GatewayRecord(of: simulator)
            let last = try await LedgerCopy(of: town.path("rollcall.sqlite"))
            #expect(last.wrongs(given: after) == [])
            #expect(world.shortcomings(after, last) == [])
            #expect(after.calls.flatMap(\.effects).filter(\.isRepetition) == [])
        }
    }
}
