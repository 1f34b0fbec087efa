import HTTPTransfer
import Logging
import Membership
import PolicyFiles
import Reconciliation
import Reports

/// Tells others how a run goes: webhooks, and a monitor of cron jobs that sounds the alarm where it hears nothing.
///
/// A run is never held up by it and never fails for it: it starts when the run does and does not wait, and what it has to
/// say of the end is said when everything else is over, in a bounded time. What could not be told is a warning.
struct NoticeSender {
    private let webhooks: [WebhookConfiguration]
    private let pings: PingConfiguration
    private let transfer: any HTTPExchanging
    private let logger: Logger
    private let context: Context

    /// How often a request is sent at most.
    private static let mostTries = 3
    /// How long a server may take over one request.
    private static let timeout = Duration.seconds(3)
    /// The pause before the second try; the next is twice as long.
    private static let pause = Duration.milliseconds(500)
    /// The longest pause that a server can ask for.
    private static let mostPause = Duration.seconds(2)

    /// Prepares to tell of a run; of one that somebody sits at, monitors are told nothing.
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

    /// Tells the monitor that a run begins, once and without waiting for it: what matters to a monitor is the end.
    func begin() -> Task<Void, Never>? {
        guard let address = pings.started else { return nil }
        return Task { await ping(address, key: "started", tries: 1) }
    }

    /// Tells everyone who wants to know how the run has ended; the monitor hears of the beginning first.
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
                    await ping(address, key: hasSucceeded ? "succeeded" : "failed", tries: Self.mostTries)
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
            body: Array(body.utf8), tries: Self.mostTries)
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
                logger.warning("\(what) was not taken: \(fault)")
                return
            }
            do {
                try await context.time.sleep(for: max(pause, min(longest, Self.mostPause)))
            } catch {
                logger.warning("\(what) was given up: \(fault)")
                return
            }
            pause += pause
        }
    }

    /// What is wrong with the answer to a request, nil where nothing is; and how long to wait before the next try, nil
    /// where a further one would be in vain.
    private func fault(of request: HTTPRequest) async -> (sentence: String?, pause: Duration?) {
        do throws(TransferError) {
            let response = try await transfer.exchange(request)
            switch response.status {
            case 200..<300: return (nil, nil)
            case 408, 429, 500..<600:
                let seconds = response.header("retry-after").flatMap { Int64($0) } ?? 0
                return ("it was answered with \(response.status)", .seconds(max(0, min(seconds, 60))))
            default: return ("it was answered with \(response.status)", nil)
            }
        } catch {
            switch error {
            case .invalidRequest: return ("it cannot be sent as it is", nil)
            case .cancelled: return ("it was cancelled", nil)
            // The sentences name the host, which is part of the secret.
            case .unreachable: return ("its server could not be reached", .zero)
            case .timedOut: return ("no answer came in time", .zero)
            case .interrupted: return ("the connection broke", .zero)
            case .malformed: return ("the answer was no HTTP", .zero)
            case .tooLarge: return (nil, nil)
            }
        }
    }
}

/// Carries notices and logs how each was answered, without its URL, which is a secret.
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
