import Commands
import Core
import Foundation
package import GatewaySimulator
package import RunLedger

/// The result of one command.
package struct CommandResult: Sendable {
    /// The exit code.
    package let code: Int32
    /// What it wrote to standard output.
    package let output: String
    /// What it wrote to standard error.
    package let errors: String
}

/// A configuration, policies, a simulated gateway and a held clock: runs the whole program without processes, network
/// or pauses.
package final class Stage: Sendable {
    /// The gateway.
    package let world: SimulatedWorld
    /// The clock; the gateway uses its true time.
    package let clock: HeldClock
    private let folder: URL
    private let output = CapturedOutput()
    private let environment: [String: String]

    /// The token that the stage's configuration uses.
    package static let token = "wa_stage"

    /// Creates a stage from a world and file texts by relative path.
    ///
    /// Without a `rollcall.yaml`, it has no pauses and a settle time of a second.
    package init(
        _ seed: WorldSeed, files: [String: String], clock: HeldClock = HeldClock(),
        environment: [String: String] = [:], observer: (@Sendable (WorldChange) -> Void)? = nil
    ) throws {
        self.clock = clock
        world = try SimulatedWorld(seed, clock: { clock.trueTime }, observer: observer)
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("rollcall-\(UUID().uuidString)")
        self.environment = ["ROLLCALL_TOKEN": Self.token].merging(environment) { $1 }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (name, text) in files { try write(text, to: name) }
        if files["rollcall.yaml"] == nil { try write(Self.configuration(), to: "rollcall.yaml") }
    }

    deinit {
        do { try FileManager.default.removeItem(at: folder) } catch { print("left behind: \(folder.path)") }
    }

    /// Returns a configuration without pauses, with further lines.
    package static func configuration(_ more: String = "") -> String {
        """
        gateway: { url: "http://127.0.0.1:1" }
        policies: [policies]
        pace: { calls_per_minute: 0, settle: 1s }
        \(more)
        """
    }

    /// Writes a project file.
    package func write(_ text: String, to name: String) throws {
        let url = folder.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: url, atomically: true, encoding: .utf8)
    }

    /// Returns the path of a project file.
    package func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    /// Runs the program as in the project's folder.
    package func run(_ arguments: String..., answer: String? = nil) async -> CommandResult {
        await run(arguments, answer: answer)
    }

    /// Runs the program as in the project's folder.
    package func run(_ arguments: [String], answer: String? = nil) async -> CommandResult {
        let world = world
        let context = Context(
            environment: environment.merging(["ROLLCALL_CONFIG": path("rollcall.yaml")]) { $1 }, time: clock,
            terminal: Terminal(canAsk: answer != nil, readAnswer: { _ in answer }), output: output, host: "stage",
            random: { 0.5 }, makeTransfer: { _ in SimulatedTransfer(world) })
        let code = await Rollcall.run(arguments, in: context)
        let (output, errors) = output.take()
        return CommandResult(code: code, output: output, errors: errors)
    }

    /// The project's ledger.
    package func ledger() throws -> Ledger { try Ledger(path: path("rollcall.sqlite")) }
}
