import CCurl
import Membership

/// The transfers under way and those that wait for their turn; lives on the loop's thread and dies with it.
final class TransferEngine {
    private let multi: UnsafeMutableRawPointer
    private let share: UnsafeMutableRawPointer?
    private let watch: SocketWatch
    private let settings: TransferSettings
    private var active: [UnsafeMutableRawPointer: Carriage] = [:]
    /// Handles that have carried a transfer well and may carry another of their kind; never more than there are places.
    private var idle: [HandleKind: [TransferHandle]] = [:]
    private var places: [Line: Int] = [:]
    private var waiting: [Line: [Transfer]] = [:]

    /// Hosts that have left a change without an answer: those that follow do not use a connection that was used before, which
    /// may be what was wrong.
    private var unsteady: Set<HTTPOrigin> = []

    /// Transfers that wait for each other: reads of a host, or changes.
    private struct Line: Hashable {
        let origin: HTTPOrigin
        let isOfReads: Bool

        init(_ transfer: Transfer) {
            origin = transfer.origin
            isOfReads = transfer.request.isRead
        }
    }

    /// A transfer on its handle.
    private struct Carriage {
        let transfer: Transfer
        let handle: TransferHandle
    }

    /// Takes over a multi handle, which `shutDown` destroys.
    init(multi: UnsafeMutableRawPointer, watch: SocketWatch, settings: TransferSettings) {
        self.multi = multi
        self.watch = watch
        self.settings = settings
        _ = multi_set_socket_callback(multi, watchSocket, Unmanaged.passUnretained(watch).toOpaque())
        let connections = max(1, settings.readsPerHost) + max(1, settings.changesPerHost)
        _ = multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, connections)
        // By default libcurl closes what is idle as soon as few transfers are under way.
        _ = multi_set_long(multi, CURLMOPT_MAXCONNECTS, 4 * connections)
        // TLS sessions outlive their connections, which makes the fresh connections of changes cheap. Everything runs
        // on one thread, so the share needs no locks.
        share = curl_share_init()
        if let share { _ = share_set_data(share, CURL_LOCK_DATA_SSL_SESSION) }
    }

    /// Starts a transfer, or lets it wait until its host has a place free.
    ///
    /// Waiting here rather than inside libcurl keeps a transfer's clock from running before its turn.
    func accept(_ transfer: Transfer) {
        let line = Line(transfer)
        if hasPlace(in: line) || transfer.cancellation.isRaised {
            start(transfer, in: line)
        } else {
            waiting[line, default: []].append(transfer)
        }
    }

    private func hasPlace(in line: Line) -> Bool {
        places[line, default: 0] < max(1, line.isOfReads ? settings.readsPerHost : settings.changesPerHost)
    }

    /// Begins what was accepted, and does what it is time for.
    func begin() {
        guard timeToNext() == 0 else { return }
        act(on: CURL_SOCKET_TIMEOUT, 0)
        endFinished()
    }

    /// Waits until a socket has something, it is time for something, or the bell rings.
    func wait() -> [ReadySocket] { watch.wait(milliseconds: timeToNext()) }

    /// Returns the sockets that have something, without waiting.
    func look() -> [ReadySocket] { watch.wait(milliseconds: 0) }

    /// Moves on what waited for a socket; where none has anything, what it is time for.
    func advance(_ ready: [ReadySocket]) {
        for (socket, events) in ready { act(on: socket, events) }
        if ready.isEmpty { act(on: CURL_SOCKET_TIMEOUT, 0) }
        endFinished()
    }

    /// In how many milliseconds libcurl has something to do, whatever comes; a minute where it has not.
    private func timeToNext() -> Int32 {
        var milliseconds = -1
        curl_multi_timeout(multi, &milliseconds)
        return milliseconds < 0 ? 60_000 : Int32(min(milliseconds, 60_000))
    }

    private func act(on socket: curl_socket_t, _ events: Int32) {
        var running: Int32 = 0
        if curl_multi_socket_action(multi, socket, events, &running) != CURLM_OK { abortAll("libcurl gave up.") }
    }

    private func endFinished() {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle,
                let carriage = active[easy]
            else { continue }
            let code = message_result(message)
            end(carriage, as: carriage.transfer.outcome(of: code, on: carriage.handle), keepsHandle: code == CURLE_OK)
        }
    }

    /// Ends the transfers whose task was cancelled.
    func abortCancelled() {
        for (line, transfers) in waiting {
            waiting[line] = transfers.filter { !$0.cancellation.isRaised }
            for transfer in transfers where transfer.cancellation.isRaised { transfer.finish(.failure(.cancelled)) }
        }
        for carriage in active.values where carriage.transfer.cancellation.isRaised {
            end(carriage, as: .failure(.cancelled))
        }
    }

    /// Fails what is left and frees everything; the engine is of no use afterwards.
    func shutDown() {
        abortAll("This program closed the connection.")
        idle = [:]
        curl_multi_cleanup(multi)
        if let share { curl_share_cleanup(share) }
    }

    private func abortAll(_ reason: String) {
        let abandoned = waiting.values.flatMap(\.self)
        waiting = [:]
        for transfer in abandoned { transfer.finish(.failure(.unreachable("\(reason) Nothing was sent."))) }
        for carriage in active.values {
            end(carriage, as: .failure(carriage.transfer.wasSent ? .interrupted(reason) : .unreachable(reason)))
        }
    }

    /// Starts a transfer, unless nobody waits for it any more or it is too late.
    private func start(_ transfer: Transfer, in line: Line) {
        if transfer.cancellation.isRaised { return transfer.finish(.failure(.cancelled)) }
        if transfer.request.timeLeft <= .zero {
            return transfer.finish(.failure(.unreachable("It was too late to send it when a connection was free.")))
        }
        do throws(CurlFailure) {
            let kind = HandleKind(transfer.request, to: transfer.origin)
            let handle =
                if let idle = idle[kind]?.popLast() { idle } else {
                    try TransferHandle(kind, settings: settings, share: share)
                }
            try handle.prepare(for: transfer, needsConnection: needsConnection(transfer))
            let code = curl_multi_add_handle(multi, handle.easy)
            guard code == CURLM_OK else { throw CurlFailure(code: code) }
            active[handle.easy] = Carriage(transfer: transfer, handle: handle)
            places[line, default: 0] += 1
        } catch {
            transfer.finish(.failure(.unreachable("libcurl could not set up a transfer: \(error.text).")))
        }
    }

    private func needsConnection(_ transfer: Transfer) -> Bool {
        guard !transfer.request.isRead else { return false }
        return settings.idleSecondsBeforeChange == 0 || unsteady.contains(transfer.origin)
    }

    private func end(_ carriage: Carriage, as outcome: TransferOutcome, keepsHandle: Bool = false) {
        let (transfer, handle) = (carriage.transfer, carriage.handle)
        active[handle.easy] = nil
        curl_multi_remove_handle(multi, handle.easy)
        if case .failure = outcome, transfer.wasSent, !transfer.request.isRead { unsteady.insert(transfer.origin) }
        if keepsHandle { idle[handle.kind, default: []].append(handle) }
        transfer.finish(outcome)
        let line = Line(transfer)
        let taken = places[line, default: 1] - 1
        places[line] = taken == 0 ? nil : taken
        startNext(in: line)
    }

    /// Starts what waits; what cannot be started leaves its place to what comes after it.
    private func startNext(in line: Line) {
        while hasPlace(in: line), var queue = waiting[line], !queue.isEmpty {
            let next = queue.removeFirst()
            waiting[line] = queue.isEmpty ? nil : queue
            start(next, in: line)
        }
    }
}

/// Called by libcurl with what it waits for on a socket.
private func watchSocket(
    _ easy: UnsafeMutableRawPointer?, _ socket: curl_socket_t, _ interest: Int32, _ watch: UnsafeMutableRawPointer?,
    _ note: UnsafeMutableRawPointer?
) -> Int32 {
    if let watch { Unmanaged<SocketWatch>.fromOpaque(watch).takeUnretainedValue().watch(socket, for: interest) }
    return 0
}
