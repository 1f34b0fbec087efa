package import ArgumentParser
import Reports

/// A verb of the program, which does its work in a context and says how it ended.
protocol Verb: ParsableCommand {
    func run(in context: Context) async throws -> ExitStatus
}

/// The program: the list of its verbs.
package struct Rollcall: ParsableCommand {
    /// The name, the summary and the verbs.
    package static let configuration = CommandConfiguration(
        commandName: "rollcall",
        abstract: "Keep WhatsApp groups as a reviewed policy says they should be.",
        discussion: """
            Policies are YAML files that name the members and admins of each group. `plan` reads the groups through \
            the gateway and shows what differs; `apply` carries it out and records every call in the ledger.

            Start with `rollcall init`, edit the two YAML files that it writes, then run `rollcall plan`.
            """,
        version: "rollcall \(Version.current)",
        subcommands: [
            InitCommand.self, ValidateCommand.self, PlanCommand.self, ApplyCommand.self, HistoryCommand.self,
            ShowCommand.self, ExplainCommand.self, SessionsCommand.self, GroupsCommand.self, ImportCommand.self,
            DoctorCommand.self, LedgerCommand.self, SchemaCommand.self, ReportCommand.self,
        ])

    /// For the argument parser.
    package init() {}

    /// Runs the program and returns the number that the process ends with.
    package static func run(_ arguments: [String], in context: Context) async -> Int32 {
        let code = await perform(arguments, in: context)
        guard let loss = context.output.lossOfResults else { return code }
        context.output.writeError(
            "rollcall: error: not all of the result could be written to standard output: \(loss)\n")
        return [ExitStatus.success, .changesPending].map(\.code).contains(code) ? ExitStatus.failure.code : code
    }

    private static func perform(_ arguments: [String], in context: Context) async -> Int32 {
        let verb: any Verb
        do {
            var command = try parseAsRoot(arguments)
            guard let parsed = command as? any Verb else {
                // The bare name, or one of the parser's own commands, all of which end in a help text.
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
                // What was typed may be quoted in it.
                let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
                context.output.writeError(lines.map { String($0).defusedForTerminal }.joined(separator: "\n") + "\n")
            }
            return code.rawValue
        }
        do {
            return try await verb.run(in: context).code
        } catch let failure as Failure {
            for line in failure.lines { context.output.writeError(line.defusedForTerminal + "\n") }
            return failure.status.code
        } catch {
            context.output.writeError("rollcall: error: \(error)".defusedForTerminal + "\n")
            return ExitStatus.failure.code
        }
    }
}
