import ArgumentParser
import GatewayAPI
import Membership
import PolicyFiles
import Reconciliation
import Reports

/// `rollcall sessions`: the sessions that the tokens may use.
struct SessionsCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "sessions", abstract: "List the gateway's sessions: their ids, states and own numbers.",
        usage: "rollcall sessions [--format text|json] [<options>]",
        discussion: """
            Asks each gateway of the configuration; the token needs the permission `manage`. A policy names a session by \
            its id.

            Exits 0, or 69 when a gateway gave nothing useful, 77 when it rejected the token.
            """)

    @Option(help: "How the list is written.")
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
    /// What is said of a list that a gateway did not give.
    init(listing error: GatewayError, from gateway: GatewayName) {
        switch error.httpStatus {
        case 401: self.init(credentialsRejectedBy: gateway, error)
        case 403:
            self.init(
                .gatewayUnreachable,
                "\(error.withoutNumbers.message.defusedForTerminal); the token needs the permission `manage` for this")
        default: self.init(.gatewayUnreachable, error.withoutNumbers.message.defusedForTerminal)
        }
    }
}
