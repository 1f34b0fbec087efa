import Core
import Foundation
import GatewaySimulator
import Stage
import Testing

@Suite("Explanations") struct ExplainTests {
    private func stage() throws -> Stage {
        var world = try SmallWorld()
        world.seed.people[1].adds = .declines
        try world.addGroup(1, members: [9])
        try world.addGroup(2)
        return try Stage(
            world.seed,
            files: [
                "policies/people.yaml": """
                people: { siti: +62800000002, budi: { phone: +62800000003, lid: 205227043110953@lid } }
                teams:
                  inner: [siti]
                  outer: [inner, { who: budi, until: 2026-12-31, reason: contractor }]
                  list: [{ csv: ../lists/all.csv, column: phone }]
                """,
                "lists/all.csv": "phone\n+62800000004\n",
                "policies/groups.yaml": """
                session: S1
                groups:
                  \(try SmallWorld.group(1)): { name: "Choir \\e[2J", admins: [+62800000001], members: [outer, list] }
                  \(try SmallWorld.group(2)): { admins: [siti, +62800000001], keep: [budi] }
                """,
                "rollcall.yaml": Stage.configuration("csv: { outside: true }"),
            ])
    }

    @Test("Explain shows every entry that names a person, with teams and dates") func policy() async throws {
        let stage = try stage()
        let siti = await stage.run("explain", "siti")
        #expect(siti.code == 0)
        #expect(siti.output.contains("policies/people.yaml:3:11  through outer › inner"))
        #expect(siti.output.contains("admin"))
        #expect(siti.output.contains("The ledger has nothing about this person."))
        #expect(!siti.output.contains("\u{1B}"))
        let budi = await stage.run("explain", "0062 800-000-003")
        #expect(budi.output.hasPrefix("budi  +62800000003  205227043110953@lid\n"))
        #expect(budi.output.contains("through outer, until 2026-12-31, (contractor)"))
        #expect(budi.output.contains("kept"))
        let listed = await stage.run("explain", "62800000004@s.whatsapp.net")
        #expect(listed.output.contains("all.csv:2:1  through list"))
        #expect(stage.world.journal.isEmpty)
    }

    @Test("Explain shows what runs learned about a person and did to them") func ledger() async throws {
        let stage = try stage()
        _ = await stage.run("plan")
        #expect(await stage.run("apply", "--yes").code == 3)
        _ = await stage.run("plan")
        let siti = await stage.run("explain", "siti")
        #expect(siti.output.contains("added once but never appeared"))
        #expect(siti.output.contains("blocked, declined"))
        #expect(siti.output.contains("declined      Choir"))
        #expect(siti.output.contains("planned only"))
        let short = await stage.run("explain", "siti", "--limit", "1")
        #expect(short.output.contains("and 5 earlier") || short.output.contains("earlier"))
        // A person that the policies do not name was removed.
        let gone = await stage.run("explain", "+62800000009")
        #expect(gone.output.contains("No policy entry names this person for a group."))
        #expect(gone.output.contains("confirmed"))
        let json = await stage.run("explain", "siti", "--format", "json")
        let document = try #require(
            try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        #expect((document["policy"] as? [Any])?.count == 2)
        #expect((document["actions"] as? [Any])?.isEmpty == false)
    }

    @Test(
        "Explain rejects an unknown person and suggests what to write", arguments: ["sitti", "0812-3456", "", "1@g.us"])
    func nobody(text: String) async throws {
        let stage = try stage()
        let result = await stage.run("explain", text)
        #expect(result.code == 64)
        #expect(result.errors.split(separator: "\n").count == 1)
    }
}
