import CCurl
import Glibc

/// A socket on which something has come, with libcurl's `CURL_CSELECT` bits for what.
typealias ReadySocket = (socket: curl_socket_t, events: Int32)

/// The sockets that libcurl waits for, and a bell by which another thread wakes the one that waits.
///
/// libcurl tells which sockets those are, so that only transfers of which something has come are moved on: to ask all of
/// them each time takes longer than the work.
final class SocketWatch {
    /// The bell's hearing end first, then each socket with what is waited for.
    private var entries: [pollfd]

    /// The descriptor to `ring`, valid as long as the watch.
    let bell: Int32

    /// Makes one that watches nothing yet; nil where the system has no descriptor left.
    init?() {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        bell = ends[1]
        entries = [pollfd(fd: ends[0], events: Int16(POLLIN), revents: 0)]
    }

    deinit {
        close(entries[0].fd)
        close(bell)
    }

    /// Wakes whoever waits on the watch that a bell belongs to, from any thread.
    static func ring(_ bell: Int32) {
        var sound: UInt8 = 0
        // It fails only where the bell has been rung without end, and then it is heard.
        _ = write(bell, &sound, 1)
    }

    /// Takes in what libcurl waits for on a socket: one of its `CURL_POLL` numbers.
    func watch(_ socket: curl_socket_t, for interest: Int32) {
        let place = entries.dropFirst().firstIndex { $0.fd == socket }
        var events: Int32 = 0
        if interest == CURL_POLL_IN || interest == CURL_POLL_INOUT { events |= POLLIN }
        if interest == CURL_POLL_OUT || interest == CURL_POLL_INOUT { events |= POLLOUT }
        if interest == CURL_POLL_REMOVE {
            if let place { entries.remove(at: place) }
        } else if let place {
            entries[place].events = Int16(events)
        } else {
            entries.append(pollfd(fd: socket, events: Int16(events), revents: 0))
        }
    }

    /// Waits for at most so many milliseconds, or until the bell rings; returns the sockets on which something has come.
    func wait(milliseconds: Int32) -> [ReadySocket] {
        // A signal that ends the wait early does no harm: whoever waits comes back.
        guard poll(&entries, nfds_t(entries.count), milliseconds) > 0 else { return [] }
        if entries[0].revents != 0 {
            var sounds: [UInt8] = Array(repeating: 0, count: 64)
            while read(entries[0].fd, &sounds, sounds.count) == sounds.count {}
        }
        let ready = entries.dropFirst().compactMap(Self.ready)
        // What was closed without a word would end every wait at once.
        entries.removeAll { Int32($0.revents) & POLLNVAL != 0 }
        return ready
    }

    private static func ready(_ entry: pollfd) -> ReadySocket? {
        let events = Int32(entry.revents)
        guard events != 0 else { return nil }
        var bits: Int32 = 0
        // What has failed or hung up is read, too: libcurl then meets the end of it, and what the system says of it.
        if events & (POLLIN | POLLHUP | POLLERR) != 0 { bits |= CURL_CSELECT_IN }
        if events & POLLOUT != 0 { bits |= CURL_CSELECT_OUT }
        if events & POLLNVAL != 0 { bits |= CURL_CSELECT_ERR }
        return (entry.fd, bits)
    }
}
