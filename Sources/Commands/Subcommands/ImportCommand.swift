import ArgumentParser
import Core
import GatewayAPI
import PolicyFiles
import Reconciliation
import Reports
import RunLedger

/// `rollcall import`: writes a policy from today's member lists.
struct ImportCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Write a policy that describes a session's groups as they are.",
        usage: "rollcall import --session <id> [--group <gid> ...] [--mode additive|exact] [--out <file>] [<options>]",
        discussion: """
            Reads the groups through the gateway and prints a policy in YAML; a plan right after the import changes \
            nothing. Members with hidden numbers are listed by LID, which is WhatsApp's own id of an account.

            Exit codes: 0 success; 3 a group could not be read or its member list is incomplete; 69 no useful answer \
            from the gateway; 77 the gateway rejected the token.
            """)

    @Option(help: ArgumentHelp("The session to read groups from.", valueName: "id"))
    var session: String

    @Option(
        name: .long, parsing: .upToNextOption, help: ArgumentHelp("Only these groups, by JID.", valueName: "gid"))
    var group: [String] = []

    @Option(help: ArgumentHelp("The gateway, if the configuration has several.", valueName: "name"))
    var gateway: String?

    @Option(
        name: [.short, .long],
        help: ArgumentHelp("Write to this new file. `-` means standard output.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var out: String?

    @Option(
        help: ArgumentHelp(
            "The mode of the groups: `additive` removes nobody, `exact` removes people not listed.", valueName: "mode"))
    var mode: GroupMode = .additive

    @OptionGroup var shared: SharedOptions

    func run(in context: Context) async throws -> ExitStatus {
        let id = try SessionID(option: session)
        let named = try group.map { text throws(Failure) in try GroupID(option: text) }
        if let out { try ResultFile.checkTarget(of: out, keepsFiles: true) }
        let project = try Project.loadConfiguration(shared, in: context)
        let name = try project.gateway(named: gateway)
        let connections = try GatewayConnections(
            project, used: [name], deadline: nil, logger: shared.logger(in: context), in: context)
        let connection = try connections.readable(name)
        let rosters = try await read(id, only: Set(named), through: connection, project, name, in: context)
        for id in named where !rosters.groups.contains(where: { $0.id == id }) {
            throw Failure(.usage, "No group \(id) in this session. List its groups: rollcall groups")
        }
        // Names are shared by all files, so people keep their names from other policies.
        let policies = PolicyReader.read(project).policies
        let text = ImportedPolicy(
            session: id, gateway: name, date: context.time.now().date, mode: mode,
            known: policies?.namesOfPeople ?? [:], usedNames: policies?.names ?? []
        ).render(rosters)
        let location = out ?? ResultFile.standardOutput
        try ResultFile.write(text, to: location, existing: .kept, in: context)
        if !ResultFile.isStandardOutput(location), !shared.quiet {
            context.output.writeError("wrote \(location.escapedForTerminal)\n")
        }
        return tell(of: rosters, in: context)
    }

    private func read(
        _ session: SessionID, only named: Set<GroupID>, through gateway: ReadableGateway,
        _ configuration: Configuration, _ name: GatewayName, in context: Context
    ) async throws -> RosterImport {
        let signals = SignalWatch(control: context.control) { context.output.writeError($0) }
        defer { signals.end() }
        let progress = ProgressLine(context: context, quiet: shared.quiet)
        // A plan uses the same memory.
        let memory = try await Ledger.memory(
            of: SessionKey(gateway: name, session: session), inLedgerAt: configuration.ledger, at: context.time.now())
        let importer = RosterImporter(
            reading: gateway.reading, session: session, ownPhone: gateway.ownAccounts[session],
            concurrency: configuration.readConcurrency, progress: progress, memory: memory)
        let result = await context.control.unlessStopped {
            do throws(GatewayError) {
                return Result<RosterImport, GatewayError>.success(try await importer.read(only: named))
            } catch {
                return .failure(error)
            }
        }
        progress.clear()
        switch result {
        case .success(let rosters): return rosters
        case .failure(let error) where error.kind == .credentialsRejected:
            throw RunFault.credentialsRejected(name, error)
        case .failure(.cancelled), nil:
            guard case .interrupted(let signal)? = context.control.stopReason else {
                throw Failure(.failure, "reading the groups was cancelled; nothing was written")
            }
            throw Failure(.interrupted(signal: signal), "interrupted while reading; nothing was written")
        case .failure(let error):
            let isRefusal = error.httpStatus.map { $0 < 500 } ?? false
            throw Failure(
                isRefusal ? .incomplete : .gatewayUnreachable, error.withoutNumbers.message.escapedForTerminal)
        }
    }

    /// Reports what the policy leaves out, and returns the exit status.
    private func tell(of rosters: RosterImport, in context: Context) -> ExitStatus {
        var failed = 0
        let incomplete = rosters.groups.filter(\.isIncomplete)
        if !incomplete.isEmpty {
            context.output.writeError(
                "rollcall: warning: the gateway has not read \(incomplete.count == 1 ? "one group" : "\(incomplete.count) groups") "
                    + "from WhatsApp, so members may be missing and the mode is `additive`; import again after a backfill\n"
            )
        }
        let unclear = rosters.groups.reduce(0) { count, group in
            count + ((try? group.entries.get())?.count { $0.hasUnclearRole } ?? 0)
        }
        if unclear > 0 {
            context.output.writeError(
                "rollcall: warning: Rollcall cannot tell whether "
                    + "\(unclear == 1 ? "one member is an admin" : "\(unclear) members are admins"), so the policy "
                    + "lists them under `keep` and Rollcall does not change them; move each to `admins` or `members`\n")
        }
        for group in rosters.groups {
            guard case .failure(let error) = group.entries else { continue }
            failed += 1
            context.output.writeError(
                "rollcall: error: the policy does not contain group \(group.id): \(error.withoutNumbers.message)"
                    .escapedForTerminal + "\n")
        }
        if failed == 0 { return incomplete.isEmpty ? .success : .incomplete }
        return failed == rosters.groups.count ? .gatewayUnreachable : .incomplete
    }
}

extension GroupMode: ExpressibleByArgument {}
