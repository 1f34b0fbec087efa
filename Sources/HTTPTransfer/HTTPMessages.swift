/// One HTTP request, complete before it is sent.
package struct HTTPRequest: Sendable {
    /// The method, for example `GET`.
    package var method: String
    /// The absolute URL, already percent-encoded.
    package var url: String
    /// Header fields in the order they are sent.
    package var headers: [(name: String, value: String)]
    /// The body; nil sends none.
    package var body: [UInt8]?
    /// How long the whole exchange may take, from when it has a connection.
    package var timeout: Duration
    /// When it is over at the latest, and after which it is not sent; nil where only the timeout bounds it.
    package var end: ContinuousClock.Instant?

    /// Describes a request.
    package init(
        method: String, url: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil,
        timeout: Duration = .seconds(30), end: ContinuousClock.Instant? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.end = end
    }

    /// How long it may take if it is sent now; nothing or less where it is too late for that.
    var timeLeft: Duration {
        guard let end else { return timeout }
        return min(timeout, ContinuousClock.now.duration(to: end))
    }
}

extension HTTPRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The method alone: the URL may hold telephone numbers, and the header fields the token.
    package var description: String { "\(method) request" }

    /// The same as `description`.
    package var debugDescription: String { description }

    /// The names of the header fields without their values, and the size of the body.
    package var customMirror: Mirror {
        Mirror(
            self,
            children: [
                "method": method, "headerNames": headers.map(\.name), "bodySize": body?.count ?? 0,
                "timeout": timeout,
            ]
        )
    }
}

/// One HTTP answer, read to its end and decompressed.
package struct HTTPResponse: Sendable {
    /// The status code.
    package var status: Int
    /// Header fields in the order they came, names in lower case.
    package var headers: [(name: String, value: String)]
    /// The body.
    package var body: [UInt8]

    /// Describes an answer.
    package init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The first header field of a name, given in lower case.
    package func header(_ name: String) -> String? {
        headers.first { $0.name == name }?.value
    }
}

/// Why an exchange gave no answer.
package enum TransferError: Error, Equatable, Sendable {
    /// The request breaks the rules of HTTP and was not sent. One sentence.
    case invalidRequest(String)
    /// The server was not reached: nothing was sent. One sentence.
    case unreachable(String)
    /// Time ran out after the request may have been sent.
    case timedOut(String)
    /// The connection broke after the request may have been sent.
    case interrupted(String)
    /// The answer was larger than the limit in bytes.
    case tooLarge(limit: Int)
    /// The answer was no HTTP, or its compression was broken.
    case malformed(String)
    /// The task was cancelled.
    case cancelled
}

/// Whatever carries requests to a server: libcurl in the program, a simulated gateway in tests.
package protocol HTTPExchanging: Sendable {
    /// Sends a request and returns the answer, whatever its status. Redirects are answers too: they are never followed.
    func exchange(_ request: HTTPRequest) async throws(TransferError) -> HTTPResponse

    /// Where tasks run best that do little but wait for exchanges; nil where that is anywhere.
    ///
    /// It must be there for as long as they run.
    var executor: (any TaskExecutor)? { get }
}

extension HTTPExchanging {
    /// Anywhere.
    package var executor: (any TaskExecutor)? { nil }
}
