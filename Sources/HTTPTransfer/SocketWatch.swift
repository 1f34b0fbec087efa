import CCurl
import Glibc

/// A socket that is ready, and libcurl's `CURL_CSELECT` bits that say for what.
typealias ReadySocket = (socket: curl_socket_t, events: Int32)

/// The sockets that libcurl waits for, and a bell that lets another thread end the wait.
///
/// libcurl names the sockets, so that only transfers with news advance; checking all would cost more than the work.
final class SocketWatch {
    /// The bell's read end first, then each socket with its events.
    private var entries: [pollfd]

    /// The bell's write end.
    private let wakeup: Int32

    /// Makes an empty watch; nil if the system has no free descriptor.
    init?() {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        wakeup = ends[1]
        entries = [pollfd(fd: ends[0], events: Int16(POLLIN), revents: 0)]
    }

    deinit {
        close(entries[0].fd)
        close(wakeup)
    }

    /// Ends the wait, from any thread.
    func ring() {
        var sound: UInt8 = 0
        // Fails only if the pipe is full; then the bell rings already.
        _ = write(wakeup, &sound, 1)
    }

    /// Records what libcurl waits for on a socket: one of its `CURL_POLL` numbers.
    func watch(_ socket: curl_socket_t, for interest: Int32) {
        let position = entries.dropFirst().firstIndex { $0.fd == socket }
        var events: Int32 = 0
        if interest == CURL_POLL_IN || interest == CURL_POLL_INOUT { events |= POLLIN }
        if interest == CURL_POLL_OUT || interest == CURL_POLL_INOUT { events |= POLLOUT }
        if interest == CURL_POLL_REMOVE {
            if let position { entries.remove(at: position) }
        } else if let position {
            entries[position].events = Int16(events)
        } else {
            entries.append(pollfd(fd: socket, events: Int16(events), revents: 0))
        }
    }

    /// Waits until a socket is ready, the bell rings or the time is over; returns the ready sockets.
    func wait(milliseconds: Int32) -> [ReadySocket] {
        // A signal may end the wait early; the loop then waits again.
        guard poll(&entries, nfds_t(entries.count), milliseconds) > 0 else { return [] }
        if entries[0].revents != 0 {
            var sounds: [UInt8] = Array(repeating: 0, count: 64)
            while read(entries[0].fd, &sounds, sounds.count) == sounds.count {}
        }
        let ready = entries.dropFirst().compactMap(Self.ready)
        // A socket that is closed but still listed would end every wait at once.
        entries.removeAll { Int32($0.revents) & POLLNVAL != 0 }
        return ready
    }

    private static func ready(_ entry: pollfd) -> ReadySocket? {
        let events = Int32(entry.revents)
        guard events != 0 else { return nil }
        var bits: Int32 = 0
        // A failed or closed socket is read too: libcurl then sees the end and the system's error.
        if events & (POLLIN | POLLHUP | POLLERR) != 0 { bits |= CURL_CSELECT_IN }
        if events & POLLOUT != 0 { bits |= CURL_CSELECT_OUT }
        if events & POLLNVAL != 0 { bits |= CURL_CSELECT_ERR }
        return (entry.fd, bits)
    }
}
