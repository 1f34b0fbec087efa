/// An HTTP client on libcurl that runs all requests on one thread.
///
/// Reuses connections, offers HTTP/2 over TLS and decompresses answers. Cancelling the task of an exchange aborts it.
/// Call `close` when done; a client that is not closed stops when it is released.
package final class CurlTransfer: HTTPExchanging {
    private let loop: TransferLoop

    /// Prepares the client; the thread starts with the first request.
    package init(settings: TransferSettings) { loop = TransferLoop(settings: settings) }

    deinit { loop.stop() }

    /// The thread of the transfers: a task that runs on it continues after an answer without waking another thread.
    package var executor: (any TaskExecutor)? { loop }

    /// Sends a request and returns the answer, whatever its status.
    ///
    /// The timeout does not include the wait for a free connection.
    package func exchange(_ request: HTTPRequest) async throws(TransferError) -> HTTPResponse {
        let transfer = Transfer(request, to: try request.checkedOrigin(), settings: loop.settings)
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                transfer.continuation = continuation
                loop.submit(transfer)
            }
        } onCancel: {
            transfer.cancel()
            loop.noticeCancellation()
        }
        return try outcome.get()
    }

    /// Aborts running exchanges, closes all connections and ends the thread; returns when this is done.
    ///
    /// Later exchanges fail at once.
    package func close() async { await withCheckedContinuation { loop.stop(whenDone: $0) } }
}
