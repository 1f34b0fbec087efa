package import ArgumentParser
import Core
import Reports

/// A subcommand of the program; it runs in a context and returns its exit status.
protocol Subcommand: ParsableCommand {
    func run(in context: Context) async throws -> ExitStatus
}

/// The program and its subcommands.
package struct Rollcall: ParsableCommand {
    /// The name, the summary and the subcommands.
    package static let configuration = CommandConfiguration(
        commandName: "rollcall", abstract: "Keep WhatsApp groups in line with a reviewed policy.",
        discussion: """
            Policies are YAML files that list the members and admins of each group. `plan` reads the groups through \
            the gateway and shows the differences; `apply` makes the changes and records every call in the ledger.

            To start, run `rollcall init`, edit the two YAML files that it writes, then run `rollcall plan`.
            """,
        version: "rollcall \(Version.current)",
        subcommands: [
            InitCommand.self, ValidateCommand.self, PlanCommand.self, ApplyCommand.self, HistoryCommand.self,
            ShowCommand.self, ExplainCommand.self, SessionsCommand.self, GroupsCommand.self, ImportCommand.self,
            DoctorCommand.self, LedgerCommand.self, SchemaCommand.self, ReportCommand.self,
        ])

    /// Creates the command for the argument parser.
    package init() {}

    /// Runs the program and returns the exit code.
    package static func run(_ arguments: [String], in context: Context) async -> Int32 {
        let code = await perform(arguments, in: context)
        guard let loss = context.output.lossOfResults else { return code }
        context.output.writeError(
            "rollcall: error: the result could not be written completely to standard output: \(loss)\n")
        return [ExitStatus.success, .changesPending].map(\.code).contains(code) ? ExitStatus.failure.code : code
    }

    private static func perform(_ arguments: [String], in context: Context) async -> Int32 {
        let verb: any Subcommand
        do {
            var command = try parseAsRoot(arguments)
            guard let parsed = command as? any Subcommand else {
                // The program without a subcommand, or one of the parser's own commands: all print help.
                try command.run()
                return ExitStatus.success.code
            }
            verb = parsed
        } catch {
            let text = fullMessage(for: error)
            let code = exitCode(for: error)
            if code == .success {
                context.output.write(text + "\n")
            } else {
                // The message may quote the arguments.
                let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
                context.output.writeError(lines.map { String($0).escapedForTerminal }.joined(separator: "\n") + "\n")
            }
            return code.rawValue
        }
        do {
            return try await verb.run(in: context).code
        } catch {
            let failure = Failure(error)
            for line in failure.lines { context.output.writeError(line.escapedForTerminal + "\n") }
            return failure.status.code
        }
    }
}
