import CCurl
import Core

/// The running and waiting transfers; lives on the loop's thread and ends with it.
final class TransferEngine {
    /// The sockets that libcurl waits for.
    let watch: SocketWatch

    private let multi: UnsafeMutableRawPointer
    private let share: UnsafeMutableRawPointer?
    private let settings: TransferSettings
    private var active: [UnsafeMutableRawPointer: ActiveTransfer] = [:]
    /// Handles ready for another transfer of their kind; never more than the allowed connections.
    private var idle: [HandleKind: [TransferHandle]] = [:]
    private var running: [QueueKey: Int] = [:]
    private var waiting: [QueueKey: [Transfer]] = [:]

    /// Hosts that left a change without an answer: later changes use new connections, as reused ones may be broken.
    private var unsteady: Set<HTTPOrigin> = []

    /// The queue of transfers that wait for each other: the reads of a host, or its changes.
    private struct QueueKey: Hashable {
        let origin: HTTPOrigin
        let isRead: Bool

        init(_ transfer: Transfer) {
            origin = transfer.origin
            isRead = transfer.request.isRead
        }
    }

    /// A transfer on its handle.
    private struct ActiveTransfer {
        let transfer: Transfer
        let handle: TransferHandle
    }

    /// Prepares libcurl; nil if that fails, and otherwise `shutDown` frees it.
    init?(settings: TransferSettings) {
        guard curlIsReady, let watch = SocketWatch(), let multi = curl_multi_init() else { return nil }
        self.multi = multi
        self.watch = watch
        self.settings = settings
        _ = multi_set_socket_callback(multi, watchSocket, Unmanaged.passUnretained(watch).toOpaque())
        let connections = max(1, settings.readsPerHost) + max(1, settings.changesPerHost)
        _ = multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, connections)
        // By default libcurl closes idle connections when few transfers run.
        _ = multi_set_long(multi, CURLMOPT_MAXCONNECTS, 4 * connections)
        // Shared TLS sessions make new connections for changes cheap. One thread does everything, so no locks.
        share = curl_share_init()
        if let share { _ = share_set_data(share, CURL_LOCK_DATA_SSL_SESSION) }
    }

    /// Starts a transfer, or queues it until its host has a free place.
    ///
    /// Queued here and not in libcurl, so that the timeout starts with the transfer.
    func accept(_ transfer: Transfer) {
        let key = QueueKey(transfer)
        if hasRoom(in: key) || transfer.isCancelled {
            start(transfer, in: key)
        } else {
            waiting[key, default: []].append(transfer)
        }
    }

    private func hasRoom(in key: QueueKey) -> Bool {
        running[key, default: 0] < max(1, key.isRead ? settings.readsPerHost : settings.changesPerHost)
    }

    /// Milliseconds until libcurl's next timer, at most a minute; 0 if a new transfer can start.
    var timeToNext: Int32 {
        var milliseconds = -1
        curl_multi_timeout(multi, &milliseconds)
        return milliseconds < 0 ? 60_000 : Int32(min(milliseconds, 60_000))
    }

    /// Advances the transfers of the ready sockets, or handles timers if there are none; ends finished transfers.
    func advance(_ ready: [ReadySocket] = []) {
        var count: Int32 = 0
        for (socket, events) in ready.isEmpty ? [(CURL_SOCKET_TIMEOUT, 0) as ReadySocket] : ready {
            let code = curl_multi_socket_action(multi, socket, events, &count)
            if code != CURLM_OK { abortAll("libcurl failed.") }
        }
        while let message = curl_multi_info_read(multi, &count) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle,
                let sending = active[easy]
            else { continue }
            let code = message_result(message)
            end(sending, as: sending.transfer.outcome(of: code, on: sending.handle), keepsHandle: code == CURLE_OK)
        }
    }

    /// Ends the transfers of cancelled tasks.
    func abortCancelled() {
        for (key, transfers) in waiting {
            waiting[key] = transfers.filter { !$0.isCancelled }
            for transfer in transfers where transfer.isCancelled { transfer.finish(.failure(.cancelled)) }
        }
        for sending in active.values where sending.transfer.isCancelled {
            end(sending, as: .failure(.cancelled))
        }
    }

    /// Fails the remaining transfers and frees everything; do not use the engine afterwards.
    func shutDown() {
        abortAll("Rollcall closed the connection.")
        idle = [:]
        curl_multi_cleanup(multi)
        if let share { curl_share_cleanup(share) }
    }

    private func abortAll(_ reason: String) {
        let abandoned = waiting.values.flatMap(\.self)
        waiting = [:]
        for transfer in abandoned { transfer.finish(.failure(.unreachable("\(reason) Nothing was sent."))) }
        for sending in active.values {
            end(sending, as: .failure(sending.transfer.wasSent ? .interrupted(reason) : .unreachable(reason)))
        }
    }

    /// Starts a transfer, unless it is cancelled or past its deadline.
    private func start(_ transfer: Transfer, in key: QueueKey) {
        if transfer.isCancelled { return transfer.finish(.failure(.cancelled)) }
        if transfer.request.timeLeft <= .zero {
            return transfer.finish(.failure(.unreachable("No connection was free before the deadline.")))
        }
        do throws(CurlFailure) {
            let kind = HandleKind(transfer.request, to: transfer.origin)
            let handle =
                if let idle = idle[kind]?.popLast() { idle } else {
                    try TransferHandle(kind, settings: settings, share: share)
                }
            let isRisky = settings.idleSecondsBeforeChange == 0 || unsteady.contains(transfer.origin)
            try handle.prepare(for: transfer, needsConnection: isRisky && !transfer.request.isRead)
            let code = curl_multi_add_handle(multi, handle.easy)
            guard code == CURLM_OK else { throw CurlFailure(code: code) }
            active[handle.easy] = ActiveTransfer(transfer: transfer, handle: handle)
            running[key, default: 0] += 1
        } catch {
            transfer.finish(.failure(.unreachable("libcurl cannot set up a transfer: \(error.text).")))
        }
    }

    private func end(_ sending: ActiveTransfer, as outcome: TransferOutcome, keepsHandle: Bool = false) {
        let (transfer, handle) = (sending.transfer, sending.handle)
        active[handle.easy] = nil
        curl_multi_remove_handle(multi, handle.easy)
        if case .failure = outcome, transfer.wasSent, !transfer.request.isRead { unsteady.insert(transfer.origin) }
        if keepsHandle { idle[handle.kind, default: []].append(handle) }
        transfer.finish(outcome)
        let key = QueueKey(transfer)
        let taken = running[key, default: 1] - 1
        running[key] = taken == 0 ? nil : taken
        startNext(in: key)
    }

    /// Starts queued transfers while there is room; one that cannot start frees its place for the next.
    private func startNext(in key: QueueKey) {
        while hasRoom(in: key), var queue = waiting[key], !queue.isEmpty {
            let next = queue.removeFirst()
            waiting[key] = queue.isEmpty ? nil : queue
            start(next, in: key)
        }
    }
}

/// Receives from libcurl what it waits for on a socket.
private func watchSocket(
    _ easy: UnsafeMutableRawPointer?, _ socket: curl_socket_t, _ interest: Int32, _ watch: UnsafeMutableRawPointer?,
    _ note: UnsafeMutableRawPointer?
) -> Int32 {
    if let watch { Unmanaged<SocketWatch>.fromOpaque(watch).takeUnretainedValue().watch(socket, for: interest) }
    return 0
}

/// Whether libcurl's process-wide set-up, which runs once, succeeded.
private let curlIsReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
