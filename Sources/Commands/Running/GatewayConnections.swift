import Core
import GatewayAPI
import HTTPTransfer
import Logging
import PolicyFiles
import Reconciliation
import Reports

/// Clients for the gateways of a configuration.
struct GatewayConnections {
    private let clients: [GatewayName: GatewayClient]
    /// Clients with the token for backfills, if `gateway.refresh` is set.
    private let refreshers: [GatewayName: GatewayClient]
    private let configurations: [GatewayName: GatewayConfiguration]

    /// Reads the tokens of the gateways that a run uses, and creates their clients.
    ///
    /// `sessionsCalling` is the number of sessions that may change groups at the same time.
    init(
        _ configuration: Configuration, used: Set<GatewayName>, sessionsCalling: Int = 0, refreshes: Bool = false,
        deadline: Deadline?, logger: Logger, in context: Context
    ) throws(Failure) {
        var clients: [GatewayName: GatewayClient] = [:]
        var refreshers: [GatewayName: GatewayClient] = [:]
        var configurations: [GatewayName: GatewayConfiguration] = [:]
        // The client keeps this many connections open.
        let calls = min(sessionsCalling, Applier.callsAtATime)
        for gateway in configuration.gateways where used.contains(gateway.name) {
            let token = try Self.token(gateway.token, key: "token", of: gateway, logger: logger, in: context)
            if let path = gateway.caFile { try Self.checkAuthority(path, of: gateway) }
            var settings = TransferSettings(
                userAgent: "rollcall/\(Version.current)", caFile: gateway.caFile, environment: context.environment)
            settings.readsPerHost = configuration.readConcurrency
            settings.changesPerHost = calls
            let transfer = LoggedTransfer(context.makeTransfer(settings), logger: logger, time: context.time)
            func client(_ token: GatewayToken) -> GatewayClient {
                GatewayClient(
                    url: gateway.url, token: token, transfer: transfer, timeout: configuration.readTimeout,
                    time: context.time, retries: .standard, deadline: deadline?.end)
            }
            clients[gateway.name] = client(token)
            if refreshes, let refresh = gateway.refresh {
                refreshers[gateway.name] = client(
                    try refresh.token.map { source throws(Failure) in
                        try Self.token(source, key: "refresh.token", of: gateway, logger: logger, in: context)
                    } ?? token)
            }
            configurations[gateway.name] = gateway
        }
        self.clients = clients
        self.refreshers = refreshers
        self.configurations = configurations
        try OpenFileLimit.secure(connections: clients.count * (configuration.readConcurrency + calls))
    }

    /// The gateways for a plan.
    var readable: [GatewayName: ReadableGateway] {
        Dictionary(
            uniqueKeysWithValues: clients.map { name, client in
                (name, ReadableGateway(reading: client, ownAccounts: configurations[name]?.ownAccounts ?? [:]))
            })
    }

    /// Returns one gateway for reading.
    func readable(_ name: GatewayName) throws(Failure) -> ReadableGateway {
        guard let gateway = readable[name] else {
            throw Failure(.failure, "the configuration has no gateway \(name); name one with --gateway")
        }
        return gateway
    }

    /// The clients that may start a backfill.
    var refreshing: [GatewayName: any GatewayRefreshing] { refreshers }

    /// The gateways for an apply.
    var writable: [GatewayName: WritableGateway] {
        clients.mapValues { WritableGateway(reading: $0, writing: $0, executor: $0.executor) }
    }

    /// Rejects a `ca_file` without certificates before the first request.
    private static func checkAuthority(_ path: String, of gateway: GatewayConfiguration) throws(Failure) {
        var complaint: String?
        do throws(DiskFault) {
            let bytes = try DiskFile.contents(of: path, limit: maxAuthorityBytes)
            if bytes.firstRange(of: Array("-----BEGIN ".utf8)) == nil { complaint = "contains no PEM certificate" }
        } catch {
            complaint = error.words
        }
        guard let complaint else { return }
        throw Failure(
            .configurationInvalid,
            "the `ca_file` of gateway \(gateway.name) (\(path.escapedForTerminal)) \(complaint); name a readable file "
                + "with PEM certificates")
    }

    /// The largest `ca_file` accepted, in bytes.
    private static let maxAuthorityBytes = 16 << 20

    private static func token(
        _ source: SecretSource, key: String, of gateway: GatewayConfiguration, logger: Logger, in context: Context
    ) throws(Failure) -> GatewayToken {
        let location = source.words(key: key, noun: "token")
        let text: String
        do throws(Secret.Fault) {
            text = try Secret.read(source, location: location, logger: logger, in: context)
        } catch {
            throw Failure(
                .configurationInvalid,
                "no token for gateway \(gateway.name): \(location) \(error.words); put the token there")
        }
        guard let token = GatewayToken(text) else {
            throw Failure(
                .configurationInvalid,
                "the token in \(location) contains a space, a line break or another invalid character; put only the "
                    + "token there")
        }
        return token
    }
}
