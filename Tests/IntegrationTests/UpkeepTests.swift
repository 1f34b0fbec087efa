import Foundation
import GatewaySimulator
import Membership
import RunLedger
import Stage
import Testing

@Suite("Ledger maintenance") struct UpkeepTests {
    private func stage() throws -> Stage {
        var world = try SmallWorld()
        try world.addGroup(1)
        try world.addGroup(2)
        return try Stage(
            world.seed,
            files: [
                "policies/a.yaml": "people: { siti: +62800000002 }\ngroups:\n"
                    + (try SmallWorld.policy(1, members: [2])) + (try SmallWorld.policy(2, members: [3]))
            ])
    }

    private func count(_ stage: Stage, _ arguments: String...) async throws -> Int {
        let result = await stage.run(["history", "--format", "json"] + arguments)
        #expect(result.code == 0, "\(result.errors)")
        return try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [Any]).count
    }

    @Test("History filters by group or person") func history() async throws {
        let stage = try stage()
        let first = try SmallWorld.group(1).jid
        #expect(await stage.run("apply", "--yes", "--group", first).code == 0)
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(try await count(stage) == 3)
        // Pipelines show it in their logs.
        #expect(!(await stage.run("history").output.contains("6280000")))
        #expect(try await count(stage, "--group", first) == 1)
        #expect(try await count(stage, "--person", "siti") == 1)
        #expect(try await count(stage, "--person", "+62800000003", "--group", first) == 0)
        #expect(await stage.run("history", "--person", "nobody").code == 64)
        #expect(await stage.run("history", "--group", "x").code == 64)
    }

    @Test("Prune deletes old runs as requested, and nothing else") func prune() async throws {
        let stage = try stage()
        #expect(await stage.run("apply", "--yes").code == 0)
        stage.clock.advance(by: .seconds(200 * 86_400))
        #expect(await stage.run("plan").code == 0)
        #expect(await stage.run("ledger", "prune", "--keep", "100d").code == 64)
        #expect(await stage.run("ledger", "prune", "--keep", "80d", "--yes").code == 64)
        #expect(await stage.run("ledger", "prune", "--keep", "100d", answer: "no").code == 1)
        #expect(try await count(stage) == 2)
        let pruned = await stage.run("ledger", "prune", "--keep", "100d", "--yes")
        #expect(pruned.code == 0 && pruned.output.hasPrefix("Deleted 1 run from before"))
        #expect(try await count(stage) == 1)
        let ledger = try stage.ledger()
        #expect(try await ledger.pragma("foreign_key_check") == nil)
        #expect(try await ledger.pragma("integrity_check") == "ok")
        #expect(await stage.run("ledger", "prune", "--keep", "100d", "--yes").output.hasPrefix("There are no runs"))
        #expect(await stage.run("apply", "--yes").code == 0)
    }

    @Test(
        "Export writes its tables as CSV and JSON",
        arguments: ["runs", "group_runs", "actions", "attempts", "holds", "identities"])
    func export(table: String) async throws {
        let stage = try stage()
        #expect(await stage.run("ledger", "export", "--table", table).code == 64)
        #expect(await stage.run("apply", "--yes").code == 0)
        let json = await stage.run("ledger", "export", "--table", table, "--format", "json")
        let rows = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]])
        let csv = await stage.run("ledger", "export", "--table", table)
        let lines = csv.output.components(separatedBy: "\r\n").dropLast()
        #expect(lines.count == rows.count + 1)
        if table == "actions" {
            #expect(rows.count == 2 && rows[0]["phone"] as? String == "+62800000002")
            #expect(lines.dropFirst().first?.contains("'+62800000002") == true)
        }
    }
}
