import Foundation
import GatewaySimulator
import Stage
import Testing

@Suite("Unusable files") struct UnusableFileTests {
    private func stage() throws -> Stage {
        var world = try SmallWorld()
        try world.addGroup(1)
        return try Stage(world.seed, files: ["policies/a.yaml": "groups:\n" + (try SmallWorld.policy(1, members: [2]))])
    }

    @Test(
        "An unusable `ca_file` is reported before any call, and a device does not block",
        arguments: [
            ("missing.pem", "does not exist"), ("policies", "is a folder, not a regular file"),
            ("/dev/zero", "is a device, not a regular file"), ("policies/a.yaml", "contains no PEM certificate"),
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

    @Test("A ledger with several hard links is refused, because runs under different names would not see each other")
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
