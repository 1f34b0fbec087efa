import Glibc

/// The limit on open files and connections of the process.
enum OpenFileLimit {
    /// Descriptors besides the gateway connections: the ledger's files, one policy file, and those of system libraries.
    private static let others = 40

    /// Raises the limit as needed, or throws before anything begins if the system does not allow it.
    ///
    /// Code that meets the limit later may end the process without an error, during a call.
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
            "the limit on open files is \(allowed) (`ulimit -n`), but \(needed) are needed; raise the limit, or lower "
                + "`read.concurrency` in the configuration")
    }
}
