/// One complete HTTP request.
package struct HTTPRequest: Sendable {
    /// The method, for example `GET`.
    package var method: String
    /// The absolute URL, already percent-encoded.
    package var url: String
    /// Header fields in the order they are sent.
    package var headers: [(name: String, value: String)]
    /// The body; nil sends none.
    package var body: [UInt8]?
    /// The limit for the whole exchange, without the wait for a connection.
    package var timeout: Duration
    /// The deadline: the request is not sent later; nil if only the timeout limits it.
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

    /// The time left if the request is sent now; zero or negative after the deadline.
    var timeLeft: Duration {
        guard let end else { return timeout }
        return min(timeout, ContinuousClock.now.duration(to: end))
    }
}

extension HTTPRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The method alone, because the URL may contain phone numbers and the headers contain the token.
    package var description: String { "\(method) request" }

    /// The same as `description`.
    package var debugDescription: String { description }

    /// Contains header names without values, and the size of the body.
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

/// One complete, decompressed HTTP answer.
package struct HTTPResponse: Sendable {
    /// The status code.
    package var status: Int
    /// Header fields in the order received, names in lower case.
    package var headers: [(name: String, value: String)]
    /// The body.
    package var body: [UInt8]

    /// Describes an answer.
    package init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// Returns the first header field with a lower-case name.
    package func header(_ name: String) -> String? {
        headers.first { $0.name == name }?.value
    }
}

/// Why an exchange gave no answer; each text is one sentence without URL path, query or headers.
package enum TransferError: Error, Hashable, Sendable {
    /// The request breaks the rules of HTTP and was not sent.
    case invalidRequest(String)
    /// Nothing was sent: no connection to the server.
    case unreachable(String)
    /// Time ran out after the request may have been sent.
    case timedOut(String)
    /// The connection broke after the request may have been sent.
    case interrupted(String)
    /// The answer exceeds the limit in bytes.
    case tooLarge(limit: Int)
    /// The answer is not HTTP, or its compression is broken.
    case malformed(String)
    /// The task was cancelled.
    case cancelled
}

/// A client that sends requests: libcurl in the program, a simulated gateway in tests.
package protocol HTTPExchanging: Sendable {
    /// Sends a request and returns the answer, whatever its status; never follows a redirect.
    func exchange(_ request: HTTPRequest) async throws(TransferError) -> HTTPResponse

    /// The best executor for tasks that mostly wait for exchanges; nil for any.
    ///
    /// It must outlive these tasks.
    var executor: (any TaskExecutor)? { get }
}

extension HTTPExchanging {
    /// Nil: tasks run anywhere.
    package var executor: (any TaskExecutor)? { nil }
}
