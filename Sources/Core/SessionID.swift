/// The gateway's id of a session: one linked WhatsApp account.
package struct SessionID: Hashable, Sendable, Comparable {
    /// The id as the gateway writes it.
    package let text: String

    /// Returns nil unless the text is 1 to 128 letters, digits, dashes, dots and underscores, and not `.` or `..`.
    package init?(_ text: String) {
        guard (1...128).contains(text.utf8.count), text != ".", text != "..",
            text.utf8.allSatisfy({ $0.isUnreserved && $0 != UInt8(ascii: "~") })
        else { return nil }
        self.text = text
    }

    /// Byte order of the ids.
    package static func < (left: SessionID, right: SessionID) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }
}

extension SessionID: CustomStringConvertible {
    /// The id as the gateway writes it.
    package var description: String { text }
}

/// The name of a gateway in the configuration; `default` for the one under `gateway:`.
package struct GatewayName: Hashable, Sendable, Comparable {
    /// The name.
    package let text: String

    /// Accepts any text.
    package init(_ text: String) { self.text = text }

    /// The name of the gateway under `gateway:`.
    package static let `default` = GatewayName("default")

    /// Byte order of the names.
    package static func < (left: GatewayName, right: GatewayName) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }
}

extension GatewayName: CustomStringConvertible {
    /// The name.
    package var description: String { text }
}

/// A group, with the gateway and session that act on it; the key of plans, rosters and ledger rows.
package struct GroupKey: Hashable, Sendable, Comparable {
    /// The gateway of the session.
    package let gateway: GatewayName
    /// The session that acts on the group.
    package let session: SessionID
    /// The group.
    package let group: GroupID

    /// Creates a key.
    package init(gateway: GatewayName, session: SessionID, group: GroupID) {
        self.gateway = gateway
        self.session = session
        self.group = group
    }

    /// By gateway, then session, then group.
    package static func < (left: GroupKey, right: GroupKey) -> Bool {
        (left.gateway, left.session, left.group) < (right.gateway, right.session, right.group)
    }
}

/// A session of a gateway; all its groups share its pace and budget.
package struct SessionKey: Hashable, Sendable, Comparable {
    /// The gateway.
    package let gateway: GatewayName
    /// The session.
    package let session: SessionID

    /// Creates a key.
    package init(gateway: GatewayName, session: SessionID) {
        self.gateway = gateway
        self.session = session
    }

    /// By gateway, then session.
    package static func < (left: SessionKey, right: SessionKey) -> Bool {
        (left.gateway, left.session) < (right.gateway, right.session)
    }
}

extension GroupKey {
    /// The session that acts on the group.
    package var sessionKey: SessionKey { SessionKey(gateway: gateway, session: session) }
}
