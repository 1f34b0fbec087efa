/// An opaque cursor: which list it belongs to, and after how many entries its page begins.
///
/// Its text holds characters that a query must escape, so that a client that does not is noticed.
struct PageCursor: Equatable {
    /// The list, for example `contacts`.
    let list: String
    /// So many entries come before the page; in the contacts, the id of the last one before it.
    let offset: Int

    /// Names a page.
    init(list: String, offset: Int) {
        self.list = list
        self.offset = offset
    }

    /// Reads a cursor that this list gave out; nil for anything else.
    init?(_ text: String, list: String) {
        guard text.utf8.count < 200, text.hasPrefix(Self.mark), text.hasSuffix("==") else { return nil }
        let parts = text.dropFirst(Self.mark.count).dropLast(2).split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == list, let offset = Int(parts[1], radix: 36), offset >= 0 else {
            return nil
        }
        self.init(list: list, offset: offset)
    }

    /// The text that clients hand back.
    var text: String { "\(Self.mark)\(list)/\(String(offset, radix: 36))==" }

    private static let mark = "pg+"
}
