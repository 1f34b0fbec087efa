/// One request as the simulated gateway received it.
package struct SimulatedRequest: Sendable {
    /// The method, for example `GET`.
    package var method: String
    /// The path with its query, exactly as received, percent-encoding intact.
    package var path: String
    /// Header fields in their order.
    package var headers: [(name: String, value: String)]
    /// The body; empty if there is none.
    package var body: [UInt8]

    /// Describes a request.
    package init(method: String, path: String, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.method = method
        self.path = path
        self.headers = headers
        self.body = body
    }

    /// Returns the first header field with this lower-case name, however the request spells it.
    package func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name }?.value }
}

/// One answer of the simulated gateway.
package struct SimulatedResponse: Sendable {
    /// The HTTP status.
    package var status: Int
    /// Header fields, names in lower case, without the body's length, which the sender adds.
    package var headers: [(name: String, value: String)] = []
    /// The body.
    package var body: [UInt8] = []
    /// Milliseconds to wait before the answer goes out.
    package var delayMilliseconds: Int64 = 0
    /// How much of the answer reaches the client, and how.
    package var delivery: Delivery = .whole

    /// How an answer is sent.
    package enum Delivery: Hashable, Sendable {
        /// In one piece.
        case whole
        /// The full length is announced, but the connection closes after this many bytes.
        case cut(afterBytes: Int)
        /// Byte by byte, with a pause in milliseconds before each.
        case drip(pauseMilliseconds: Int64)
        /// Not at all: the connection is reset.
        case reset
        /// Not at all: the connection stays open until the client closes it.
        case never
        /// As gzip that unpacks to this many MiB of spaces and then the body.
        case oversized(megabytes: Int)
    }

    /// Returns the first header field with this name, given in lower case.
    package func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}

extension SimulatedResponse {
    /// An empty answer: the call is done, or there was nothing to do.
    static let done = SimulatedResponse(status: 204)

    /// Returns an answer with a JSON body.
    static func json(_ writer: JSONWriter, status: Int = 200) -> SimulatedResponse {
        SimulatedResponse(status: status, headers: [("content-type", jsonType)], body: writer.bytes)
    }

    /// The content type of JSON.
    static let jsonType = "application/json; charset=utf-8"

    /// Returns an error answer in the gateway's documented envelope.
    static func refusal(_ refusal: SimulatedRefusal, in empty: JSONWriter = JSONWriter()) -> SimulatedResponse {
        var writer = empty
        writer.object { writer in
            writer.object("error") { writer in
                writer.field("code", refusal.code)
                writer.field("message", refusal.message)
                writer.field("details") { writer in
                    guard let field = refusal.field else { return writer.value(nil) }
                    writer.object { $0.field("field", field) }
                }
            }
        }
        var response = SimulatedResponse.json(writer, status: refusal.status)
        if let allowed = refusal.allowedMethods { response.headers.append(("allow", allowed)) }
        return response
    }
}

/// Why the simulated gateway refuses a call.
struct SimulatedRefusal: Error, Equatable {
    /// The HTTP status.
    let status: Int
    /// The error code.
    let code: String
    /// The error message.
    let message: String
    /// The faulty part of the request; nil if there is none.
    var field: String?
    /// The `Allow` header; nil sends none.
    var allowedMethods: String?

    /// The request is malformed.
    static func invalid(_ message: String, field: String? = nil) -> SimulatedRefusal {
        SimulatedRefusal(status: 400, code: "validation_error", message: message, field: field)
    }

    /// The token is missing or invalid.
    static let unauthorized = SimulatedRefusal(
        status: 401, code: "unauthorized", message: "A valid login token or api-key is required.")

    /// The caller may not do this.
    static func forbidden(_ message: String) -> SimulatedRefusal {
        SimulatedRefusal(status: 403, code: "forbidden", message: message)
    }

    /// It does not exist, or belongs to somebody else.
    static func notFound(_ what: String) -> SimulatedRefusal {
        SimulatedRefusal(status: 404, code: "not_found", message: "\(what) not found.")
    }

    /// The path exists, but not with this method.
    static func wrongMethod(allowed: String) -> SimulatedRefusal {
        SimulatedRefusal(
            status: 405, code: "method_not_allowed", message: "This path allows \(allowed) only.",
            allowedMethods: allowed)
    }

    /// Something else is running, or the session is in the wrong state.
    static func conflict(_ message: String) -> SimulatedRefusal {
        SimulatedRefusal(status: 409, code: "conflict", message: message)
    }

    /// WhatsApp limits the rate.
    static let rateLimited = SimulatedRefusal(
        status: 429, code: "rate_limited", message: "WhatsApp limits the rate of changes.")

    /// The answer of a gateway that masks failures to every failure at WhatsApp.
    static let masked = SimulatedRefusal(status: 500, code: "internal", message: "internal server error")

    /// The gateway cannot do this now.
    static func unavailable(_ message: String) -> SimulatedRefusal {
        SimulatedRefusal(status: 503, code: "gateway_unavailable", message: message)
    }

    /// The session is not connected, or the gateway does not support this.
    static func notImplemented(_ message: String) -> SimulatedRefusal {
        SimulatedRefusal(status: 501, code: "not_implemented", message: message)
    }
}
