import Core
import HTTPTransfer
import Logging
import PolicyFiles
import Reconciliation
import Reports

/// Sends notices about a run to webhooks and to a monitor that alerts if no ping arrives.
///
/// It never delays a run or makes it fail: the first ping does not wait for an answer, and the notices at the end come
/// after everything else, in a bounded time. A notice that cannot be sent is a warning.
struct NoticeSender {
    private let webhooks: [WebhookConfiguration]
    private let pings: PingConfiguration
    private let transfer: any HTTPExchanging
    private let logger: Logger
    private let context: Context

    /// The most tries for one request.
    private static let maxTries = 3
    /// The timeout of one request.
    private static let timeout = Duration.seconds(3)
    /// The pause before the second try; each further pause is twice as long.
    private static let pause = Duration.milliseconds(500)
    /// The longest pause accepted from a server's `Retry-After`.
    private static let maxPause = Duration.seconds(2)

    /// Creates a sender; monitors get no pings for attended runs.
    init(_ configuration: Configuration, isUnattended: Bool, logger: Logger, in context: Context) {
        webhooks = configuration.webhooks
        pings = isUnattended ? configuration.pings : PingConfiguration()
        self.logger = logger
        self.context = context
        var settings = TransferSettings(
            userAgent: "rollcall/\(Version.current)", caFile: nil, environment: context.environment)
        settings.connectTimeout = Self.timeout
        settings.changesPerHost = 32
        settings.responseLimit = 1 << 20
        transfer = LoggedNotices(context.makeTransfer(settings), logger: logger)
    }

    /// Pings the monitor that a run begins, once and without waiting.
    func begin() -> Task<Void, Never>? {
        guard let address = pings.started else { return nil }
        return Task { await ping(address, key: "started", tries: 1) }
    }

    /// Sends the notices about the end of a run; the monitor gets the first ping before the last.
    func end(_ notice: RunNotice, after beginning: Task<Void, Never>?) async {
        let occasions = notice.occasions
        await withTaskGroup { group in
            for (index, webhook) in webhooks.enumerated()
            where !webhook.occasions.isDisjoint(with: occasions) {
                group.addTask { await send(notice, to: webhook, at: index) }
            }
            let hasSucceeded = notice.exitCode == ExitStatus.success.code
            if let address = hasSucceeded ? pings.succeeded : pings.failed {
                group.addTask {
                    await beginning?.value
                    await ping(address, key: hasSucceeded ? "succeeded" : "failed", tries: Self.maxTries)
                }
            }
        }
        await beginning?.value
    }

    private func send(_ notice: RunNotice, to webhook: WebhookConfiguration, at index: Int) async {
        let body =
            switch webhook.format {
            case .json: notice.json()
            case .slack: notice.slack()
            }
        await deliver(
            "the notice to entry \(index + 1) of `notify`", url: webhook.url, key: "url", suffix: "", method: "POST",
            body: Array(body.utf8), tries: Self.maxTries)
    }

    private func ping(_ address: PingAddress, key: String, tries: Int) async {
        await deliver(
            "the ping `\(key)`", url: address.url, key: address.suffix.isEmpty ? key : "url", suffix: address.suffix,
            method: "GET", body: nil, tries: tries)
    }

    private func deliver(
        _ what: String, url source: SecretSource, key: String, suffix: String, method: String, body: [UInt8]?,
        tries: Int
    ) async {
        let url: String
        do throws(NoticeURL.Fault) {
            url = try NoticeURL.read(source, key: key, logger: logger, in: context).appending(suffix)
        } catch {
            logger.warning("\(what) was not sent: \(error.words)")
            return
        }
        var request = HTTPRequest(method: method, url: url, body: body, timeout: Self.timeout)
        if body != nil { request.headers.append(("Content-Type", "application/json")) }
        var pause = Self.pause
        for attempt in 1...tries {
            let (fault, longest) = await fault(of: request)
            guard let fault else { return }
            guard attempt < tries, let longest else {
                logger.warning("\(what) was not accepted: \(fault)")
                return
            }
            do {
                try await context.time.sleep(for: max(pause, min(longest, Self.maxPause)))
            } catch {
                logger.warning("the program ended before \(what) was accepted; last error: \(fault)")
                return
            }
            pause += pause
        }
    }

    /// Sends a request; returns what is wrong with the answer, and the least pause before another try.
    ///
    /// The sentence is nil if nothing is wrong; the pause is nil if another try is useless.
    private func fault(of request: HTTPRequest) async -> (sentence: String?, pause: Duration?) {
        do throws(TransferError) {
            let response = try await transfer.exchange(request)
            switch response.status {
            case 200..<300: return (nil, nil)
            case 408, 429, 500..<600:
                let seconds = response.header("retry-after").flatMap { Int64($0) } ?? 0
                return ("the server answered with status \(response.status)", .seconds(max(0, min(seconds, 60))))
            default: return ("the server answered with status \(response.status)", nil)
            }
        } catch {
            switch error {
            case .invalidRequest: return ("the request is invalid", nil)
            case .cancelled: return ("it was cancelled", nil)
            // The errors name the host, which is part of the secret.
            case .unreachable: return ("its server could not be reached", .zero)
            case .timedOut: return ("no answer in time", .zero)
            case .interrupted: return ("the connection broke", .zero)
            case .malformed: return ("the answer was not HTTP", .zero)
            case .tooLarge: return (nil, nil)
            }
        }
    }
}

/// Sends notices and logs each status, but never the URL, which is a secret.
private struct LoggedNotices: HTTPExchanging {
    private let transfer: any HTTPExchanging
    private let logger: Logger

    init(_ transfer: any HTTPExchanging, logger: Logger) {
        self.transfer = transfer
        self.logger = logger
    }

    func exchange(_ request: HTTPRequest) async throws(TransferError) -> HTTPResponse {
        let response = try await transfer.exchange(request)
        logger.debug("\(request.method) notice", metadata: ["status": "\(response.status)"])
        return response
    }
}
