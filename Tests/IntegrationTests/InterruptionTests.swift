import Foundation
import GRDB
import Testing

@Suite("Signals during an apply") struct InterruptionTests {
    /// Twelve people to add, one call after another; the second answer is delayed.
    private func town() throws -> Town {
        let numbers = (1...12).map { "+4477009002\($0 < 10 ? "0" : "")\($0)" }
        return try Town([
            "rollcall.yaml": Town.configuration.replacing(
                "calls_per_minute: 0", with: "calls_per_minute: 300, jitter: 0"),
            "policies/town.yaml": """
            session: S1
            groups:
              120363000000000004@g.us: { mode: additive, members: [\(numbers.joined(separator: ", "))] }
            """,
            "gateway.yaml": try Town().text("gateway.yaml")
                + "\nfaults:\n  - { method: POST, path: \"*/members\", skip: 1, count: 1, delay: 700 }\n",
        ])
    }

    @Test(
        "A signal lets the current call end, skips the rest, and shows in the exit code and the ledger",
        arguments: [SIGINT, SIGTERM])
    func interrupted(signal: Int32) async throws {
        let town = try town()
        try await town.served { simulator in
            let running = try town.rollcall(simulator.url).start(["apply", "--yes"])
            // The journal has a request once it is served; a delayed answer is sent later.
            let journal = simulator.journal
            try await running.send(signal, once: "the second call is there") {
                journal.text.split(separator: "\"method\":\"POST\"").count > 2
            }
            let result = await running.ending()
            #expect(result.signal == nil)
            #expect(result.code == 128 + signal)
            #expect(result.output.contains("stopped early: the run was interrupted."))
            let sent = try await simulator.mutations().count
            #expect((2..<12).contains(sent))

            let queue = try DatabaseQueue(path: town.path("rollcall.sqlite"))
            try await queue.read { database in
                let run = try #require(try Row.fetchOne(database, sql: "SELECT * FROM runs"))
                #expect(run["status"] == "interrupted")
                #expect(run["exit_code"] == 128 + signal)
                #expect(run["adds"] == sent)
                let statuses = try String.fetchAll(database, sql: "SELECT status FROM actions ORDER BY seq")
                // A change that shows later is not waited for; the next run checks it.
                #expect(statuses.prefix(sent).allSatisfy { ["confirmed", "accepted"].contains($0) })
                #expect(statuses.dropFirst(sent).allSatisfy { $0 == "skipped" })
                #expect(
                    try Int.fetchOne(database, sql: "SELECT count(*) FROM actions WHERE sent_at IS NOT NULL") == sent)
            }
            try queue.close()

            #expect(try await town.rollcall(simulator.url).run("apply", "--yes").code == 0)
            #expect(try await simulator.mutations().count == 12)
        }
    }

    @Test("A signal ends the read phase too", arguments: ["plan", "apply"], [SIGINT, SIGTERM])
    func whileReading(verb: String, signal: Int32) async throws {
        let town = try Town([
            "gateway.yaml": try Town().text("gateway.yaml")
                + "\nfaults:\n  - { method: GET, path: \"*/members\", count: all, delay: 2500 }\n"
        ])
        try await town.served { simulator in
            let running = try town.rollcall(simulator.url).start([verb] + (verb == "apply" ? ["--yes"] : []))
            let journal = simulator.journal
            try await running.send(signal, once: "the first reading is there") { journal.text.contains("/members") }
            let result = await running.ending()
            #expect(result.signal == nil)
            #expect(result.code == 128 + signal)
            #expect(result.errors.contains("interrupted while reading; nothing was changed"))
            #expect(try await simulator.mutations().isEmpty)
            let queue = try DatabaseQueue(path: town.path("rollcall.sqlite"))
            let status = try await queue.read { try String.fetchOne($0, sql: "SELECT status FROM runs") }
            #expect(status == "interrupted")
            try queue.close()
        }
    }
}
