import ArgumentParser
import Core
import GatewayAPI
import PolicyFiles
import Reconciliation
import Reports

/// `rollcall sessions`: lists the sessions that the tokens may use.
struct SessionsCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "sessions", abstract: "List the gateway's sessions: their ids, states and own numbers.",
        usage: "rollcall sessions [--format text|json] [<options>]",
        discussion: """
            A session is a WhatsApp account that is linked to the gateway and makes the changes; a policy names it by \
            its id. The command asks each gateway of the configuration; the token needs the permission `manage`.

            Exit codes: 0 success; 69 no useful answer from a gateway; 77 a gateway rejected the token.
            """)

    @Option(help: "The output format.")
    var format: OutputFormat = .text

    @OptionGroup var shared: SharedOptions

    func run(in context: Context) async throws -> ExitStatus {
        let configuration = try Project.loadConfiguration(shared, in: context)
        let names = configuration.gateways.map(\.name)
        let connections = try GatewayConnections(
            configuration, used: Set(names), deadline: nil, logger: shared.logger(in: context), in: context)
        var sessions: [ListedSession] = []
        for name in names {
            guard let gateway = connections.readable[name] else { continue }
            do throws(GatewayError) {
                for record in try await gateway.reading.sessions() {
                    sessions.append(
                        ListedSession(gateway: name, record: record, ownPhone: gateway.ownAccounts[record.id]))
                }
            } catch {
                throw Failure(listing: error, from: name)
            }
        }
        let listing = SessionListing(sessions: sessions, namesGateways: names.count > 1)
        switch format {
        case .text: context.output.write(listing.text(painter: shared.painter(in: context)))
        case .json: context.output.write(listing.json.rendered())
        }
        return .success
    }
}

extension Failure {
    /// Creates the failure for a list that a gateway did not return.
    init(listing error: GatewayError, from gateway: GatewayName) {
        switch error.httpStatus {
        case 401: self.init(RunFault.credentialsRejected(gateway, error))
        case 403:
            self.init(
                .gatewayUnreachable,
                "\(error.withoutNumbers.message.escapedForTerminal); give the token the permission `manage`")
        default: self.init(.gatewayUnreachable, error.withoutNumbers.message.escapedForTerminal)
        }
    }
}
