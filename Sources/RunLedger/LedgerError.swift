/// Why the ledger cannot be used.
package enum LedgerError: Error, Equatable, Sendable {
    /// There is no ledger to read.
    case missing(path: String)
    /// The folder for it does not exist.
    case noFolder(path: String)
    /// The file is not an SQLite database, or is damaged; with SQLite's message.
    case notADatabase(path: String, detail: String)
    /// A later version of the program wrote it, with tables unknown to this one.
    case newerSchema(path: String)
    /// The file or its folder cannot be opened or written; with the system's message.
    case notAccessible(path: String, detail: String)
    /// Another process kept it locked for too long.
    case busy(path: String)
    /// A statement failed; with SQLite's message.
    case failed(path: String, detail: String)
    /// No run has this id or an id that begins with it.
    case noSuchRun(String)
    /// Several runs begin with this; contains the first few.
    case ambiguousRun(String, candidates: [String])
}
