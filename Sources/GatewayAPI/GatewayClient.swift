package import Core
package import HTTPTransfer

/// A client for the gateway's API: sends each change once, and rejects answers that break the contract.
package struct GatewayClient: Sendable {
    /// Where the gateway is.
    package let url: HTTPURL

    let token: GatewayToken
    private let transfer: any HTTPExchanging
    private let timeout: Duration
    private let time: any TimeSource
    private let retries: RetryPolicy
    private let deadline: Timestamp?

    /// Combines a URL, a token and an HTTP client.
    ///
    /// The timeout limits each request, so each page of a list. The clock is for `Retry-After` dates and for pauses
    /// between attempts. No read starts after the deadline, and no call lasts far beyond it.
    package init(
        url: HTTPURL, token: GatewayToken, transfer: any HTTPExchanging,
        timeout: Duration = .seconds(30), time: any TimeSource, retries: RetryPolicy = .never,
        deadline: Timestamp? = nil
    ) {
        self.url = url
        self.token = token
        self.transfer = transfer
        self.timeout = timeout
        self.time = time
        self.retries = retries
        self.deadline = deadline
    }

    /// The best executor for tasks that mostly wait for the gateway; nil for any.
    ///
    /// It lives as long as the client.
    package var executor: (any TaskExecutor)? { transfer.executor }

    /// Sends a call, retries reads, and returns a successful answer.
    func send(_ call: GatewayCall, cursor: String? = nil) async throws(GatewayError) -> HTTPResponse {
        let route = call.route
        var target = route.target.bytes
        if let cursor {
            target += target.contains(UInt8(ascii: "?")) ? "&cursor=".utf8 : "?cursor=".utf8
            target.append(percentEncoding: cursor)
        }
        var request = HTTPRequest(
            method: route.method, url: "\(url.text)/api/v1" + String(decoding: target, as: UTF8.self),
            headers: [("Authorization", token.authorization), ("Accept", "application/json")], body: route.body,
            timeout: timeout)
        if request.body != nil { request.headers.append(("Content-Type", "application/json")) }
        var attempts = 0
        while true {
            if let deadline, !call.isMutation, time.now() >= deadline { throw .cancelled(call) }
            request.end = end
            let failure: GatewayError
            do throws(TransferError) {
                let response = try await transfer.exchange(request)
                if (200...299).contains(response.status) { return response }
                failure = .refused(call, Refusal(reading: response, hiding: token, now: time.now()))
            } catch {
                failure = error == .cancelled ? .cancelled(call) : .noAnswer(call, error)
            }
            attempts += 1
            guard call.isRepeatable, let pause = retries.pause(afterAttempts: attempts, failure) else { throw failure }
            do { try await time.sleep(for: pause) } catch { throw .cancelled(call) }
        }
    }

    /// Sends a call and decodes its answer.
    func read<Answer: WireAnswer>(
        _ callContext: CallContext, as type: Answer.Type
    ) async throws(GatewayError) -> Answer {
        try callContext.decode(type, from: try await send(callContext.call).body)
    }

    /// Requests all pages of a list and returns their entries.
    ///
    /// Gives up early if pages bring nothing new.
    func readPages<Entry: WireAnswer & Equatable>(
        _ callContext: CallContext, of type: Entry.Type
    ) async throws(GatewayError) -> [Entry] {
        try await readPages(callContext.call) { (body) throws(GatewayError) in
            try callContext.decode(Page<Entry>.self, from: body)
        }
    }

    /// Requests all pages of a list, reads each page with `read`, and returns their entries.
    func readPages<Entry: Equatable>(
        _ call: GatewayCall, reading read: ([UInt8]) throws(GatewayError) -> Page<Entry>
    ) async throws(GatewayError) -> [Entry] {
        var entries: [Entry] = []
        var latest: [Entry] = []
        var idlePages = 0
        var cursors: Set<String> = []
        var cursor: String?
        let end = time.now().advanced(byMilliseconds: Int64(timeout / .milliseconds(1)) * Int64(PageLimits.timeouts))
        for _ in 0..<PageLimits.pages {
            guard cursor == nil || time.now() < end else {
                throw .unreadable(call, reason: "the list has not ended after \(cursors.count) pages")
            }
            let page = try read(try await send(call, cursor: cursor).body)
            guard page.entries.count <= PageLimits.entries - entries.count else {
                throw .unreadable(call, reason: "the list has more than \(PageLimits.entries) entries")
            }
            idlePages = page.entries.isEmpty || page.entries == latest ? idlePages + 1 : 0
            guard idlePages < PageLimits.idlePages else {
                throw .unreadable(call, reason: "the list never ends: \(idlePages) pages in a row have nothing new")
            }
            entries += page.entries
            latest = page.entries
            guard let next = page.nextCursor, !next.isEmpty else { return entries }
            guard next.utf8.count <= PageLimits.cursorBytes else {
                throw .unreadable(
                    call, reason: "the name of the next page (`nextCursor`) exceeds \(PageLimits.cursorBytes) bytes")
            }
            guard cursors.insert(next).inserted else {
                throw .unreadable(
                    call, reason: "the list never ends: the gateway names the same next page (`nextCursor`) twice")
            }
            cursor = next
        }
        throw .unreadable(call, reason: "the list has more than \(PageLimits.pages) pages")
    }

    /// The latest end of a call: the deadline, but at least one second from now.
    private var end: ContinuousClock.Instant? {
        guard let deadline else { return nil }
        return .now + max(.seconds(1), .milliseconds(deadline.milliseconds - time.now().milliseconds))
    }
}

/// The bounds of a list; a longer one is an attack or a defect.
private enum PageLimits {
    static let pages = 2_000
    /// The limit for a whole list, in timeouts of one page.
    static let timeouts = 20
    static let idlePages = 50
    static let entries = 1_000_000
    static let cursorBytes = 4_096
}
