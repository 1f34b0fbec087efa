import Glibc

/// How many files and connections the process may have open at once.
enum OpenFileLimit {
    /// What is open besides the connections to gateways: the ledger and its companions, policies one after the other, and what the
    /// system's libraries need to wait and to start threads.
    private static let others = 40

    /// Raises the limit to what is needed, and begins nothing where the system does not allow that.
    ///
    /// What meets the limit later may end the process without a word, in the midst of a call.
    static func secure(connections: Int) throws(Failure) {
        let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        let needed = connections + others
        var limit = rlimit()
        guard getrlimit(kind, &limit) == 0, limit.rlim_cur < rlim_t(needed) else { return }
        let allowed = limit.rlim_max
        limit.rlim_cur = rlim_t(needed)
        guard allowed < limit.rlim_cur || setrlimit(kind, &limit) != 0 else { return }
        throw Failure(
            .failure,
            "no more than \(allowed) files and connections may be open at once (`ulimit -n`), and up to \(needed) are "
                + "needed; raise that limit, or lower `concurrency` under `read` in the configuration")
    }
}
