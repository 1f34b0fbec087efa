import ArgumentParser
import Core
import PolicyFiles
import Reconciliation
import Reports
import RunLedger

/// `rollcall ledger prune`: deletes old runs, and what is remembered of people who are long gone.
struct LedgerPruneCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "prune", abstract: "Delete old runs, and what Rollcall remembers about people and groups.",
        usage: "rollcall ledger prune --keep <duration> [--yes] [<options>]",
        discussion: """
            Deletes the runs that are older than --keep. It also deletes what Rollcall remembers about a person or \
            group (numbers of LIDs, looked-up numbers, when someone was seen), if no policy names them and no member \
            list has shown them for the time of --keep. If Rollcall cannot read the policies, it deletes only old runs.

            Rollcall deletes records only with `ledger prune` and `ledger forget`. The command asks first; without a \
            terminal it needs --yes. The last 90 days always stay, because later runs need them.
            """)

    @Option(
        help: ArgumentHelp("How long records are kept, for example 400d.", valueName: "duration"),
        transform: DurationArgument.read)
    var keep: DurationArgument

    @Flag(name: [.short, .long], help: "Do not ask.")
    var yes = false

    @OptionGroup var shared: SharedOptions

    func validate() throws {
        guard keep.duration >= Ledger.minimumRetention else {
            throw ValidationError("--keep must be at least 90d, because later runs need the last 90 days.")
        }
    }

    func run(in context: Context) async throws -> ExitStatus {
        let deletion = try await LedgerDeletion(shared, yes: yes, in: context)
        defer { deletion.end() }
        let ledger = deletion.ledger
        let named = named(in: context)
        let now = context.time.now()
        let cutoff = now.advanced(byMilliseconds: -keep.duration.milliseconds)
        let runs = try await ledger.runs(before: cutoff, at: now)
        let memories = if let named { try await ledger.memory(before: cutoff, at: now, except: named) } else { 0 }
        guard runs > 0 || memories > 0 else {
            context.output.write("There are no runs from before \(cutoff.date), and nothing else to delete.\n")
            return .success
        }
        let what =
            runs.counting("run") + " from before \(cutoff.date)"
            + (memories > 0
                ? ", and \(memories.counting("other record")) about people and groups that no run has seen since then"
                : "")
        guard await deletion.isAgreed("Delete \(what)?", in: context) else { return .failure }
        if let named { try await ledger.deleteMemory(before: cutoff, at: now, except: named) }
        try await ledger.deleteRuns(before: cutoff, at: now)
        context.output.write("Deleted \(what).\n")
        return .success
    }

    /// Returns what the policies name; nil if they cannot be read.
    private func named(in context: Context) -> Ledger.Named? {
        do throws(Failure) {
            let policies = try Project.load(shared, in: context).policies
            return Ledger.Named(people: policies.accounts, groups: policies.groups)
        } catch {
            if !shared.quiet {
                context.output.writeError(
                    error.lines.map { $0 + "\n" }.joined()
                        + "rollcall: warning: Rollcall cannot read the policies, so it deletes only runs; fix the "
                        + "policies to delete the rest\n")
            }
            return nil
        }
    }
}

/// `rollcall ledger forget`: deletes everything about one person.
struct LedgerForgetCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "forget", abstract: "Delete everything the ledger holds about one person.",
        usage: "rollcall ledger forget <person> [--yes] [<options>]",
        discussion: """
            Use it when a person asks you to delete their data. It deletes every record with the person's number, with \
            a number they had before, or with their LID, as far as Rollcall knows these. Counts of past runs stay. It \
            asks first; without a terminal it needs --yes.

            First remove the person from the policy, and run `rollcall apply` so that they leave the groups: otherwise \
            the next run records them again. Files that you saved elsewhere (plans, reports, logs, backups) stay as they are.
            """)

    @Argument(help: "A phone number with its country code, or a JID.")
    var person: String

    @Flag(name: [.short, .long], help: "Do not ask.")
    var yes = false

    @OptionGroup var shared: SharedOptions

    func run(in context: Context) async throws -> ExitStatus {
        let who = try reference(in: context)
        let deletion = try await LedgerDeletion(shared, yes: yes, in: context)
        defer { deletion.end() }
        let accounts = try await deletion.ledger.accounts(of: who)
        let names = accounts.sorted().map { $0.phone?.e164 ?? $0.description }.joined(separator: ", ")
        guard await deletion.isAgreed("Delete everything about \(names)?", in: context) else { return .failure }
        let deleted = try await deletion.ledger.erase(accounts)
        guard !deleted.isEmpty else {
            context.output.write("The ledger holds nothing about \(names).\n")
            return .success
        }
        context.output.write(
            "Deleted \(deleted.actions.counting("change")), \(deleted.holds) blocked or kept, "
                + "and \(deleted.memory.counting("other record")) of \(names).\n")
        return .success
    }

    /// Returns the person, once no policy names them.
    private func reference(in context: Context) throws(Failure) -> PersonReference {
        guard shared.ledger == nil || shared.hasConfiguration(in: context) else { return try spelled() }
        let policies = try Project.load(shared, in: context).policies
        guard let named = policies.person(matching: person) else { return try spelled() }
        let positions = policies.mentions(of: named).map(\.source.description)
        let first = positions.first.map { " at \($0)" } ?? " under `people`"
        throw Failure(
            .usage,
            "the policy still names \(person.escapedForTerminal)\(first), so the next run would record them again; remove "
                + "\(positions.count > 1 ? "all \(positions.count) entries" : "the entry"), run `rollcall apply`, then forget them"
        )
    }

    private func spelled() throws(Failure) -> PersonReference {
        if let reference = PersonReference(spelling: person) { return reference }
        throw Failure(
            .usage,
            "\(person.escapedForTerminal) is not a phone number with its country code, such as +6281234567890, nor a JID"
        )
    }
}

/// A ledger that is locked while rows of it are deleted.
private struct LedgerDeletion {
    let ledger: Ledger
    private let lock: RunLock
    private let yes: Bool

    init(_ options: SharedOptions, yes: Bool, in context: Context) async throws {
        guard yes || context.terminal.canAsk else {
            throw Failure(.usage, "there is no terminal to ask on; pass --yes to delete without asking")
        }
        let path = try options.existingLedgerPath(in: context)
        lock = try await LockRequest().acquire(path, time: context.time, control: context.control)
        ledger = try Ledger(path: path)
        self.yes = yes
    }

    /// Whether the deletion may go on.
    func isAgreed(_ question: String, in context: Context) async -> Bool {
        if yes { return true }
        context.output.writeError("\(question) Type \"yes\" to continue: ")
        if await context.terminal.readAnswer(context.control) == "yes" { return true }
        context.output.write("Nothing was deleted.\n")
        return false
    }

    /// Ends the deletion; the ledger stays locked until then.
    func end() { withExtendedLifetime(lock) {} }
}
