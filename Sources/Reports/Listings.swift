package import GatewayAPI
package import Membership
package import Reconciliation

/// A session of a gateway, with its own number as the gateway or the configuration tells it.
package struct ListedSession: Sendable {
    let gateway: GatewayName
    let record: SessionRecord
    let ownPhone: PhoneNumber?

    /// Describes a session; the configuration's number counts first.
    package init(gateway: GatewayName, record: SessionRecord, ownPhone: PhoneNumber?) {
        self.gateway = gateway
        self.record = record
        self.ownPhone = ownPhone ?? record.ownPhone
    }
}

/// The sessions of all gateways of a configuration.
package struct SessionListing: Sendable {
    private let sessions: [ListedSession]
    private let namesGateways: Bool

    /// Takes the sessions; where there are several gateways, each is named.
    package init(sessions: [ListedSession], namesGateways: Bool) {
        self.sessions = sessions
        self.namesGateways = namesGateways
    }

    /// A line for each session below a heading.
    package func text(painter: Painter) -> String {
        if sessions.isEmpty { return "The token can use no session.\n" }
        var table = TextTable(width: painter.width)
        table.add((namesGateways ? ["GATEWAY"] : []) + ["SESSION", "STATE", "OWN NUMBER", "LABEL"])
        for session in sessions {
            table.add(
                (namesGateways ? [session.gateway.text.defusedForTerminal] : []) + [
                    session.record.id.text.defusedForTerminal, session.record.status.defusedForTerminal,
                    session.ownPhone?.e164 ?? "", session.record.label?.defusedForTerminal ?? "",
                ])
        }
        return table.lines().map { $0.joined() + "\n" }.joined()
    }

    /// The list as machines read it.
    package var json: JSONText {
        .list(
            sessions.map { session in
                .object([
                    "gateway": .string(session.gateway.text), "session": .string(session.record.id.text),
                    "state": .string(session.record.status), "phone": .string(session.ownPhone?.e164),
                    "label": .string(session.record.label),
                ])
            })
    }
}

/// The groups of sessions as people and machines read them.
package struct GroupListText: Sendable {
    private let painter: Painter

    /// Renders for a terminal with or without colours.
    package init(painter: Painter) { self.painter = painter }

    /// A line for each group below a heading, then a line that sums them up.
    package func render(_ listing: GroupListing) -> String {
        if listing.groups.isEmpty { return "The sessions have no groups.\n" }
        var table = TextTable(width: painter.width)
        table.add(["SESSION", "GROUP", "SIZE", "OWN ROLE", "POLICY", "NAME"])
        for group in listing.groups {
            table.add([
                group.key.session.text.defusedForTerminal, group.key.group.jid, group.size.map(String.init) ?? "?",
                group.role.rawValue, group.isDescribed ? "yes" : "no",
                (group.subject ?? "(no name)").defusedForTerminal,
            ])
        }
        let described = listing.groups.count(where: \.isDescribed)
        let admin = listing.groups.count { $0.role == .admin }
        let count = listing.groups.count
        return table.lines().map { $0.joined() + "\n" }.joined()
            + "\n\(count) group\(count == 1 ? "" : "s"); a policy describes \(described), and the session's account is an admin of \(admin).\n"
    }

    /// The list as machines read it.
    package static func json(_ listing: GroupListing) -> JSONText {
        .list(
            listing.groups.map { group in
                .object([
                    "gateway": .string(group.key.gateway.text), "session": .string(group.key.session.text),
                    "group": .string(group.key.group.jid), "name": .string(group.subject), "size": .number(group.size),
                    "own_role": .string(group.role.rawValue), "in_policy": .boolean(group.isDescribed),
                ])
            })
    }
}
