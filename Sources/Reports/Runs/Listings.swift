package import Core
package import GatewayAPI
package import Reconciliation

/// A session of a gateway and its own number.
package struct ListedSession: Sendable {
    let gateway: GatewayName
    let record: SessionRecord
    let ownPhone: PhoneNumber?

    /// Creates an entry; the configuration's number wins over the gateway's.
    package init(gateway: GatewayName, record: SessionRecord, ownPhone: PhoneNumber?) {
        self.gateway = gateway
        self.record = record
        self.ownPhone = ownPhone ?? record.ownPhone
    }
}

/// The list that `rollcall sessions` prints.
package struct SessionListing: Sendable {
    private let sessions: [ListedSession]
    private let namesGateways: Bool

    /// Creates the list; `namesGateways` adds a column with the gateway.
    package init(sessions: [ListedSession], namesGateways: Bool) {
        self.sessions = sessions
        self.namesGateways = namesGateways
    }

    /// Returns a heading and a line for each session.
    package func text(painter: Painter) -> String {
        if sessions.isEmpty { return "The token cannot use any session.\n" }
        var table = TextTable(width: painter.width)
        table.add((namesGateways ? ["GATEWAY"] : []) + ["SESSION", "STATE", "OWN NUMBER", "LABEL"])
        for session in sessions {
            table.add(
                (namesGateways ? [session.gateway.text.escapedForTerminal] : []) + [
                    session.record.id.text.escapedForTerminal, session.record.status.escapedForTerminal,
                    session.ownPhone?.e164 ?? "", session.record.label?.escapedForTerminal ?? "",
                ])
        }
        return table.lines().map { $0.joined() + "\n" }.joined()
    }

    /// The JSON form.
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

/// The list that `rollcall groups` prints.
package struct GroupListText: Sendable {
    private let painter: Painter

    /// Creates the text for a painter.
    package init(painter: Painter) { self.painter = painter }

    /// Returns a heading, a line for each group, and a summary.
    package func render(_ listing: GroupListing) -> String {
        if listing.groups.isEmpty { return "The sessions have no groups.\n" }
        var table = TextTable(width: painter.width)
        table.add(["SESSION", "GROUP", "SIZE", "OWN ROLE", "POLICY", "NAME"])
        for group in listing.groups {
            table.add([
                group.key.session.text.escapedForTerminal, group.key.group.jid, group.size.map(String.init) ?? "?",
                group.role.rawValue, group.isDescribed ? "yes" : "no",
                (group.subject ?? "(no name)").escapedForTerminal,
            ])
        }
        let described = listing.groups.count(where: \.isDescribed)
        let admin = listing.groups.count { $0.role == .admin }
        let count = listing.groups.count
        return table.lines().map { $0.joined() + "\n" }.joined()
            + "\n\(count) group\(count == 1 ? "" : "s"): \(described) in a policy, \(admin) with the session's account as an admin.\n"
    }

    /// Returns the list as JSON.
    package static func json(_ listing: GroupListing) -> JSONText {
        .list(
            listing.groups.map { group in
                .object([
                    "name": .string(group.subject), "size": .number(group.size),
                    "own_role": .string(group.role.rawValue), "in_policy": .boolean(group.isDescribed),
                ]).adding(group.key.json())
            })
    }
}
