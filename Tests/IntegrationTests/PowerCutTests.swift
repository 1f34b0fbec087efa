import Foundation
import Testing

@Suite("Power cuts during a call") struct PowerCutTests {
    @Test("Every call is on disk as being sent before it goes out", Tracing.isPossible)
    func power() async throws {
        let world = CrashWorld(1)
        let town = try Town([
            "rollcall.yaml": try #require(world.files["rollcall.yaml"]),
            "gateway.yaml": try #require(world.files["gateway.yaml"]),
            // Only one session, so that its calls are sequential.
            "policies/town.yaml": try #require(
                world.files["policies/town.yaml"]?.split(separator: "  120363000000002001").first.map(String.init)),
        ])
        try await town.served { simulator in
            let ledger = town.path("rollcall.sqlite")
            var rollcall = town.rollcall(simulator.url)
            #expect(try await rollcall.run("plan").code == 0)
            let content = try #require(FileManager.default.contents(atPath: ledger))
            let arguments = [
                "-f", "-y", "-xx", "-s", "8192", "-e", "trace=pwrite64,fsync,fdatasync,sendto", "-o",
                town.path("trace"), rollcall.executable, "apply", "--yes",
            ]
            rollcall.executable = "strace"
            let result = try await rollcall.run(arguments)
            #expect([0, 3].contains(result.code), "\(result.errors)")

            let calls = try await GatewayRecord(of: simulator).calls
            let steps = Set(calls.flatMap(\.steps).map(\.operation))
            #expect(steps == ["add", "promote", "demote", "remove"])
            let resolved = URL(fileURLWithPath: ledger).resolvingSymlinksInPath().path
            let files = [resolved: Array(content), resolved + "-wal": []]
            let trace = town.text("trace")
            let sendings = try DiskReplay(trace: trace, files: files).sendings
            #expect(sendings.count == calls.count)
            for (call, sending) in zip(calls, sendings) {
                let rows = try await found(sending, resolved)
                for step in call.steps {
                    #expect(
                        rows.contains { $0.step == step && $0.attempts.last?.status == "sending" },
                        "\(sending.request): \(step)")
                }
            }
            // Without the syncs, none of it would be there.
            let lines = trace.split(separator: "\n").filter { !$0.contains("sync") }
            let unsafe = try DiskReplay(trace: lines.joined(separator: "\n"), files: files).sendings
            #expect(unsafe.count == calls.count)
            for sending in unsafe { #expect(try await found(sending, resolved).allSatisfy { $0.status == "planned" }) }
        }
    }

    /// Returns the actions in the ledger that these files contain.
    private func found(_ sending: DiskReplay.Sending, _ ledger: String) async throws -> [LedgerCopy.ActionRow] {
        let scratch = try ScratchFolder()
        for suffix in ["", "-wal"] {
            let file = URL(fileURLWithPath: scratch.path("found" + suffix))
            try Data(sending.files[ledger + suffix] ?? []).write(to: file)
        }
        let copy = try await LedgerCopy(of: scratch.path("found"))
        #expect(copy.integrity == "ok")
        return copy.actions
    }
}
