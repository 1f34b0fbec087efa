import Foundation
import GatewaySimulator
import Stage
import Testing

@Suite("A file that cannot be used") struct UnusableFileTests {
    private func stage() throws -> Stage {
        var world = try SmallWorld()
        try world.addGroup(1)
        return try Stage(world.seed, files: ["policies/a.yaml": "groups:\n" + (try SmallWorld.policy(1, members: [2]))])
    }

    @Test(
        "as `ca_file` is told before anything is asked, and a device holds nobody up",
        arguments: [
            ("missing.pem", "cannot be opened"), ("policies", "is not a regular file"),
            ("/dev/zero", "is not a regular file"), ("policies/a.yaml", "contains no PEM certificate"),
        ])
    func authorities(name: String, words: String) async throws {
        let stage = try stage()
        try stage.write(
            Stage.configuration().replacing("gateway: { ", with: "gateway: { ca_file: \(name), "), to: "rollcall.yaml")
        let result = await stage.run("plan")
        #expect(result.code == 78)
        #expect(result.errors.contains(words))
        #expect(stage.world.journal.isEmpty)
    }

    @Test("as a ledger with several hard links is refused: a run under one name would not know of one under another")
    func hardLinks() async throws {
        let stage = try stage()
        #expect(await stage.run("plan").code == 0)
        try FileManager.default.linkItem(atPath: stage.path("rollcall.sqlite"), toPath: stage.path("other.sqlite"))
        for name in ["rollcall.sqlite", "other.sqlite"] {
            let result = await stage.run("apply", "--yes", "--ledger", stage.path(name))
            #expect(result.code == 1)
            #expect(result.errors.contains("hard links"))
        }
        #expect(stage.world.mutations.isEmpty)
    }
}
