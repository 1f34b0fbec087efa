import Membership

/// One page of a roster.
struct RosterPage: Equatable {
    /// The entries, in their order.
    var entries: [RosterEntry] = []
    /// The way to the next page; nil on the last one.
    var nextCursor: String?
}

/// One entry of a roster.
enum RosterEntry: Equatable {
    /// A user.
    case member(RosterMember)
    /// Something that is no user, with the moment at which it was last seen where the gateway tells it.
    case foreign(Timestamp?)
}

extension RosterPage {
    /// Reads a page of a group's roster, and holds each entry against what was asked for.
    static func read(
        _ body: [UInt8], of group: GroupID, answering question: Question,
        decode: ([UInt8]) throws(GatewayError) -> WirePage<WireMember>
    ) throws(GatewayError) -> RosterPage {
        if let page = PlainRosterReader.read(body, of: group) { return page }
        let wire = try decode(body)
        var page = RosterPage(nextCursor: wire.nextCursor)
        page.entries.reserveCapacity(wire.data.count)
        for entry in wire.data {
            let member = try entry.member(answering: question, group)
            page.entries.append(member.map(RosterEntry.member) ?? .foreign(entry.lastSeenAt))
        }
        return page
    }
}
