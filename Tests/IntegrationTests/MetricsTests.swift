import Core
import Foundation
import RunLedger
import Stage
import Testing

@testable import GatewaySimulator

@Suite("Metrics") struct MetricsTests {
    private func stage(_ file: String, change: (inout SmallWorld) -> Void = { _ in }) throws -> Stage {
        var world = try SmallWorld()
        try world.addGroup(1, members: [9])
        try world.addGroup(2, members: [3])
        change(&world)
        return try Stage(
            world.seed,
            files: [
                "policies/a.yaml": try Self.policy(),
                "rollcall.yaml": Stage.configuration("metrics: { textfile: \(file) }"),
            ])
    }

    private static func policy() throws -> String {
        "groups:\n" + (try SmallWorld.policy(1, members: [2])) + (try SmallWorld.policy(2, members: [3]))
    }

    /// Returns a sample's value by name and labels.
    private func value(_ sample: String, in text: String) -> String? {
        text.split(separator: "\n").first { $0.hasPrefix(sample + " ") }.map { String($0.dropFirst(sample.count + 1)) }
    }

    @Test("Metrics show the last run of each command, and the last success") func figures() async throws {
        let stage = try stage("out.prom")
        #expect(await stage.run("plan").code == 0)
        let path = stage.path("out.prom")
        var text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(value(#"rollcall_run_actions{command="plan",op="add"}"#, in: text) == "1")
        #expect(!text.contains(#"command="apply""#) && !text.contains("62800000"))
        stage.clock.advance(by: .seconds(60))
        #expect(await stage.run("apply", "--yes").code == 0)
        text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(value(#"rollcall_run_groups{command="apply",status="changed"}"#, in: text) == "1")
        #expect(value(#"rollcall_run_groups{command="apply",status="unchanged"}"#, in: text) == "1")
        #expect(value(#"rollcall_run_actions{command="plan",op="remove"}"#, in: text) == "1")
        let success = value(#"rollcall_run_success_timestamp_seconds{command="apply"}"#, in: text)
        #expect(success == value(#"rollcall_run_end_timestamp_seconds{command="apply"}"#, in: text))
        stage.world.inject(FaultRule(path: "*", count: nil, fault: .status(401, code: "unauthorized")))
        stage.clock.advance(by: .seconds(60))
        #expect(await stage.run("apply", "--yes").code == 77)
        text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(value(#"rollcall_run_exit_code{command="apply"}"#, in: text) == "77")
        #expect(value(#"rollcall_run_success_timestamp_seconds{command="apply"}"#, in: text) == success)
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o644)
        // Each metric is described once, right before its samples.
        let names = text.split(separator: "\n").filter { $0.hasPrefix("# HELP ") }.map { $0.split(separator: " ")[2] }
        #expect(Set(names).count == names.count)
    }

    @Test("Metrics count the groups that fail every night") func failingGroups() async throws {
        let stage = try stage("out.prom") { world in
            let others = world.seed.people[9...10].map { GroupSeed.Member(phone: $0.phone, role: .member) }
            world.seed.groups[0].members += others
        }
        let failing = "rollcall_groups_failing"
        stage.world.inject(
            FaultRule(method: "DELETE", path: "*", count: nil, fault: .status(500, code: "internal")))
        try stage.write("groups:\n" + SmallWorld.policy(1, members: [9]), to: "policies/a.yaml")
        for night in 1...3 {
            #expect(await stage.run("apply", "--yes").code == 3)
            let text = try String(contentsOfFile: stage.path("out.prom"), encoding: .utf8)
            #expect(value(failing, in: text) == (night < 3 ? "0" : "1"), "night \(night)")
            stage.clock.advance(by: .seconds(86_400))
        }
        stage.world.clearFaults()
        #expect(await stage.run("apply", "--yes").code == 0)
        let text = try String(contentsOfFile: stage.path("out.prom"), encoding: .utf8)
        #expect(value(failing, in: text) == "0")
        #expect(!text.contains("{}"))
    }

    @Test("Metrics count accepted changes that the gateway cannot show; a report lists them, not as failures")
    func unseenChanges() async throws {
        let stage = try stage("out.prom") { $0.seed.behaviour.store = .appendOnly }
        for _ in 1...2 {
            #expect(await stage.run("apply", "--yes").code == 0)
            let text = try String(contentsOfFile: stage.path("out.prom"), encoding: .utf8)
            // One person was to be added, another removed.
            #expect(value("rollcall_changes_unseen", in: text) == "2")
            #expect(value(#"rollcall_run_errors{command="apply"}"#, in: text) == "0")
            stage.clock.advance(by: .seconds(86_400))
        }
        #expect(await stage.run("report", "--out", stage.path("night.html"), "--show-phones").code == 0)
        let page = try String(contentsOfFile: stage.path("night.html"), encoding: .utf8)
        #expect(page.contains("2 changes in 1 group, the oldest sent on"))
        #expect(page.contains("No failed or blocked adds when the groups were last read."))
        #expect(page.contains("Sent, not confirmed yet"))
    }

    /// Reasons why a run or its end is not recorded.
    enum Trouble: CaseIterable {
        case policy, token, lock, usage, alteredPlan, ledger
    }

    @Test("Metrics show a run that is not on record, and keep the values of earlier runs", arguments: Trouble.allCases)
    func unrecorded(_ trouble: Trouble) async throws {
        let stage = try stage("out.prom")
        let end = #"rollcall_run_end_timestamp_seconds{command="apply"}"#
        let success = #"rollcall_run_success_timestamp_seconds{command="apply"}"#
        let code = #"rollcall_run_exit_code{command="apply"}"#
        #expect(await stage.run("apply", "--yes").code == 0)
        var text = try String(contentsOfFile: stage.path("out.prom"), encoding: .utf8)
        let wentWellAt = try #require(value(success, in: text))
        stage.clock.advance(by: .seconds(60))

        var lock: LockAttempt?
        var arguments = ["apply", "--yes"]
        let expected: Int32
        switch trouble {
        case .policy:
            try stage.write("groups: 1\n", to: "policies/a.yaml")
            expected = 65
        case .token:
            // With two gateways, the environment's token applies to neither.
            try stage.write(
                """
                gateways:
                  default: { url: "http://127.0.0.1:1", token: { env: NO_SUCH_TOKEN } }
                  other: { url: "http://127.0.0.1:1" }
                policies: [policies]
                metrics: { textfile: out.prom }
                """, to: "rollcall.yaml")
            try stage.write("gateway: default\n" + Self.policy(), to: "policies/a.yaml")
            expected = 78
        case .lock:
            lock = try RunLock.attempt(ledger: stage.path("rollcall.sqlite"))
            expected = 6
        case .usage:
            arguments = ["apply"]
            expected = 64
        case .alteredPlan:
            try stage.write("{}", to: "plan.json")
            arguments = ["apply", stage.path("plan.json"), "--yes"]
            expected = 65
        case .ledger:
            try stage.write("no database at all, however long it is\n", to: "rollcall.sqlite")
            for more in ["-wal", "-shm"]
            where FileManager.default.fileExists(atPath: stage.path("rollcall.sqlite\(more)")) {
                try FileManager.default.removeItem(atPath: stage.path("rollcall.sqlite\(more)"))
            }
            expected = 1
        }
        #expect(await stage.run(arguments).code == expected)
        withExtendedLifetime(lock) {}
        text = try String(contentsOfFile: stage.path("out.prom"), encoding: .utf8)
        #expect(value(code, in: text) == "\(expected)")
        #expect(value(success, in: text) == wentWellAt)
        let endedAt = try #require(value(end, in: text))
        #expect(try #require(Double(endedAt)) == #require(Double(wentWellAt)) + 60)
        #expect(value(#"rollcall_run_groups{command="apply",status="unchanged"}"#, in: text) == "0")

        // A plan does not change what the metrics say about the apply before it.
        stage.clock.advance(by: .seconds(60))
        _ = await stage.run("plan")
        text = try String(contentsOfFile: stage.path("out.prom"), encoding: .utf8)
        #expect(value(code, in: text) == "\(expected)" && value(success, in: text) == wentWellAt)
        #expect(value(end, in: text) == endedAt)
        #expect(value(#"rollcall_run_exit_code{command="plan"}"#, in: text) != nil)
    }

    @Test("Metrics show a plan that is not on record, without creating a ledger") func unrecordedPlan() async throws {
        let stage = try stage("out.prom")
        try stage.write("groups: 1\n", to: "policies/a.yaml")
        #expect(await stage.run("plan").code == 65)
        let text = try String(contentsOfFile: stage.path("out.prom"), encoding: .utf8)
        #expect(value(#"rollcall_run_exit_code{command="plan"}"#, in: text) == "65")
        #expect(!text.contains("run_success_timestamp_seconds") && !text.contains(#"command="apply""#))
        #expect(!FileManager.default.fileExists(atPath: stage.path("rollcall.sqlite")))
    }

    @Test("Metrics replace a file that is not ours") func foreignFile() async throws {
        let stage = try stage("out.prom")
        try stage.write(
            """
            rollcall_run_exit_code{command="apply"} many
            rollcall_run_start_timestamp_seconds{command="apply"} 1e300
            rollcall_run_end_timestamp_seconds{command="apply"} -5.000
            rollcall_run_exit_code
            \u{0}
            """, to: "out.prom")
        #expect(await stage.run("plan").code == 0)
        let text = try String(contentsOfFile: stage.path("out.prom"), encoding: .utf8)
        #expect(value(#"rollcall_run_exit_code{command="plan"}"#, in: text) == "0")
        #expect(!text.contains(#"command="apply""#))
    }

    @Test("Metrics that cannot be written do not change the run") func unwritable() async throws {
        let stage = try stage("no/such/folder/out.prom")
        let result = await stage.run("apply", "--yes")
        #expect(result.code == 0)
        #expect(result.errors.contains("Rollcall could not write the metrics: "))
        #expect(result.errors.contains("No such file or directory"))
    }
}
