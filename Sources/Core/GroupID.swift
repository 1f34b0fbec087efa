/// The JID of a group: `120363041234567890@g.us`, or the older `CREATOR-TIMESTAMP@g.us`.
package struct GroupID: Hashable, Sendable, Comparable {
    /// The whole JID.
    package let jid: String

    /// Returns nil unless the text is `digits@g.us` or `digits-digits@g.us`.
    package init?(_ jid: String) {
        guard jid.hasSuffix("@g.us") else { return nil }
        let local = jid.utf8.dropLast(5)
        let parts = local.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), local.count <= 40,
            parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isDigit) })
        else { return nil }
        self.jid = jid
    }

    /// The creator's number, which the older form of the JID starts with; nil for the newer form.
    package var creator: PhoneNumber? {
        guard let dash = jid.utf8.firstIndex(of: UInt8(ascii: "-")), jid.utf8.first != UInt8(ascii: "0") else {
            return nil
        }
        return UInt64(jid[..<dash]).flatMap(PhoneNumber.init(digits:))
    }

    /// Byte order of the JIDs.
    package static func < (left: GroupID, right: GroupID) -> Bool {
        left.jid.utf8.lexicographicallyPrecedes(right.jid.utf8)
    }
}

extension GroupID: CustomStringConvertible {
    /// The JID.
    package var description: String { jid }
}
