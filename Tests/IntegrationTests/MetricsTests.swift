import Foundation
import GatewaySimulator
import Membership
import Stage
import Testing

@Suite("Metrics") struct MetricsTests {
    private func stage(_ file: String) throws -> Stage {
        var world = try SmallWorld()
        try world.addGroup(1, members: [9])
        try world.addGroup(2, members: [3])
        return try Stage(
            world.seed,
            files: [
                "policies/a.yaml": "groups:\n" + (try SmallWorld.policy(1, members: [2]))
                    + (try SmallWorld.policy(2, members: [3])),
                "rollcall.yaml": Stage.configuration("metrics: { textfile: \(file) }"),
            ])
    }

    /// The value of a sample by its name and labels.
    private func value(_ sample: String, in text: String) -> String? {
        text.split(separator: "\n").first { $0.hasPrefix(sample + " ") }.map { String($0.dropFirst(sample.count + 1)) }
    }

    @Test("tell of the last run of each command, and when one went well") func figures() async throws {
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

    @Test("that cannot be written change nothing about the run") func unwritable() async throws {
        let stage = try stage("no/such/folder/out.prom")
        let result = await stage.run("apply", "--yes")
        #expect(result.code == 0)
        #expect(result.errors.contains("no metrics: ") && result.errors.contains("No such file or directory"))
    }
}
