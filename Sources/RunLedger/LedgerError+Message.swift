import Core

extension LedgerError {
    /// What happened and how to fix it, in a sentence for the user.
    package var message: String {
        switch self {
        case .missing(let path):
            "no ledger at \(path) yet; create it with `rollcall plan` or `rollcall apply`, "
                + "or name another one with --ledger"
        case .noFolder(let path):
            "the ledger \(path) cannot be created because its folder does not exist; create the folder or fix `ledger`"
        case .notADatabase(let path, let detail):
            "the ledger \(path) is not usable (\(detail)); name another file, or restore a backup"
        case .newerSchema(let path):
            "the ledger \(path) was written by a newer version of rollcall than this one (\(Version.current)); "
                + "use the newer version, or name another ledger"
        case .notAccessible(let path, let detail):
            "the ledger \(path) cannot be opened for writing: \(detail); make the file and its folder writable for "
                + "the account that runs rollcall, or set another file with `ledger`"
        case .busy(let path):
            "the ledger \(path) was locked by another process for too long; run again when that has ended"
        case .failed(let path, let detail):
            "the ledger \(path) failed: \(detail); check the disk and its free space, then run again"
        case .noSuchRun(let text):
            text == "last"
                ? "the ledger has no runs yet"
                : "No run \"\(text)\" in the ledger. List runs: rollcall history"
        case .ambiguousRun(let text, let candidates):
            "several runs begin with \"\(text)\": \(candidates.joined(separator: ", ")); type more of the id"
        }
    }
}
