/// The gateway's id of one attached WhatsApp number, ULID-like.
package struct SessionID: Hashable, Sendable, Comparable {
    /// The id as the gateway spells it.
    package let text: String

    /// Takes 1 to 128 letters, digits, dashes, dots and underscores; nil otherwise.
    package init?(_ text: String) {
        guard (1...128).contains(text.utf8.count), text != ".", text != ".." else { return nil }
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                continue
            default:
                return nil
            }
        }
        self.text = text
    }

    /// The order of the texts' bytes.
    package static func < (left: SessionID, right: SessionID) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }
}

extension SessionID: CustomStringConvertible {
    /// The id as the gateway spells it.
    package var description: String { text }
}

/// The name that the configuration gives a gateway; `default` where there is only one.
package struct GatewayName: Hashable, Sendable, Comparable {
    /// The name.
    package let text: String

    /// Takes any name.
    package init(_ text: String) { self.text = text }

    /// The name of the gateway of a configuration with just one.
    package static let `default` = GatewayName("default")

    /// The order of the texts' bytes.
    package static func < (left: GatewayName, right: GatewayName) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }
}

extension GatewayName: CustomStringConvertible {
    /// The name.
    package var description: String { text }
}

/// One group as one session of one gateway sees it: what a plan, a roster and a ledger row are about.
package struct GroupKey: Hashable, Sendable, Comparable {
    /// The gateway that is asked.
    package let gateway: GatewayName
    /// The session that acts.
    package let session: SessionID
    /// The group.
    package let group: GroupID

    /// Names a group through the session that acts on it.
    package init(gateway: GatewayName, session: SessionID, group: GroupID) {
        self.gateway = gateway
        self.session = session
        self.group = group
    }

    /// By gateway, then session, then group.
    package static func < (left: GroupKey, right: GroupKey) -> Bool {
        if left.gateway != right.gateway { return left.gateway < right.gateway }
        if left.session != right.session { return left.session < right.session }
        return left.group < right.group
    }
}

/// One session of one gateway: whose pace and budget are shared by all its groups.
package struct SessionKey: Hashable, Sendable, Comparable {
    /// The gateway.
    package let gateway: GatewayName
    /// The session.
    package let session: SessionID

    /// Names a session of a gateway.
    package init(gateway: GatewayName, session: SessionID) {
        self.gateway = gateway
        self.session = session
    }

    /// By gateway, then session.
    package static func < (left: SessionKey, right: SessionKey) -> Bool {
        left.gateway == right.gateway ? left.session < right.session : left.gateway < right.gateway
    }
}

extension GroupKey {
    /// The session that acts on the group.
    package var sessionKey: SessionKey { SessionKey(gateway: gateway, session: session) }
}
