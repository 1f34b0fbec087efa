import Core

/// A fast reader for a page of a member list as gateways write it.
///
/// Returns nil for any other form or an invalid entry; the general decoder then reads the page and reports errors.
/// Both give the same result.
enum FastRosterReader {
    /// Returns the page; nil if the general decoder must read it.
    static func read(_ body: [UInt8], of group: GroupID) -> Page<RosterEntry>? {
        let group = Array(group.jid.utf8)
        var former = PreviousFields<Field>()
        return Page.scan(body) { scanner in entry(&scanner, of: group, after: &former).map(RosterEntry.member) }
    }

    /// A field of an entry.
    private enum Field {
        case account(AccountID)
        case role(Role, RoleStatus)
        case group
        /// Nil if the value is null or 0, which means unknown.
        case firstSeen(Timestamp?)
        case lastSeen(Timestamp?)
        case other
    }

    private static func entry(
        _ scanner: inout FastJSONScanner, of group: [UInt8], after former: inout PreviousFields<Field>
    ) -> RosterMember? {
        var account: AccountID?
        var role: (Role, RoleStatus)?
        var (firstSeenAt, lastSeenAt): (Timestamp??, Timestamp??)
        var hasGroup = false
        let isPlain = scanner.object(
            after: &former, { scanner, key in field(key, of: &scanner, in: group) },
            { field in
                switch field {
                case .account(let value):
                    defer { account = value }
                    return account == nil
                case .role(let value, let roleStatus):
                    defer { role = (value, roleStatus) }
                    return role == nil
                case .firstSeen(let value):
                    defer { firstSeenAt = value }
                    return firstSeenAt == nil
                case .lastSeen(let value):
                    defer { lastSeenAt = value }
                    return lastSeenAt == nil
                case .group:
                    defer { hasGroup = true }
                    return !hasGroup
                case .other: return true
                }
            })
        guard isPlain, let account, let role else { return nil }
        return RosterMember(
            account: account, role: role.0, roleStatus: role.1, firstSeenAt: firstSeenAt ?? nil,
            lastSeenAt: lastSeenAt ?? nil)
    }

    private static func field(_ key: Range<Int>, of scanner: inout FastJSONScanner, in group: [UInt8]) -> Field? {
        if scanner.equals(key, "lid") { return scanner.account().map(Field.account) }
        if scanner.equals(key, "role") {
            guard let value = scanner.string() else { return nil }
            if scanner.equals(value, "member") { return .role(.member, .plain) }
            if scanner.equals(value, "admin") { return .role(.admin, .plain) }
            return scanner.equals(value, "superadmin") ? .role(.admin, .creator) : nil
        }
        if scanner.equals(key, "lastSeenAt") { return moment(&scanner).map(Field.lastSeen) }
        if scanner.equals(key, "firstSeenAt") { return moment(&scanner).map(Field.firstSeen) }
        if scanner.equals(key, "groupJid") {
            return scanner.string().flatMap { scanner.equals($0, group) ? .group : nil }
        }
        return scanner.skipValue() ? .other : nil
    }

    /// Reads milliseconds since 1970, null or 0; nil if the general decoder must read the value.
    private static func moment(_ scanner: inout FastJSONScanner) -> Timestamp?? {
        if scanner.takeNull() { return .some(nil) }
        return scanner.wholeNumber().map { $0 == 0 ? nil : Timestamp(milliseconds: $0) }
    }
}
