import ArgumentParser
import Reconciliation
import Reports

/// `rollcall doctor`: checks whether a run can work, and says how to fix problems.
struct DoctorCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check everything that a run needs, and say how to fix problems.",
        usage: "rollcall doctor [--format text|json] [<options>]",
        discussion: """
            Checks the configuration, the policies, the ledger, the token, each session's connection, whether its \
            account is an admin of each group, and the clock. It changes nothing and sends nothing to WhatsApp.

            Exit codes: 0 no problems; 3 at least one problem.
            """)

    @Option(help: "The output format.")
    var format: OutputFormat = .text

    @OptionGroup var shared: SharedOptions

    func run(in context: Context) async throws -> ExitStatus {
        let signals = SignalWatch(control: context.control) { context.output.writeError($0) }
        defer { signals.end() }
        let shared = shared
        let diagnosis = await context.control.unlessStopped {
            var doctor = Doctor(shared: shared, context: context)
            await doctor.examine()
            return doctor.diagnosis
        }
        guard let diagnosis else {
            guard case .interrupted(let signal)? = context.control.stopReason else {
                throw Failure(.failure, "the check was cancelled")
            }
            throw Failure(.interrupted(signal: signal), "interrupted")
        }
        switch format {
        case .text: context.output.write(diagnosis.text(shared.painter(in: context)))
        case .json: context.output.write(diagnosis.json.rendered())
        }
        return diagnosis.hasProblems ? .incomplete : .success
    }
}
