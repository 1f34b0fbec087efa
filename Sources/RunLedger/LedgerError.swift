/// Why the ledger cannot be used.
package enum LedgerError: Error, Equatable, Sendable {
    /// There is none, and it is only to be looked at.
    case missing(path: String)
    /// The folder that should hold it does not exist.
    case noFolder(path: String)
    /// The file is there but is no SQLite database, or is damaged; with SQLite's word for it.
    case notADatabase(path: String, detail: String)
    /// A later version of the program has written it, and this one does not know its shape.
    case newerSchema(path: String)
    /// The file or its folder cannot be opened or written; with the system's word for it.
    case notAccessible(path: String, detail: String)
    /// Another process kept it locked for longer than is waited.
    case busy(path: String)
    /// A statement failed; with SQLite's word for it.
    case failed(path: String, detail: String)
    /// No run has this id, or begins with it.
    case noSuchRun(String)
    /// Several runs begin with this; the first few of them.
    case ambiguousRun(String, candidates: [String])
}
