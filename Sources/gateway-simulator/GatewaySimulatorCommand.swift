import ArgumentParser
import GatewaySimulator

/// The command line of the simulator.
@main
struct GatewaySimulatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gateway-simulator",
        abstract: "Simulate a WhatsApp gateway in memory, to try Rollcall without affecting anyone.",
        discussion: """
            The seed file lists organisations, api-keys, people, sessions and groups; docs/simulator.md \
            describes it. Once the server listens it prints one line, `listening on http://127.0.0.1:PORT`, and \
            serves until SIGINT or SIGTERM. Then it forgets all changes.
            """)

    @Option(help: ArgumentHelp("The initial world, in YAML or JSON.", valueName: "file"))
    var seed: String

    @Option(help: "The port to listen on; 0 selects a free one.")
    var port: UInt16 = 8_080

    @Option(help: "The address to listen on. Anyone who can reach it can use the seed's tokens.")
    var host = "127.0.0.1"

    @Option(help: ArgumentHelp("Also write the URL to this file once the server listens.", valueName: "file"))
    var urlFile: String?

    @Flag(help: "Also serve the journal, the true state, faults and events below /_simulator/, without a token.")
    var control = false

    @Option(
        help: ArgumentHelp(
            "First print a login token for an organisation, as a line `token …`; ROLE is viewer, editor, admin or super_admin.",
            valueName: "org[:role]"))
    var printToken: String?

    func validate() throws {
        if let printToken, SimulatorProgram.TokenRequest(printToken) == nil {
            throw ValidationError(
                "'\(printToken)' is not ORG or ORG:ROLE; the roles are viewer, editor, admin and super_admin.")
        }
    }

    func run() async throws {
        do {
            try await SimulatorProgram.run(
                seedPath: seed, host: host, port: Int(port), urlPath: urlFile, servesControlPaths: control,
                tokenFor: printToken.flatMap { SimulatorProgram.TokenRequest($0) })
        } catch let error as SeedFileError {
            throw Self.failure(error.problems.map(\.description), status: 65)
        } catch let error as SeedError {
            throw Self.failure(["\(seed): error: \(error)"], status: 65)
        } catch let error as SimulatorProgramError {
            throw Self.failure(["gateway-simulator: \(error)"], status: 64)
        } catch {
            throw Self.failure(
                ["gateway-simulator: cannot serve on \(host):\(port): \(error); try another --port"], status: 1)
        }
    }

    private static func failure(_ lines: [String], status: Int32) -> ExitCode {
        for line in lines { SimulatorProgram.complain(line) }
        return ExitCode(status)
    }
}
