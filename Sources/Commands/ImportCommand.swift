import ArgumentParser
import GatewayAPI
import Membership
import PolicyFiles
import Reconciliation
import Reports
import RunLedger

/// `rollcall import`: today's rosters as a policy.
struct ImportCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Write the policy that describes a session's groups as they are.",
        usage: "rollcall import --session <id> [--group <gid> ...] [--mode additive|exact] [--out <file>] [<options>]",
        discussion: """
            Reads the groups through the gateway and prints policy YAML; planning it at once changes nothing. Members \
            whose numbers the gateway does not know are listed by LID.

            Exits 0, or 3 when a group could not be read or its list is not whole, 69 when the gateway gave nothing useful, 77 when it rejected \
            the token.
            """)

    @Option(help: ArgumentHelp("The session whose groups are read.", valueName: "id"))
    var session: String

    @Option(
        name: .long, parsing: .upToNextOption,
        help: ArgumentHelp("Only these groups, by JID.", valueName: "gid"))
    var group: [String] = []

    @Option(help: ArgumentHelp("The gateway, where the configuration has several.", valueName: "name"))
    var gateway: String?

    @Option(
        name: [.short, .long],
        help: ArgumentHelp("Write to this file, which must not be there yet; - is standard output.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var out: String?

    @Option(
        help: ArgumentHelp(
            "The mode of the groups: `additive`, in which nobody is removed, or `exact`.", valueName: "mode"))
    var mode: GroupMode = .additive

    @OptionGroup var shared: SharedOptions

    func run(in context: Context) async throws -> ExitStatus {
        let id = try SessionID(option: session)
        let named = try group.map { text throws(Failure) in try GroupID(option: text) }
        if let out { try ResultFile.checkPlace(of: out, keepsFiles: true) }
        let project = try Project.loadConfiguration(shared, in: context)
        let name = try project.gateway(named: gateway)
        let connections = try GatewayConnections(
            project, used: [name], deadline: nil, logger: shared.logger(in: context), in: context)
        guard let connection = connections.readable[name] else { throw Failure(.failure, "there is no gateway") }
        let rosters = try await read(id, only: Set(named), through: connection, project, name, in: context)
        for id in named where !rosters.groups.contains(where: { $0.id == id }) {
            throw Failure(.usage, "--group \(id): the session has no such group")
        }
        // Names of people are shared by all files: whom another policy names already has that name here.
        let policies = PolicyReader.read(project).policies
        let text = ImportedPolicy(
            session: id, gateway: name, date: context.time.now().date, mode: mode,
            known: policies?.namesOfPeople ?? [:], taken: policies?.names ?? []
        ).render(rosters)
        let place = out ?? ResultFile.standardOutput
        try ResultFile.write(text, to: place, existing: .kept, in: context)
        if !ResultFile.isStandardOutput(place), !shared.quiet {
            context.output.writeError("wrote \(place.defusedForTerminal)\n")
        }
        return tell(of: rosters, in: context)
    }

    private func read(
        _ session: SessionID, only named: Set<GroupID>, through gateway: ReadableGateway,
        _ configuration: Configuration,
        _ name: GatewayName, in context: Context
    ) async throws(Failure) -> RosterImport {
        let signals = SignalWatch(control: context.control) { context.output.writeError($0) }
        defer { signals.end() }
        let progress = ProgressLine(context: context, quiet: shared.quiet)
        let importer = RosterImporter(
            reading: gateway.reading, session: session, ownPhone: gateway.ownAccounts[session],
            concurrency: configuration.readConcurrency, progress: progress,
            memory: try await memory(of: SessionKey(gateway: name, session: session), configuration, in: context))
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
        case .failure(let error) where error.httpStatus == 401:
            throw Failure(credentialsRejectedBy: name, error)
        case .failure(.cancelled), nil:
            guard case .interrupted(let signal)? = context.control.stopReason else {
                throw Failure(.failure, "reading the groups was broken off; nothing was written")
            }
            throw Failure(.interrupted(signal: signal), "interrupted while reading; nothing was written")
        case .failure(let error):
            let isRefusal = error.httpStatus.map { $0 < 500 } ?? false
            throw Failure(
                isRefusal ? .incomplete : .gatewayUnreachable, error.withoutNumbers.message.defusedForTerminal)
        }
    }

    /// What earlier runs have learned of the session, where there is a ledger: planning goes by it too.
    private func memory(
        of key: SessionKey, _ configuration: Configuration, in context: Context
    ) async throws(Failure) -> SessionMemory {
        do throws(LedgerError) {
            return try await Ledger.memory(of: key, inLedgerAt: configuration.ledger, at: context.time.now())
        } catch {
            throw Failure(error)
        }
    }

    /// Says what is not in the text, and how the command ends.
    private func tell(of rosters: RosterImport, in context: Context) -> ExitStatus {
        var failed = 0
        let incomplete = rosters.groups.filter(\.isIncomplete)
        if !incomplete.isEmpty {
            context.output.writeError(
                "rollcall: warning: the gateway has not read \(incomplete.count == 1 ? "one group" : "\(incomplete.count) groups") "
                    + "from WhatsApp, so members may be missing here; each has `mode: additive`; import again after a backfill\n"
            )
        }
        let unclear = rosters.groups.reduce(0) { count, group in
            count + ((try? group.entries.get())?.count { $0.hasUnclearRole } ?? 0)
        }
        if unclear > 0 {
            context.output.writeError(
                "rollcall: warning: whether \(unclear == 1 ? "one member is an admin" : "\(unclear) members are admins") is not "
                    + "known; `keep` lists them, and leaves them as they are\n")
        }
        for group in rosters.groups {
            guard case .failure(let error) = group.entries else { continue }
            failed += 1
            context.output.writeError(
                "rollcall: error: \(group.id) is left out: \(error.withoutNumbers.message)".defusedForTerminal + "\n")
        }
        if failed == 0 { return incomplete.isEmpty ? .success : .incomplete }
        return failed == rosters.groups.count ? .gatewayUnreachable : .incomplete
    }
}

extension GroupMode: ExpressibleByArgument {}
