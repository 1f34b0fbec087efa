import Core
import Foundation
import GRDB
import Stage
import Testing

@testable import GatewaySimulator

@Suite("The doctor") struct DoctorTests {
    private func stage(
        permissions: Set<Permission>? = nil, more: String = "", change: (inout SmallWorld) throws -> Void = { _ in }
    ) throws -> Stage {
        var world = try SmallWorld(permissions: permissions)
        try world.addGroup(1, members: [2])
        try world.addGroup(2, members: [2])
        try change(&world)
        return try Stage(
            world.seed,
            files: [
                "policies/a.yaml": "groups:\n" + (try SmallWorld.policy(1, members: [2]))
                    + (try SmallWorld.policy(2, members: [2])),
                "rollcall.yaml": Stage.configuration(more),
            ])
    }

    /// Returns the findings of a check with a status, from the JSON output.
    private func findings(_ stage: Stage, _ check: String, _ status: String) async throws -> [String] {
        let result = await stage.run("doctor", "--format", "json")
        let document = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
        let findings = document?["findings"] as? [[String: Any]] ?? []
        #expect(document?["ok"] as? Bool == (result.code == 0))
        #expect([0, 3].contains(result.code))
        for finding in findings where finding["status"] as? String != "ok" {
            #expect((finding["remedy"] as? String)?.isEmpty == false, "\(finding)")
        }
        return findings.filter { $0["check"] as? String == check && $0["status"] as? String == status }
            .map { $0["message"] as? String ?? "" }
    }

    @Test("Doctor does not change a ledger of an earlier version") func earlierVersion() async throws {
        let stage = try stage()
        #expect(await stage.run("apply", "--yes").code == 0)
        let path = stage.path("rollcall.sqlite")
        let queue = try DatabaseQueue(path: path)
        try await queue.write { database in
            try database.execute(
                sql: """
                    ALTER TABLE observations DROP COLUMN members_seen_at;
                    DELETE FROM grdb_migrations WHERE identifier = '17-members-seen';
                    """)
        }
        try queue.close()
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        let found = try await findings(stage, "ledger", "warning")
        #expect(found.count == 1 && found[0].contains("earlier version"), "\(found)")
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
        #expect(await stage.run("plan").code == 0)
        #expect(try await findings(stage, "ledger", "ok").count == 1)
    }

    @Test("Doctor finds nothing on a healthy setup, and changes nothing") func well() async throws {
        let stage = try stage()
        let first = await stage.run("doctor")
        #expect(first.code == 0)
        #expect(first.output.contains("No problems found."))
        #expect(stage.world.mutations.isEmpty)
        #expect(try await findings(stage, "group", "ok").count == 2)
        _ = await stage.run("apply", "--yes")
        #expect(try await findings(stage, "ledger", "ok").first?.contains("the last run was on") == true)
    }

    @Test("Doctor says what prevents changes of a session and its groups") func groups() async throws {
        let stage = try stage { world in
            try world.addGroup(3, actsAsAdmin: false)
            world.seed.groups[1].sessions = []
        }
        try stage.write(
            "groups:\n" + [1, 2, 3].map { try SmallWorld.policy($0, members: [2]) }.joined(), to: "policies/a.yaml")
        stage.world.setStatus("scan_qr_code", of: try #require(SessionID("S1")))
        #expect(try await findings(stage, "session", "problem").first?.contains("not connected") == true)
        let problems = try await findings(stage, "group", "problem")
        #expect(problems.count == 2)
        #expect(
            problems.contains { $0.contains("is not an admin") }
                && problems.contains { $0.contains("not in the group list") })
    }

    @Test("Doctor distinguishes a token with too few permissions from a rejected one") func credentials() async throws {
        #expect(try await findings(stage(permissions: [.read, .send]), "session", "problem").count == 1)
        let known = try stage(
            permissions: [.read, .send]
        )
        try known.write(
            Stage.configuration().replacing(
                "gateway: { ", with: "gateway: { self: { S1: +62800000001 }, "), to: "rollcall.yaml")
        #expect(await known.run("doctor").code == 0)
        #expect(try await findings(stage(permissions: [.manage]), "credentials", "problem").count == 1)
        let rejected = try stage()
        rejected.world.inject(
            FaultRule(path: "*", count: nil, fault: .status(401, code: "unauthorized")))
        #expect(try await findings(rejected, "credentials", "problem").count == 1)
    }

    @Test("Doctor finds what is wrong with files", arguments: ["configuration", "policy", "ledger"]) func files(
        check: String
    )
        async throws
    {
        let stage = try stage()
        switch check {
        case "configuration": try stage.write("gateway: 1\n", to: "rollcall.yaml")
        case "policy": try stage.write("groups: 1\n", to: "policies/a.yaml")
        default: try stage.write("no database at all, however long it is\n", to: "rollcall.sqlite")
        }
        #expect(try await findings(stage, check, "problem").count == 1)
    }

    @Test("Doctor finds a metrics file that runs cannot write, and does not touch it") func metrics() async throws {
        for (file, word) in [("no/such/out.prom", "No such file or directory"), ("taken.prom", "it is a folder")] {
            let stage = try stage(more: "metrics: { textfile: \(file) }")
            try stage.write("", to: "taken.prom/file")
            let problems = try await findings(stage, "metrics", "problem")
            #expect(problems.count == 1 && problems[0].contains(word), "\(problems)")
        }
        let well = try stage(more: "metrics: { textfile: out.prom }")
        #expect(try await findings(well, "metrics", "ok").count == 1)
        #expect(!FileManager.default.fileExists(atPath: well.path("out.prom")))
        #expect(try await findings(stage(), "metrics", "ok").isEmpty)
    }

    @Test("Doctor reports a group whose every change failed for three nights, until it is fixed") func failingGroup()
        async throws
    {
        let stage = try stage { world in
            world.seed.groups[0].subject = "Choir\u{1B}[2J"
            for person in UInt64(3)...4 {
                world.seed.groups[0].members.append(.init(phone: try SmallWorld.phone(person), role: .member))
            }
        }
        stage.world.inject(FaultRule(method: "DELETE", path: "*", count: nil, fault: .status(500, code: "internal")))
        for night in 1...3 {
            #expect(try await findings(stage, "group", "problem").isEmpty)
            #expect(await stage.run("apply", "--yes", "--quiet").code == 3, "night \(night)")
            stage.clock.advance(by: .seconds(86_400))
        }
        let problems = try await findings(stage, "group", "problem")
        #expect(problems.count == 1)
        #expect(problems.first?.contains("changes have failed since 20") == true, "\(problems)")
        let text = await stage.run("doctor")
        #expect(text.code == 3 && !text.output.contains("\u{1B}"))
        #expect(text.output.contains("promote or add the session's account"))
        // Groups that no policy describes any more are ignored.
        try stage.write("groups:\n" + SmallWorld.policy(2, members: [2]), to: "policies/a.yaml")
        #expect(try await findings(stage, "group", "problem").isEmpty)
        try stage.write("groups:\n" + SmallWorld.policy(1, members: [2]), to: "policies/a.yaml")
        stage.world.clearFaults()
        #expect(await stage.run("apply", "--yes", "--quiet").code == 0)
        #expect(try await findings(stage, "group", "problem").isEmpty)
    }

    @Test("Doctor never shows the token or controls the terminal") func text() async throws {
        let stage = try stage { world in world.seed.groups[0].subject = "\u{1B}[2J::error::x" }
        stage.world.inject(
            FaultRule(path: "*/members", count: 1, fault: .status(500, code: "x\u{1B}[2J \(Stage.token)")))
        for arguments in [["doctor"], ["doctor", "--format", "json"]] {
            let result = await stage.run(arguments)
            #expect(!result.output.contains("\u{1B}") && !result.output.contains(Stage.token))
        }
    }
}
