import Core
import HTTPTransfer
import Logging

/// Sends requests and logs method, URL, status and time of each at level debug, never headers or bodies.
struct LoggedTransfer: HTTPExchanging {
    private let transfer: any HTTPExchanging
    private let logger: Logger
    private let time: any TimeSource

    init(_ transfer: any HTTPExchanging, logger: Logger, time: any TimeSource) {
        self.transfer = transfer
        self.logger = logger
        self.time = time
    }

    var executor: (any TaskExecutor)? { transfer.executor }

    func exchange(_ request: HTTPRequest) async throws(TransferError) -> HTTPResponse {
        guard logger.logLevel <= .debug else { return try await transfer.exchange(request) }
        let start = time.now().milliseconds
        do {
            let response = try await transfer.exchange(request)
            logger.debug(
                "\(request.method) \(request.url)",
                metadata: ["status": "\(response.status)", "ms": "\(time.now().milliseconds - start)"])
            return response
        } catch {
            logger.debug("\(request.method) \(request.url)", metadata: ["fault": "\(error)"])
            throw error
        }
    }
}
