import Core

/// One page of a member list.
struct RosterPage: Equatable {
    /// The entries in order.
    var entries: [RosterEntry] = []
    /// The cursor of the next page; nil on the last one.
    var nextCursor: String?
}

/// One entry of a member list.
enum RosterEntry: Equatable {
    /// A user.
    case member(RosterMember)
    /// Not a user; with the time it was last seen, if known.
    case foreign(Timestamp?)
}

extension RosterPage {
    /// Reads a page of a group's member list and checks each entry.
    static func read(
        _ body: [UInt8], of group: GroupID, answering callContext: CallContext,
        decode: ([UInt8]) throws(GatewayError) -> WirePage<WireMember>
    ) throws(GatewayError) -> RosterPage {
        if let page = FastRosterReader.read(body, of: group) { return page }
        let wire = try decode(body)
        var page = RosterPage(nextCursor: wire.nextCursor)
        page.entries.reserveCapacity(wire.data.count)
        for entry in wire.data {
            let member = try entry.member(answering: callContext, group)
            page.entries.append(member.map(RosterEntry.member) ?? .foreign(entry.lastSeenAt))
        }
        return page
    }
}
