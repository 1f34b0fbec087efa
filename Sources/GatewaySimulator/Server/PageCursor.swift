/// An opaque cursor: its list, and the number of entries before its page.
///
/// Its text contains characters that a query must escape, to detect a client that does not.
struct PageCursor: Equatable {
    /// The list, for example `contacts`.
    let list: String
    /// The number of entries before the page; for contacts, the id of the last one before it.
    let offset: Int

    /// Creates the cursor of a page.
    init(list: String, offset: Int) {
        self.list = list
        self.offset = offset
    }

    /// Reads a cursor that this list issued; nil for anything else.
    init?(_ text: String, list: String) {
        guard text.utf8.count < 200, text.hasPrefix(Self.mark), text.hasSuffix("==") else { return nil }
        let parts = text.dropFirst(Self.mark.count).dropLast(2).split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == list, let offset = Int(parts[1], radix: 36), offset >= 0 else { return nil }
        self.init(list: list, offset: offset)
    }

    /// The text that clients send back.
    var text: String { "\(Self.mark)\(list)/\(String(offset, radix: 36))==" }

    private static let mark = "pg+"
}
