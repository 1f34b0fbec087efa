import Core

extension GatewayCall {
    /// The call as an HTTP request.
    struct Route {
        /// The HTTP method.
        var method = "GET"
        /// The path segments below the base URL, not yet encoded.
        var path: [String]
        /// The text after the last segment, sent as it is.
        var ending = ""
        /// The query's names and values, not yet encoded.
        var query: [(name: String, value: String)] = []
        /// The people in the body; nil for a call without a body.
        var participants: [PhoneNumber]?
    }

    /// The call's method, path, query and body.
    var route: Route {
        switch self {
        case .sessions:
            Route(path: ["sessions"])
        case .session(let session):
            Route(path: ["sessions", session.text])
        case .ownAccount(let session):
            Route(path: ["sessions", session.text, "me"])
        case .groups(let session):
            Route(path: ["sessions", session.text, "groups"])
        case .group(let session, let group):
            Route(path: ["sessions", session.text, "groups", group.jid])
        case .members(let session, let group):
            Route(path: ["sessions", session.text, "groups", group.jid, "members"])
        case .invite(let session, let group):
            Route(path: ["sessions", session.text, "groups", group.jid, "invite"])
        case .contacts(let session, let group):
            Route(
                path: ["sessions", session.text, "contacts"],
                query: [("limit", "200")] + (group.map { [("group", $0.jid)] } ?? [])
            )
        case .contact(let session, let lid):
            Route(path: ["sessions", session.text, "contacts", lid.description])
        case .check(let session, let phone):
            Route(path: ["sessions", session.text, "contacts", "check"], query: [("phone", phone.e164)])
        case .startBackfill(let session):
            Route(method: "POST", path: ["admin", "sessions", session.text], ending: ":backfill")
        case .backfill(let session):
            Route(path: ["admin", "sessions", session.text, "backfill"])
        case .add(let session, let group, let phones):
            Route(
                method: "POST", path: ["sessions", session.text, "groups", group.jid, "members"],
                participants: phones
            )
        case .remove(let session, let group, let account):
            Route(
                method: "DELETE", path: ["sessions", session.text, "groups", group.jid, "members", account.description])
        case .promote(let session, let group, let account):
            Route(
                method: "POST",
                path: ["sessions", session.text, "groups", group.jid, "members", account.description, "promote"]
            )
        case .demote(let session, let group, let account):
            Route(
                method: "POST",
                path: ["sessions", session.text, "groups", group.jid, "members", account.description, "demote"]
            )
        }
    }
}

extension GatewayCall.Route {
    /// The encoded path and query, starting with `/`.
    var target: String {
        var text: [UInt8] = []
        text.reserveCapacity(160)
        for part in path {
            text.append(UInt8(ascii: "/"))
            text.append(percentEncoding: part)
        }
        text.append(contentsOf: ending.utf8)
        for (position, item) in query.enumerated() {
            text.append(UInt8(ascii: position == 0 ? "?" : "&"))
            text.append(percentEncoding: item.name)
            text.append(UInt8(ascii: "="))
            text.append(percentEncoding: item.value)
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The JSON body; user JIDs need no JSON escapes.
    var body: [UInt8]? {
        guard let participants else { return nil }
        var text = Array("{\"participants\":[".utf8)
        for (position, phone) in participants.enumerated() {
            if position > 0 { text.append(UInt8(ascii: ",")) }
            text.append(UInt8(ascii: "\""))
            text.append(contentsOf: phone.jid.utf8)
            text.append(UInt8(ascii: "\""))
        }
        text.append(contentsOf: "]}".utf8)
        return text
    }
}
