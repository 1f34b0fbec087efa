import GRDB
import GRDBSQLite
import Glibc
import Membership

/// The row that a statement stands at, with its columns where SQLite holds them.
///
/// It is for walks through a large table, in which making a text of each column would take longer than reading it. What it
/// hands out is valid until the statement goes on.
struct RawRow {
    /// The statement, as SQLite knows it.
    let statement: SQLiteStatement

    /// The text of a column; nil for null.
    func text(_ column: Int32) -> RawText? { sqlite3_column_text(statement, column).map(RawText.init) }

    /// The number of a column; 0 for null.
    func number(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }
}

/// A text of the ledger where SQLite holds it, with a zero behind its last byte.
struct RawText {
    fileprivate let start: UnsafePointer<UInt8>

    init(_ start: UnsafePointer<UInt8>) { self.start = start }

    /// Whether it is the same as another text.
    func equals(_ other: RawText) -> Bool { strcmp(start.characters, other.start.characters) == 0 }

    /// Whether it is a word that the program knows.
    func spells(_ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        return strncmp(start.characters, word.utf8Start.characters, count) == 0 && start[count] == 0
    }

    /// The number behind a plus sign; nil where anything else is there.
    var phone: PhoneNumber? { bytes.digits(after: "+", before: "").flatMap(PhoneNumber.init(digits:)) }

    /// The moment, spelt as the ledger spells them; nil for anything else.
    var time: Timestamp? { Timestamp(iso8601: bytes) }

    /// Without the zero behind them.
    private var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: start, count: strlen(start.characters))
    }
}

extension String {
    /// Copies a text of the ledger.
    init(_ text: RawText) { self.init(cString: text.start) }
}

/// A text that was read last, so that only another one has to be converted.
struct LatestText {
    // With the zero behind the last byte; nothing at all before the first text.
    private var bytes: [UInt8] = []

    /// Whether it is some text.
    func equals(_ text: RawText) -> Bool {
        bytes.withUnsafeBufferPointer { known in
            guard !known.isEmpty, let start = known.baseAddress else { return false }
            return RawText(start).equals(text)
        }
    }

    /// Takes a text; tells whether it is another one than before.
    mutating func changes(to text: RawText) -> Bool {
        if equals(text) { return false }
        bytes = Array(UnsafeBufferPointer(start: text.start, count: strlen(text.start.characters) + 1))
        return true
    }
}

extension UnsafePointer<UInt8> {
    fileprivate var characters: UnsafePointer<CChar> { UnsafeRawPointer(self).assumingMemoryBound(to: CChar.self) }
}
