import ArgumentParser
import Core
import Glibc
import PolicyFiles
import Reports
import RunLedger

/// `rollcall history`: lists past runs.
struct HistoryCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "List past runs, newest first.",
        usage: "rollcall history [--group <gid>] [--person <person>] [--limit <n>] [<options>]")

    @Option(help: "Show at most this many runs.")
    var limit: Int = 20

    @Option(
        help: ArgumentHelp("Only runs with changes in this group, given by JID.", valueName: "gid"))
    var group: String?

    @Option(
        help: ArgumentHelp(
            "Only runs with changes for this person: a phone number, a LID, or a name from the policy.",
            valueName: "person"))
    var person: String?

    @Option(help: "The output format.")
    var format: OutputFormat = .text

    @OptionGroup var shared: SharedOptions

    func validate() throws { guard limit > 0 else { throw ValidationError("--limit must be at least 1.") } }

    func run(in context: Context) async throws -> ExitStatus {
        let path = try shared.ledgerPath(in: context)
        let group = try group.map { text throws(Failure) in try GroupID(option: text) }
        let who = try person.map { text throws(Failure) in try reference(of: text, in: context) }
        let runs =
            Ledger.exists(at: path)
            ? try await Ledger(readingFrom: path).latestRuns(limit, concerning: group, person: who) : []
        switch format {
        case .text: context.output.write(RunText(painter: shared.painter(in: context)).list(runs))
        case .json: context.output.write(RunJSON.list(runs).rendered())
        }
        return .success
    }

    /// Returns the person that a text names; reads the policies for a name.
    private func reference(of text: String, in context: Context) throws(Failure) -> PersonReference {
        if let person = PersonReference(spelling: text) { return person }
        let policies = try Project.load(shared, in: context).policies
        guard let person = policies.person(matching: text) else {
            throw Failure(.usage, policies.sentence(onUnknownPerson: text).escapedForTerminal)
        }
        return person
    }
}

/// `rollcall show`: shows one run in full.
struct ShowCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one run in full: groups, changes, and what was blocked or kept.",
        usage: "rollcall show <run> [--format text|json] [<options>]",
        discussion: """
            Signs in the text:

              + add         ^ promote   v demote   - remove
              ~ blocked, kept or sent   x error
            """)

    @Argument(help: "`last`, a run id, or the beginning of one.", completion: .list(["last"]))
    var run: String

    @Option(help: "The output format.")
    var format: OutputFormat = .text

    @OptionGroup var shared: SharedOptions

    func run(in context: Context) async throws -> ExitStatus {
        let path = try shared.ledgerPath(in: context)
        guard Ledger.exists(at: path) else { throw LedgerError.noSuchRun(run) }
        let ledger = try Ledger(readingFrom: path)
        let record = try await ledger.run(matching: run)
        let groups = try await ledger.groups(of: record.id)
        let actions = try await ledger.actions(of: record.id)
        let holds = try await ledger.holds(of: record.id)
        switch format {
        case .text:
            let text = RunText(painter: shared.painter(in: context))
            context.output.write(text.detail(record, groups: groups, actions: actions, holds: holds))
        case .json:
            context.output.write(RunJSON.detail(record, groups: groups, actions: actions, holds: holds).rendered())
        }
        return .success
    }
}

extension SharedOptions {
    /// Returns the ledger's path: from the option, else from the environment or the configuration.
    func ledgerPath(in context: Context) throws(Failure) -> String {
        if let ledger { return ledger }
        return try Project.loadConfiguration(self, in: context).ledger
    }

    /// Returns the path of a ledger that exists.
    func existingLedgerPath(in context: Context) throws(Failure) -> String {
        let path = try ledgerPath(in: context)
        guard Ledger.exists(at: path) else { throw Failure(.usage, "there is no ledger at \(path.escapedForTerminal)") }
        return path
    }

    /// Whether there is a configuration file to read.
    func hasConfiguration(in context: Context) -> Bool { access(configurationPath(in: context), F_OK) == 0 }
}
