import Core
import GRDB
import GRDBSQLite
import Glibc
import RunLedger

/// A statement's current row, with columns in SQLite's memory.
///
/// For passes over a large table, where creating a string per column takes longer than reading it. Its texts are valid
/// until the next step.
struct RawRow {
    /// The SQLite statement.
    let statement: SQLiteStatement

    /// Returns the text of a column; nil for null.
    func text(_ column: Int32) -> RawText? { sqlite3_column_text(statement, column).map(RawText.init) }

    /// Returns the name of a column.
    func name(of column: Int32) -> String { sqlite3_column_name(statement, column).map { String(cString: $0) } ?? "" }

    /// Returns the number in a column; 0 for null.
    func number(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }
}

/// A text in SQLite's memory, ending with a zero byte.
struct RawText {
    fileprivate let start: UnsafePointer<UInt8>

    init(_ start: UnsafePointer<UInt8>) { self.start = start }

    /// Whether two texts are equal.
    func equals(_ other: RawText) -> Bool { strcmp(start.characters, other.start.characters) == 0 }

    /// Whether the text equals a word.
    func spells(_ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        return strncmp(start.characters, word.utf8Start.characters, count) == 0 && start[count] == 0
    }

    /// The phone number after a plus sign; nil for anything else.
    var phone: PhoneNumber? { bytes.digits(after: "+", before: "").flatMap(PhoneNumber.init(digits:)) }

    /// The time, in the ledger's format; nil for anything else.
    var time: Timestamp? { Timestamp(iso8601: bytes) }

    /// The bytes without the final zero.
    private var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: strlen(start.characters)) }
}

extension String {
    /// Copies a text of the ledger.
    init(_ text: RawText) { self.init(cString: text.start) }
}

/// The text of the previous row, so that only a new text is converted.
struct LatestText {
    // With the final zero byte; empty before the first text.
    private var bytes: [UInt8] = []

    /// Whether the stored text equals another.
    func equals(_ text: RawText) -> Bool {
        bytes.withUnsafeBufferPointer { known in
            guard !known.isEmpty, let start = known.baseAddress else { return false }
            return RawText(start).equals(text)
        }
    }

    /// Stores a text; true if it differs from the one before.
    mutating func changes(to text: RawText) -> Bool {
        if equals(text) { return false }
        bytes = Array(UnsafeBufferPointer(start: text.start, count: strlen(text.start.characters) + 1))
        return true
    }
}

extension UnsafePointer<UInt8> {
    fileprivate var characters: UnsafePointer<CChar> { UnsafeRawPointer(self).assumingMemoryBound(to: CChar.self) }
}
