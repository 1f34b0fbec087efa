import Foundation
import Glibc
import Testing

@Suite("The demo") struct DemoTests {
    private let scratch: ScratchFolder

    /// Creates a folder for temporary files that the test can inspect.
    init() throws {
        scratch = try ScratchFolder()
        try FileManager.default.createDirectory(
            atPath: scratch.path("temporary"), withIntermediateDirectories: false)
    }

    private static let fixtures = "\(Program.sources)/Tests/IntegrationTests/Fixtures"

    private func demo(_ more: [String: String] = [:]) -> Program {
        Program(
            executable: "\(Program.sources)/examples/demo",
            environment: [
                "SWIFT": "\(Self.fixtures)/swift", "BUILT_PROGRAMS": Program.built,
                "TMPDIR": scratch.path("temporary"),
            ].merging(more) { $1 }, holding: scratch)
    }

    /// Returns the process ids of simulators with a seed file in the scratch folder.
    private func simulators() throws -> [Int32] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { Int32($0) }.filter { identifier in
            let words = FileManager.default.contents(atPath: "/proc/\(identifier)/cmdline") ?? Data()
            return String(decoding: words, as: UTF8.self).contains("--seed\0\(scratch.path())")
        }
    }

    private func leftovers() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: scratch.path("temporary"))
    }

    @Test("The demo plans, applies, finds nothing more to do and cleans up, in any environment")
    func whole() async throws {
        let result = try await demo(["ROLLCALL_CONFIG": "/nowhere", "ROLLCALL_LEDGER": "/nowhere/x"]).run()
        #expect(result.code == 0)
        #expect(result.errors.isEmpty)
        #expect(result.output.contains("Done: 5 added, 3 promoted, 1 demoted, 3 removed"))
        #expect(result.output.contains("\nNothing to change now. "))
        #expect(result.output.contains("apply    succeeded"))
        #expect(try simulators().isEmpty)
        #expect(try leftovers().isEmpty)
    }

    @Test("The demo cleans up when a signal ends it", arguments: [SIGINT, SIGTERM])
    func interrupted(signal: Int32) async throws {
        let files = FileManager.default
        try files.createDirectory(atPath: scratch.path("programs"), withIntermediateDirectories: false)
        try files.createSymbolicLink(
            atPath: scratch.path("programs/gateway-simulator"),
            withDestinationPath: "\(Program.built)/gateway-simulator")
        try files.createSymbolicLink(
            atPath: scratch.path("programs/rollcall"), withDestinationPath: "\(Self.fixtures)/patient-program")
        let running = try demo([
            "BUILT_PROGRAMS": scratch.path("programs"), "PROGRAM_HAS_BEGUN": scratch.path("begun"),
            "PROGRAM_MAY_END": scratch.path("end"),
        ]).start([])
        try await waitUntil("the first step") { files.fileExists(atPath: scratch.path("begun")) }
        #expect(try simulators().count == 1)
        #expect(try leftovers().count == 1)
        running.send(signal)
        try scratch.write("end", "")
        let result = await running.ending()
        #expect(result.code == 128 + signal)
        #expect(try simulators().isEmpty)
        #expect(try leftovers().isEmpty)
    }

    @Test("The demo says why if the build fails") func brokenBuild() async throws {
        let result = try await demo(["BUILD_ERROR": "error: no such module"]).run()
        #expect(result.code == 1)
        #expect(result.errors == "error: no such module\n")
        #expect(try leftovers().isEmpty)
    }
}
