import CCurl

/// The transfers under way and those that wait for their turn; lives on the loop's thread and dies with it.
final class TransferEngine {
    private let multi: UnsafeMutableRawPointer
    private let share: UnsafeMutableRawPointer?
    private let settings: TransferSettings
    private var active: [UnsafeMutableRawPointer: Transfer] = [:]
    private var places: [HTTPOrigin: Int] = [:]
    private var waiting: [HTTPOrigin: [Transfer]] = [:]

    /// Takes over a multi handle, which `shutDown` destroys.
    init(multi: UnsafeMutableRawPointer, settings: TransferSettings) {
        self.multi = multi
        self.settings = settings
        let connections = max(1, settings.connectionsPerHost)
        _ = multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, connections)
        // TLS sessions outlive their connections, which makes the fresh connections of changes cheap. Everything runs
        // on one thread, so the share needs no locks.
        share = curl_share_init()
        if let share { _ = share_set_data(share, CURL_LOCK_DATA_SSL_SESSION) }
    }

    /// Starts a transfer, or lets it wait until its host has a place free.
    ///
    /// Waiting here rather than inside libcurl keeps a transfer's clock from running before its turn.
    func accept(_ transfer: Transfer) {
        if transfer.cancellation.isRaised {
            transfer.finish(.failure(.cancelled))
        } else if places[transfer.origin, default: 0] >= max(1, settings.connectionsPerHost) {
            waiting[transfer.origin, default: []].append(transfer)
        } else {
            start(transfer)
        }
    }

    /// Moves every transfer on as far as its socket allows, then waits for a socket, a timer or a wake-up.
    func advance() {
        var running: Int32 = 0
        guard curl_multi_perform(multi, &running) == CURLM_OK else { return abortAll("libcurl gave up.") }
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle else { continue }
            let code = message_result(message)
            if let transfer = active[handle] { end(transfer, handle) { $0.outcome(of: code, on: handle) } }
        }
        guard curl_multi_poll(multi, nil, 0, 60_000, nil) == CURLM_OK else { return abortAll("libcurl gave up.") }
    }

    /// Ends the transfers whose task was cancelled.
    func abortCancelled() {
        for (origin, transfers) in waiting {
            waiting[origin] = transfers.filter { !$0.cancellation.isRaised }
            for transfer in transfers where transfer.cancellation.isRaised { transfer.finish(.failure(.cancelled)) }
        }
        for (handle, transfer) in active where transfer.cancellation.isRaised {
            end(transfer, handle) { _ in .failure(.cancelled) }
        }
    }

    /// Fails what is left and frees everything; the engine is of no use afterwards.
    func shutDown() {
        abortAll("This program closed the connection.")
        curl_multi_cleanup(multi)
        if let share { curl_share_cleanup(share) }
    }

    private func abortAll(_ reason: String) {
        let abandoned = waiting.values.flatMap(\.self)
        waiting = [:]
        for transfer in abandoned { transfer.finish(.failure(.unreachable("\(reason) Nothing was sent."))) }
        for (handle, transfer) in active {
            end(transfer, handle) { .failure($0.wasSent ? .interrupted(reason) : .unreachable(reason)) }
        }
    }

    private func start(_ transfer: Transfer) {
        guard let handle = curl_easy_init() else {
            return transfer.finish(.failure(.unreachable("libcurl could not set up a transfer.")))
        }
        do throws(CurlFailure) {
            try transfer.configure(handle, share: share)
            let code = curl_multi_add_handle(multi, handle)
            guard code == CURLM_OK else { throw CurlFailure(text: String(cString: curl_multi_strerror(code))) }
            active[handle] = transfer
            places[transfer.origin, default: 0] += 1
        } catch {
            curl_easy_cleanup(handle)
            transfer.finish(.failure(.unreachable("libcurl could not set up a transfer: \(error.text).")))
        }
    }

    private func end(
        _ transfer: Transfer, _ handle: UnsafeMutableRawPointer, as outcome: (Transfer) -> TransferOutcome
    ) {
        let result = outcome(transfer)
        active[handle] = nil
        curl_multi_remove_handle(multi, handle)
        curl_easy_cleanup(handle)
        transfer.finish(result)
        let taken = places[transfer.origin, default: 1] - 1
        places[transfer.origin] = taken == 0 ? nil : taken
        startNext(for: transfer.origin)
    }

    private func startNext(for origin: HTTPOrigin) {
        guard var queue = waiting[origin], !queue.isEmpty else { return }
        let next = queue.removeFirst()
        waiting[origin] = queue.isEmpty ? nil : queue
        accept(next)
    }
}
