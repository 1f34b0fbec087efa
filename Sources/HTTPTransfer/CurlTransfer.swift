/// Carries requests with libcurl, all of them on one thread of its own.
///
/// Connections are kept and reused, HTTP/2 is offered over TLS, answers are decompressed. Cancelling the task of an
/// exchange aborts it. Whoever made the value closes it; what is forgotten is closed when the value goes away.
package final class CurlTransfer: HTTPExchanging {
    private let loop: TransferLoop

    /// Prepares to carry requests; the thread starts with the first one.
    package init(settings: TransferSettings) {
        loop = TransferLoop(settings: settings)
    }

    deinit { loop.stop() }

    /// The thread that carries the requests: an answer is taken in where it came, and what follows from it sent, without waking
    /// another thread.
    package var executor: (any TaskExecutor)? { loop }

    /// Sends a request and returns the answer, whatever its status.
    ///
    /// Time spent waiting for one of the host's connections to come free does not count against the timeout.
    package func exchange(_ request: HTTPRequest) async throws(TransferError) -> HTTPResponse {
        let origin = try request.checkedOrigin()
        let cancellation = CancellationFlag()
        let outcome: TransferOutcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                loop.submit(
                    Transfer(
                        request: request, origin: origin, cancellation: cancellation, settings: loop.settings,
                        continuation: continuation
                    )
                )
            }
        } onCancel: {
            cancellation.raise()
            loop.noticeCancellation()
        }
        return try outcome.get()
    }

    /// Aborts what is under way, closes all connections and ends the thread; returns when that is done.
    ///
    /// Exchanges that are asked for later fail at once.
    package func close() async {
        await withCheckedContinuation { loop.stop(whenDone: $0) }
    }
}
