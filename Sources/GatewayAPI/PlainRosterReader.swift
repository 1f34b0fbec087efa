import Membership

/// Reads a page of a roster as gateways write it, in one pass over its bytes and without a tree of what it holds.
///
/// It knows a part of JSON only: ASCII, no escapes, nothing nested but the entries themselves. Whatever goes beyond that, is
/// malformed, or says what a roster should not, is nil: then the general decoder has the say, and writes the errors. What is
/// read here is what that one would have read.
struct PlainRosterReader: ~Copyable {
    private let bytes: [UInt8]
    private let group: [UInt8]
    private var at = 0

    /// The page; nil where it takes the general decoder to tell.
    static func read(_ body: [UInt8], of group: GroupID) -> RosterPage? {
        var reader = PlainRosterReader(body, of: group)
        return reader.page()
    }

    private init(_ bytes: [UInt8], of group: GroupID) {
        self.bytes = bytes
        self.group = Array(group.jid.utf8)
    }

    private mutating func page() -> RosterPage? {
        var page = RosterPage()
        var (hasEntries, hasCursor) = (false, false)
        guard take("{") else { return nil }
        repeat {
            guard let key = string(), take(":") else { return nil }
            if equals(key, "data") {
                guard !hasEntries, entries(into: &page) else { return nil }
                hasEntries = true
            } else if equals(key, "nextCursor") {
                guard !hasCursor else { return nil }
                hasCursor = true
                if next() == UInt8(ascii: "n") {
                    guard take("null") else { return nil }
                } else {
                    guard let cursor = string() else { return nil }
                    page.nextCursor = String(decoding: bytes[cursor], as: UTF8.self)
                }
            } else {
                guard skipValue() else { return nil }
            }
        } while take(",")
        guard take("}"), next() == nil, hasEntries else { return nil }
        return page
    }

    private mutating func entries(into page: inout RosterPage) -> Bool {
        guard take("[") else { return false }
        if take("]") { return true }
        // An entry has more bytes than this, so that nothing is allocated beyond what came.
        page.entries.reserveCapacity((bytes.count - at) / 128)
        repeat {
            guard let entry = entry() else { return false }
            page.entries.append(.member(entry))
        } while take(",")
        return take("]")
    }

    private mutating func entry() -> RosterMember? {
        var account: AccountID?
        var role: Role?
        var hasGroup = false
        guard take("{") else { return nil }
        repeat {
            guard let key = string(), take(":") else { return nil }
            if equals(key, "lid") {
                guard account == nil, let value = string(), let read = self.account(value) else { return nil }
                account = read
            } else if equals(key, "role") {
                guard role == nil, let value = string(), let read = self.role(value) else { return nil }
                role = read
            } else if equals(key, "groupJid") {
                guard !hasGroup, let value = string(), bytes[value].elementsEqual(group) else { return nil }
                hasGroup = true
            } else {
                guard skipValue() else { return nil }
            }
        } while take(",")
        guard take("}"), let account, let role else { return nil }
        return RosterMember(account: account, role: role)
    }

    private func role(_ range: Range<Int>) -> Role? {
        if equals(range, "member") { return .member }
        return equals(range, "admin") ? .admin : nil
    }

    /// Digits and one of the servers that users have.
    private func account(_ range: Range<Int>) -> AccountID? {
        var value: UInt64 = 0
        var place = range.lowerBound
        // Nineteen digits fit into a number, and none begins with zero.
        while place < range.upperBound, place - range.lowerBound < 19, let digit = digit(at: place) {
            if value == 0, digit == 0 { return nil }
            value = value * 10 + UInt64(digit)
            place += 1
        }
        let server = place..<range.upperBound
        if equals(server, "@lid") { return LID(digits: value).map(AccountID.lid) }
        guard equals(server, "@s.whatsapp.net") || equals(server, "@c.us") else { return nil }
        return PhoneNumber(digits: value).map(AccountID.phone)
    }

    private func digit(at place: Int) -> UInt8? {
        let digit = bytes[place] &- UInt8(ascii: "0")
        return digit < 10 ? digit : nil
    }

    /// The next byte that is no white space; nil at the end.
    private mutating func next() -> UInt8? {
        while at < bytes.count {
            switch bytes[at] {
            case 0x20, 0x09, 0x0A, 0x0D: at += 1
            default: return bytes[at]
            }
        }
        return nil
    }

    /// Passes over white space and then these letters, if they come next.
    private mutating func take(_ text: StaticString) -> Bool {
        guard next() != nil, bytes.count - at >= text.utf8CodeUnitCount,
            equals(at..<at + text.utf8CodeUnitCount, text)
        else { return false }
        at += text.utf8CodeUnitCount
        return true
    }

    /// The place of a text between quotation marks, if it is plain.
    private mutating func string() -> Range<Int>? {
        guard next() == UInt8(ascii: "\"") else { return nil }
        let start = at + 1
        var place = start
        while place < bytes.count {
            let byte = bytes[place]
            if byte == UInt8(ascii: "\"") {
                at = place + 1
                return start..<place
            }
            guard byte >= 0x20, byte < 0x80, byte != UInt8(ascii: "\\") else { return nil }
            place += 1
        }
        return nil
    }

    /// Passes over a value of no interest, if it is plain.
    private mutating func skipValue() -> Bool {
        switch next() {
        case UInt8(ascii: "\""): string() != nil
        case UInt8(ascii: "t"): take("true")
        case UInt8(ascii: "f"): take("false")
        case UInt8(ascii: "n"): take("null")
        default: skipNumber()
        }
    }

    /// A whole number of few digits: what is larger, or broken, may be out of somebody's range.
    private mutating func skipNumber() -> Bool {
        let start = at
        while at < bytes.count, digit(at: at) != nil { at += 1 }
        let count = at - start
        return (1...15).contains(count) && (count == 1 || bytes[start] != UInt8(ascii: "0"))
    }

    private func equals(_ range: Range<Int>, _ text: StaticString) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { letters in
            for (offset, letter) in letters.enumerated() where bytes[range.lowerBound + offset] != letter {
                return false
            }
            return true
        }
    }
}
