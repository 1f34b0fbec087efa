import GatewayAPI
import HTTPTransfer
import Logging
import Membership
import PolicyFiles
import Reconciliation
import Reports

/// The gateways of a configuration, ready to be asked.
struct GatewayConnections {
    private let clients: [GatewayName: GatewayClient]
    /// Those with the token that may have groups read from WhatsApp anew, where the configuration asks for that.
    private let refreshers: [GatewayName: GatewayClient]
    private let configurations: [GatewayName: GatewayConfiguration]

    /// Reads the tokens of the gateways that a run uses and prepares a client for each; so many sessions of each may change
    /// groups at the same time.
    init(
        _ configuration: Configuration, used: Set<GatewayName>, sessionsCalling: Int = 0, refreshes: Bool = false,
        deadline: Deadline?, logger: Logger, in context: Context
    ) throws(Failure) {
        var clients: [GatewayName: GatewayClient] = [:]
        var refreshers: [GatewayName: GatewayClient] = [:]
        var configurations: [GatewayName: GatewayConfiguration] = [:]
        // As many connections as that are kept, used or not.
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

    /// The gateways as a plan may use them.
    var readable: [GatewayName: ReadableGateway] {
        clients.mapValuesWithKeys { name, client in
            ReadableGateway(reading: client, ownAccounts: configurations[name]?.ownAccounts ?? [:])
        }
    }

    /// By what a run may have a gateway's groups read from WhatsApp anew.
    var refreshing: [GatewayName: any GatewayRefreshing] { refreshers }

    /// The gateways as an apply may use them.
    var writable: [GatewayName: WritableGateway] {
        clients.mapValues { WritableGateway(reading: $0, writing: $0, executor: $0.executor) }
    }

    /// Refuses a file of authorities by which no certificate could be checked, before anything is asked.
    private static func checkAuthority(_ path: String, of gateway: GatewayConfiguration) throws(Failure) {
        var complaint: String?
        do throws(RegularFile.Fault) {
            let bytes = try RegularFile.read(path, atMost: mostAuthorityBytes)
            if bytes.firstRange(of: Array("-----BEGIN ".utf8)) == nil { complaint = "holds no certificate in PEM form" }
        } catch {
            complaint = error.words
        }
        guard let complaint else { return }
        throw Failure(
            .configurationInvalid,
            "the `ca_file` of the gateway \(gateway.name), \(path.defusedForTerminal), \(complaint)")
    }

    /// More bytes than any file of authorities has.
    private static let mostAuthorityBytes = 16 << 20

    private static func token(
        _ source: SecretSource, key: String, of gateway: GatewayConfiguration, logger: Logger, in context: Context
    ) throws(Failure) -> GatewayToken {
        let place = source.words(key: key, noun: "token")
        let text: String
        do throws(Secret.Fault) {
            text = try Secret.read(source, place: place, logger: logger, in: context)
        } catch {
            throw Failure(
                .configurationInvalid, "there is no token for the gateway \(gateway.name): \(place) \(error.words)")
        }
        guard let token = GatewayToken(text) else {
            throw Failure(
                .configurationInvalid,
                "the token in \(place) holds a space, a line break or another character that no token has")
        }
        return token
    }
}

extension Dictionary {
    fileprivate func mapValuesWithKeys<Other>(_ transform: (Key, Value) -> Other) -> [Key: Other] {
        var result: [Key: Other] = [:]
        for (key, value) in self { result[key] = transform(key, value) }
        return result
    }
}
