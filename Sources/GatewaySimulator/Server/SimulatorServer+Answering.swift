import Glibc
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle

extension SimulatorServer {
    /// Waits this many milliseconds, or until the server closes.
    static func wait(milliseconds: Int64) async {
        // The answer goes out however the wait ends.
        try? await cancelWhenGracefulShutdown { try await Task.sleep(for: .milliseconds(milliseconds)) }
    }

    /// Waits until the client or the server closes the connection.
    static func waitForHangUp(_ connection: any Channel) async {
        let hangUp = connection.eventLoop.flatSubmit {
            // Every connection has one; an error means that it is already closed.
            let notice = try? connection.pipeline.syncOperations.handler(type: DisconnectHandler.self)
            return notice?.hangUp?.futureResult ?? connection.closeFuture
        }
        await withGracefulShutdownHandler {
            // An error means that the connection is gone.
            try? await hangUp.get()
        } onGracefulShutdown: {
            connection.close(promise: nil)
        }
    }

    /// Closes a connection with a reset; the following answer reaches nobody.
    static func reset(_ connection: any Channel) async {
        // If the client has already closed, there is nothing to reset.
        if let options = connection as? any SocketOptionProvider {
            try? await options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        }
        try? await connection.close()
    }

    /// Returns an answer in the server's form.
    static func response(_ simulated: SimulatedResponse, to request: Request) -> Response {
        var headers = HTTPFields()
        for (name, value) in simulated.headers {
            if let name = HTTPField.Name(name) { headers.append(HTTPField(name: name, value: value)) }
        }
        // A reset without effect has no status.
        let status = max(simulated.status, 200)
        var response = Response(
            status: HTTPResponse.Status(code: status), headers: headers,
            body: request.head.method == .head ? ResponseBody() : body(of: simulated))
        if status == 204 { response.headers[.contentLength] = nil }
        return response
    }

    private static func body(of simulated: SimulatedResponse) -> ResponseBody {
        let bytes = simulated.body
        switch simulated.delivery {
        case .whole, .reset, .never:
            return bytes.isEmpty ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        case .cut(let count):
            return ResponseBody(contentLength: bytes.count) { writer in
                try await writer.write(ByteBuffer(bytes: bytes.prefix(count)))
                throw SimulatorServerError.cutShort
            }
        case .drip(let milliseconds):
            return ResponseBody(contentLength: bytes.count) { writer in
                for byte in bytes {
                    try await cancelWhenGracefulShutdown { try await Task.sleep(for: .milliseconds(milliseconds)) }
                    try await writer.write(ByteBuffer(bytes: [byte]))
                }
                try await writer.finish(nil)
            }
        case .oversized(let megabytes):
            return ResponseBody { writer in
                try await writer.write(ByteBuffer(bytes: GzipPadding.header))
                let megabyte = ByteBuffer(bytes: GzipPadding.megabyte)
                for _ in 0..<megabytes { try await writer.write(megabyte) }
                try await writer.write(ByteBuffer(bytes: GzipPadding.ending(bytes, afterMegabytes: megabytes)))
                try await writer.finish(nil)
            }
        }
    }
}

/// Detects that the client closes its connection, even while its request is being served.
final class DisconnectHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = Any

    /// Fulfilled when the client closes the connection or it ends; nil before there is one.
    private(set) var hangUp: EventLoopPromise<Void>?

    /// Starts to watch a connection.
    func handlerAdded(context: ChannelHandlerContext) { hangUp = context.eventLoop.makePromise() }

    /// Passes an event on, and records the end of input.
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent { hangUp?.succeed() }
        context.fireUserInboundEventTriggered(event)
    }

    /// Records the end of the connection.
    func handlerRemoved(context: ChannelHandlerContext) { hangUp?.succeed() }
}
