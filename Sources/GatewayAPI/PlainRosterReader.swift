import Membership

/// Reads a page of a roster as gateways write it, without a tree of what it holds.
///
/// Whatever is not plain, or says what a roster should not, is nil: then the general decoder has the say, and writes the
/// errors. What is read here is what that one would have read.
enum PlainRosterReader {
    /// The page; nil where it takes the general decoder to tell.
    static func read(_ body: [UInt8], of group: GroupID) -> RosterPage? {
        PlainScanner.scan(body) { scanner in page(&scanner, of: Array(group.jid.utf8)) }
    }

    private static func page(_ scanner: inout PlainScanner, of group: [UInt8]) -> RosterPage? {
        var page = RosterPage()
        var nextCursor: String?
        let isPlain = scanner.page(
            { scanner in
                // An entry has more bytes than this, so that nothing is allocated beyond what came.
                page.entries.reserveCapacity(scanner.remaining / 128)
                return scanner.array { scanner in
                    guard let member = entry(&scanner, of: group) else { return false }
                    page.entries.append(.member(member))
                    return true
                }
            }, nextCursor: &nextCursor)
        page.nextCursor = nextCursor
        return isPlain ? page : nil
    }

    private static func entry(_ scanner: inout PlainScanner, of group: [UInt8]) -> RosterMember? {
        var account: AccountID?
        var role: Role?
        var hasGroup = false
        let isPlain = scanner.object { scanner, key in
            if scanner.equals(key, "lid") {
                guard account == nil, let value = scanner.string(), let read = scanner.account(at: value)
                else { return false }
                account = read
            } else if scanner.equals(key, "role") {
                guard role == nil, let value = scanner.string() else { return false }
                if scanner.equals(value, "member") { role = .member }
                if scanner.equals(value, "admin") { role = .admin }
                return role != nil
            } else if scanner.equals(key, "groupJid") {
                guard !hasGroup, let value = scanner.string(), scanner.equals(value, group) else { return false }
                hasGroup = true
            } else {
                return scanner.skipValue()
            }
            return true
        }
        guard isPlain, let account, let role else { return nil }
        return RosterMember(account: account, role: role)
    }
}
