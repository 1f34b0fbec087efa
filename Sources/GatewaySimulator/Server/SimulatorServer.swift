import Glibc
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import UnixSignals

/// Serves a simulated world over HTTP/1.1.
package struct SimulatorServer: Sendable {
    /// The world.
    package let world: SimulatedWorld
    /// The login frontend.
    package let authority: LoginAuthority
    /// The address to listen on.
    package var host: String = "127.0.0.1"
    /// The port to listen on; 0 selects a free one.
    package var port: Int = 0

    /// The longest request body that is read, in bytes.
    package static let longestBody = 1 << 20

    /// Serves until SIGINT or SIGTERM; reports its URL once it listens.
    package func runUntilSignalled(onListening: @escaping @Sendable (String) async -> Void) async throws {
        let keys = try authority.publishedKeysText()
        let application = application(keys: keys, onListening: onListening)
        try await application.runService(gracefulShutdownSignals: [.sigint, .sigterm])
    }

    /// Serves while the body runs; passes it the server's URL.
    package func withURL<Result: Sendable>(
        _ body: @escaping @Sendable (String) async throws -> Result
    ) async throws -> Result {
        let keys = try authority.publishedKeysText()
        let (urls, announce) = AsyncStream.makeStream(of: String.self)
        let application = application(keys: keys) { url in
            announce.yield(url)
            announce.finish()
        }
        let group = ServiceGroup(configuration: .init(services: [application], logger: Self.quietLogger))
        return try await withThrowingTaskGroup(of: Result?.self) { tasks in
            tasks.addTask {
                defer { announce.finish() }
                try await group.run()
                return nil
            }
            tasks.addTask {
                // However the body ends, the server closes cleanly before we return.
                var outcome: Swift.Result<Result, any Error>?
                for await url in urls {
                    do { outcome = .success(try await body(url)) } catch { outcome = .failure(error) }
                }
                await group.triggerGracefulShutdown()
                return try outcome?.get()
            }
            var result: Result?
            while let finished = try await tasks.next() { if let finished { result = finished } }
            guard let result else { throw SimulatorServerError.didNotListen }
            return result
        }
    }

    private func application(
        keys: [UInt8], onListening: @escaping @Sendable (String) async -> Void
    ) -> Application<CallbackResponder<ConnectionContext>> {
        let responder = CallbackResponder<ConnectionContext> { request, context in
            await respond(to: request, keys: keys, connection: context.channel)
        }
        let host = host.contains(":") ? "[\(host)]" : host
        return Application(
            responder: responder,
            server: .http1(configuration: .init(additionalChannelHandlers: [DisconnectHandler()])),
            configuration: ApplicationConfiguration(
                address: .hostname(self.host, port: port), serverName: "gateway-simulator"),
            onServerRunning: { channel in await onListening("http://\(host):\(channel.localAddress?.port ?? 0)") },
            logger: Self.quietLogger)
    }

    private func respond(to request: Request, keys: [UInt8], connection: any Channel) async -> Response {
        let path = request.head.path ?? "/"
        if request.head.method == .get, path == LoginAuthority.keysPath {
            let headers = [("content-type", SimulatedResponse.jsonType)]
            return Self.response(SimulatedResponse(status: 200, headers: headers, body: keys), to: request)
        }
        guard let body = try? await request.body.collect(upTo: Self.longestBody) else {
            let refusal = SimulatedRefusal(
                status: 413, code: "payload_too_large",
                message: "The body is longer than \(Self.longestBody) bytes, or ended early.")
            return Self.response(.refusal(refusal), to: request)
        }
        let simulated = SimulatedRequest(
            method: request.head.method.rawValue, path: path,
            headers: request.headers.map { (name: $0.name.canonicalName, value: $0.value) },
            body: Array(body.readableBytesView))
        let response = world.respond(to: simulated, login: await authority.identity(in: simulated))
        if response.delayMilliseconds > 0 { await Self.wait(milliseconds: response.delayMilliseconds) }
        switch response.delivery {
        case .never:
            await Self.waitForHangUp(connection)
            await Self.reset(connection)
        case .reset: await Self.reset(connection)
        case .whole, .cut, .drip, .oversized: break
        }
        return Self.response(response, to: request)
    }

    private static var quietLogger: Logger {
        var logger = Logger(label: "gateway-simulator", factory: { StreamLogHandler.standardError(label: $0) })
        logger.logLevel = .error
        return logger
    }
}

/// Why a server served nothing, or not a whole answer.
package enum SimulatorServerError: Error, Equatable, Sendable {
    /// It stopped before it listened.
    case didNotListen
    /// An injected fault ended an answer early.
    case cutShort
}

/// The context of a request: its connection, so that a fault can end it.
private struct ConnectionContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}
