package import Core

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
                "method": method, "headerNames": headers.map(\.name), "bodySize": body?.count ?? 0, "timeout": timeout,
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
    package func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
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

extension HTTPRequest {
    /// Returns the origin, or throws if a part of the request is not valid HTTP.
    ///
    /// A line break in a header or a space in a URL would allow request smuggling. The errors quote nothing, because
    /// URLs contain phone numbers and headers contain the token.
    package func checkedOrigin() throws(TransferError) -> HTTPOrigin {
        guard !method.isEmpty, method.utf8.allSatisfy({ (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }) else {
            throw .invalidRequest("The method must be one word in capitals, so nothing was sent.")
        }
        let target: HTTPURL
        do throws(HTTPURL.Fault) {
            target = try HTTPURL(url)
        } catch .malformed {
            throw .invalidRequest("The URL contains a character that is not percent-encoded; nothing was sent.")
        } catch {
            throw .invalidRequest("The URL must be absolute http or https without a user name; nothing was sent.")
        }
        if target.hasFragment {
            throw .invalidRequest("The URL contains a character that is not percent-encoded; nothing was sent.")
        }
        for (name, value) in headers {
            guard !name.isEmpty, name.utf8.allSatisfy(Self.belongsInFieldName) else {
                throw .invalidRequest("A header name contains an invalid character, so nothing was sent.")
            }
            guard value.utf8.allSatisfy(Self.belongsInFieldValue) else {
                throw .invalidRequest("A header value contains a control character, so nothing was sent.")
            }
        }
        return target.origin
    }

    /// Whether the request only reads, so that libcurl may send it twice.
    var isRead: Bool { Self.isRead(method) }

    /// Whether requests with a method only read.
    static func isRead(_ method: String) -> Bool { method == "GET" || method == "HEAD" }

    private static func belongsInFieldName(_ byte: UInt8) -> Bool {
        byte.isUnreserved || "!#$%&'*+^`|".utf8.contains(byte)
    }

    private static func belongsInFieldValue(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\t") || (byte >= 0x20 && byte != 0x7F)
    }
}
