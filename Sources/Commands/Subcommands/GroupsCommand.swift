import ArgumentParser
import Core
import GatewayAPI
import PolicyFiles
import Reconciliation
import Reports

/// `rollcall groups`: lists the groups of sessions.
struct GroupsCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "groups",
        abstract: "List the groups of sessions: id, name, size, own role, and whether a policy names it.",
        usage: "rollcall groups [--session <id> ...] [--gateway <name>] [--format text|json] [<options>]",
        discussion: """
            Without --session it lists the groups of all sessions; the token then needs the permission `manage`. The \
            command reads the member list of each group to see whether the session's account is an admin.

            Exit codes: 0 success; 3 a session or group could not be read; 69 no useful answer from the gateway; 77 \
            the gateway rejected the token.
            """)

    @Option(
        name: .long, parsing: .upToNextOption,
        help: ArgumentHelp("Only the groups of these sessions.", valueName: "id"))
    var session: [String] = []

    @Option(help: ArgumentHelp("The gateway, if the configuration has several.", valueName: "name"))
    var gateway: String?

    @Option(help: "The output format.")
    var format: OutputFormat = .text

    @OptionGroup var shared: SharedOptions

    func run(in context: Context) async throws -> ExitStatus {
        let named = try session.map { text throws(Failure) in try SessionID(option: text) }
        let project = try Project.load(shared, in: context)
        let name = try project.configuration.gateway(named: gateway)
        let connections = try GatewayConnections(
            project.configuration, used: [name], deadline: nil, logger: shared.logger(in: context), in: context)
        let connection = try connections.readable(name)
        let described = Set(project.policies.groups)
        let lister = GroupLister(
            gateway: connection, name: name, concurrency: project.configuration.readConcurrency,
            isDescribed: { described.contains($0) })
        let listing: GroupListing
        do throws(GatewayError) {
            listing = try await lister.list(named.isEmpty ? nil : named)
        } catch {
            throw Failure(listing: error, from: name)
        }
        switch format {
        case .text: context.output.write(GroupListText(painter: shared.painter(in: context)).render(listing))
        case .json: context.output.write(GroupListText.json(listing).rendered())
        }
        for (id, error) in listing.failures {
            context.output.writeError(
                "rollcall: error: session \(id): \(error.withoutNumbers.message)".escapedForTerminal + "\n")
        }
        return listing.failures.isEmpty && listing.groups.allSatisfy { $0.role != .unread } ? .success : .incomplete
    }
}
