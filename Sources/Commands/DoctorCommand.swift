import ArgumentParser
import Reconciliation
import Reports

/// `rollcall doctor`: whether a run could do its work, and how to mend what keeps it from that.
struct DoctorCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check everything that a run needs, and say how to mend what is wrong.",
        usage: "rollcall doctor [--format text|json] [<options>]",
        discussion: """
            Looks at the configuration, the policies, the ledger, the token, each session's connection, whether its \
            account is an admin of each group, and the clock. It changes nothing, and asks WhatsApp nothing.

            Exits 0, or 3 when there is a problem.
            """)

    @Option(help: "How the findings are written.")
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
                throw Failure(.failure, "the examination was broken off")
            }
            throw Failure(.interrupted(signal: signal), "interrupted while looking")
        }
        switch format {
        case .text: context.output.write(diagnosis.text(shared.painter(in: context)))
        case .json: context.output.write(diagnosis.json.rendered())
        }
        return diagnosis.hasProblems ? .incomplete : .success
    }
}
