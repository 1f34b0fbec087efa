import Core
import Foundation
import GatewaySimulator
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

    /// The texts of a ledger's file and log.
    private func bytes(_ stage: Stage) throws -> String {
        try ["", "-wal"].map { suffix in
            let path = stage.path("rollcall.sqlite" + suffix)
            guard FileManager.default.fileExists(atPath: path) else { return "" }
            return String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: Unicode.ASCII.self)
        }.joined()
    }

    @Test("Prune deletes what is remembered of people that no policy names and no member list shows")
    func pruneMemory() async throws {
        var world = try SmallWorld()
        try world.addGroup(1, members: [2, 5])
        let policy = { (members: [UInt64]) in
            "groups:\n" + (try SmallWorld.policy(1, members: members, more: "rejoin: never"))
        }
        let stage = try Stage(world.seed, files: ["policies/a.yaml": try policy([2, 5, 9])])
        #expect(await stage.run("apply", "--yes").code == 0)
        let ledger = try stage.ledger()
        let key = SessionKey(gateway: .default, session: world.session)
        func remembered() async throws -> [PhoneNumber] {
            try await ledger.memory(of: key).phones.map(\.value).sorted()
        }
        let before = try await remembered()
        let (five, nine) = (try SmallWorld.phone(5), try SmallWorld.phone(9))
        #expect(before.contains(five) && before.contains(nine))
        // 5 leaves with the policy's consent; 2 stays in the group, and 9 in the policy and the group.
        try stage.write(try policy([2, 9]), to: "policies/a.yaml")
        for _ in 0..<5 {
            #expect([0, 3].contains(await stage.run("apply", "--yes").code))
            stage.clock.advance(by: .seconds(40 * 86_400))
        }
        #expect(await stage.run("ledger", "prune", "--keep", "300d", "--yes").output.hasPrefix("There are no runs"))
        #expect(try await remembered() == before)
        let pruned = await stage.run("ledger", "prune", "--keep", "100d", "--yes")
        #expect(pruned.code == 0 && pruned.output.contains("record"), "\(pruned)")
        let after = try await remembered()
        #expect(after == before.filter { $0 != five })
        #expect(try await !ledger.memory(of: key).sightings.values.flatMap(\.keys).contains(five))
        #expect(await stage.run("plan", "--detailed-exitcode").code == 0)
    }

    @Test("Prune deletes only runs while the policies cannot be read") func pruneWithoutPolicies()
        async throws
    {
        let stage = try stage()
        #expect(await stage.run("apply", "--yes").code == 0)
        stage.clock.advance(by: .seconds(200 * 86_400))
        let key = SessionKey(gateway: .default, session: try SmallWorld().session)
        let before = try await stage.ledger().memory(of: key).phones
        try stage.write("groups: {", to: "policies/a.yaml")
        let pruned = await stage.run("ledger", "prune", "--keep", "100d", "--yes")
        #expect(pruned.code == 0 && pruned.errors.contains("so it deletes only runs"), "\(pruned)")
        #expect(try await stage.ledger().memory(of: key).phones == before && !before.isEmpty)
    }

    @Test("Forget deletes everything about one person, and about nobody else") func forget() async throws {
        let stage = try stage()
        let (two, three) = (try SmallWorld.phone(2).e164, try SmallWorld.phone(3).e164)
        #expect(await stage.run("apply", "--yes").code == 0)
        let still = await stage.run("ledger", "forget", two, "--yes")
        #expect(still.code == 64 && still.errors.contains("policies/a.yaml:"), "\(still)")
        #expect(await stage.run("ledger", "forget", "siti", "--yes").code == 64)
        #expect(await stage.run("ledger", "forget", "0812", "--yes").code == 64)
        try stage.write(
            "groups:\n" + (try SmallWorld.policy(1)) + (try SmallWorld.policy(2, members: [3])), to: "policies/a.yaml")
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(try bytes(stage).contains(two))
        let lid = try #require(
            try await stage.ledger().accounts(
                of: PersonReference(phone: try SmallWorld.phone(2), lid: nil, name: nil)
            ).compactMap(\.lid).first)
        #expect(await stage.run("ledger", "forget", two).code == 64)
        #expect(await stage.run("ledger", "forget", two, answer: "no").code == 1)
        #expect(try bytes(stage).contains(two))
        let history = try await count(stage)
        let forgotten = await stage.run("ledger", "forget", two, answer: "yes")
        #expect(forgotten.code == 0 && forgotten.output.hasPrefix("Deleted 2 changes"), "\(forgotten)")
        let left = try bytes(stage)
        #expect(!left.contains(two.dropFirst()) && !left.contains("\(lid.digits)") && !left.contains("siti"))
        #expect(left.contains(three))
        #expect(try await count(stage) == history)
        #expect(await stage.run("ledger", "forget", two, "--yes").output.hasPrefix("The ledger holds nothing"))
        #expect(try await stage.ledger().pragma("integrity_check") == "ok")
        #expect(await stage.run("plan", "--detailed-exitcode").code == 0)
    }

    @Test("A number that passed to somebody else stays when its former holder is forgotten")
    func forgetFormer() async throws {
        let stage = try stage()
        let ledger = try stage.ledger()
        let key = SessionKey(gateway: .default, session: try SmallWorld().session)
        let (old, new) = (try SmallWorld.phone(7), try SmallWorld.phone(8))
        let (first, second) = (try #require(LID(digits: 111)), try #require(LID(digits: 222)))
        for pairs: IdentityTable in [[first: old], [first: new, second: old]] {
            var findings = SessionFindings()
            findings.phones = pairs
            try await ledger.remember(findings, of: key, at: stage.clock.now())
        }
        func accounts(_ phone: PhoneNumber) async throws -> Set<AccountID> {
            try await ledger.accounts(of: PersonReference(phone: phone, lid: nil, name: nil))
        }
        #expect(try await accounts(new) == [.phone(new), .lid(first)])
        #expect(try await accounts(old) == [.phone(old), .lid(second)])
        _ = try await ledger.erase(accounts(new))
        #expect(try await ledger.memory(of: key).phones == [second: old])
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
