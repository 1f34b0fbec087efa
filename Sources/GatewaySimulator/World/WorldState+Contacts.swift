import Core

extension WorldState {
    /// `GET /sessions/{session}/contacts`: a page of the stored contacts that match the filters.
    mutating func listContacts(_ request: ServedRequest) throws(SimulatedRefusal) -> SimulatedResponse {
        _ = try session(request)
        let query = try ContactQuery(request.target)
        let session = try settledSession(request)
        let scope = behaviour.groupFilterWorks ? query.group : nil
        // One contact more than the page holds shows that there is another page.
        var fitting: [SessionState.StoredContact] = []
        for contact in session.contacts.dropFirst(query.after) where isListed(contact, query, scope: scope, session) {
            fitting.append(contact)
            if fitting.count > query.limit { break }
        }
        let entries = fitting.prefix(query.limit)
        let next = PageCursor(list: "contacts", offset: Int(entries.last?.id ?? 0))
        return page(entries, next: entries.count < fitting.count ? next : nil) {
            write($0, scope: scope, session, to: &$1)
        }
    }

    /// `GET /sessions/{session}/contacts/{lid}`.
    mutating func getContact(_ request: ServedRequest) throws(SimulatedRefusal) -> SimulatedResponse {
        let session = try settledSession(request)
        guard case .lid(let lid) = try? AccountID(parsing: request.names[1]), let contact = session.contact(lid),
            visibility(of: lid, scope: nil, session) != .absent
        else { throw .notFound("Contact") }
        return object { writer in
            writer.object("identity") { write(contact, scope: nil, session, to: &$0) }
            writer.field("dm", contact.isDirect)
            let seen = session.groupOrder.filter { session.groups[$0]?.hasSeen(lid) == true }
            writer.list("groups", seen) { id, writer in
                guard let stored = session.groups[id], let group = groups[id] else { return }
                let row = stored.row(of: lid)
                let lastSeenAt = reportsLastSeen(stored) ? stored.lastSeenAt(of: lid) : nil
                writer.field("jid", id.jid)
                writer.field("name", stored.isRecorded ? group.seed.subject : nil)
                writer.field("role", row.map { listedRole(of: $0, in: group) })
                writer.field("tag", accounts[lid]?.tag)
                writer.field("lastSeen", lastSeenAt?.milliseconds)
            }
        }
    }

    /// `GET /sessions/{session}/contacts/check`: live.
    mutating func checkContact(_ request: ServedRequest) throws(SimulatedRefusal) -> SimulatedResponse {
        let session = try session(request)
        guard request.target.parameters != nil else { throw .invalid("The query is not properly percent-encoded.") }
        guard let query = request.target.parameter("phone"), let phone = Self.number(query) else {
            throw .invalid("The parameter 'phone' must be a number of 7 to 15 digits.", field: "phone")
        }
        try requireConnection(session)
        let lid = accounts.lid(reachedBy: phone)
        let account = lid.flatMap { accounts[$0] }
        return object { writer in
            writer.field("isOnWhatsApp", account != nil)
            writer.field("jid", account?.checkAnswersLID == true ? lid?.description : account?.phone.jid)
            writer.field("query", query)
        }
    }

    /// Parses digits with an optional plus; an unescaped plus in a query arrives as a space.
    private static func number(_ text: String) -> PhoneNumber? {
        let digits = text.hasPrefix("+") || text.hasPrefix(" ") ? text.dropFirst() : Substring(text)
        guard digits.utf8.allSatisfy(\.isDigit), digits.utf8.first != UInt8(ascii: "0") else { return nil }
        return UInt64(digits).flatMap(PhoneNumber.init(digits:))
    }

    private func visibility(of lid: LID, scope: GroupID?, _ session: SessionState) -> NumberVisibility {
        if let scope, let visibility = groups[scope]?.numbers[lid] { return visibility }
        return session.numbers[lid] ?? accounts[lid]?.number ?? .absent
    }

    private func isListed(
        _ contact: SessionState.StoredContact, _ query: ContactQuery, scope: GroupID?, _ session: SessionState
    ) -> Bool {
        switch query.source {
        case .direct where !contact.isDirect: return false
        case .group where !contact.isFromGroup: return false
        case .direct, .group, nil: break
        }
        if let scope, session.groups[scope]?.hasSeen(contact.lid) != true { return false }
        let visibility = visibility(of: contact.lid, scope: scope, session)
        guard visibility != .absent else { return false }
        guard let text = query.text, let account = accounts[contact.lid] else { return true }
        let fields = [
            contact.lid.description, visibility == .shown ? account.phone.e164 : nil, account.name,
            account.businessName,
        ]
        return fields.contains { $0?.lowercased().contains(text) ?? false }
    }

    private func write(
        _ contact: SessionState.StoredContact, scope: GroupID?, _ session: SessionState, to writer: inout JSONWriter
    ) {
        let account = accounts[contact.lid]
        let isShown = visibility(of: contact.lid, scope: scope, session) == .shown
        writer.field("id", contact.id)
        writer.field("lid", contact.lid.description)
        writer.field("phoneJid", isShown ? account?.phone.jid : nil)
        writer.field("phoneNumber", isShown ? account?.phone.e164 : nil)
        writer.field("name", account?.name)
        writer.field("businessName", account?.businessName)
        writer.field("firstSeenAt", contact.firstSeenAt.milliseconds)
        writer.field("updatedAt", contact.firstSeenAt.milliseconds)
    }
}

/// The filters and the page of a list of contacts.
private struct ContactQuery {
    /// The source of the contacts; nil matches all.
    let source: Source?
    /// The group in which they were seen; nil matches all.
    let group: GroupID?
    /// What a name, number or LID must contain, in lower case; nil matches all.
    let text: String?
    /// The page size.
    let limit: Int
    /// The id of the last contact before the page.
    let after: Int

    /// The source of a contact.
    enum Source: String {
        /// From direct messages.
        case direct = "dm"
        /// From groups.
        case group
    }

    /// Parses a query; ignores unknown parameters.
    init(_ target: RequestTarget) throws(SimulatedRefusal) {
        guard target.parameters != nil else { throw .invalid("The query is not properly percent-encoded.") }
        let sizes = 1...200
        limit =
            try target.value("limit", "a number from 1 to 200") { Int($0).flatMap { sizes.contains($0) ? $0 : nil } }
            ?? 50
        after = try target.offset(in: "contacts")
        source = try target.value("source", "'dm' or 'group'") { Source(rawValue: $0) }
        group = try target.value("group", "a group JID") { GroupID($0) }
        text = target.parameter("q").flatMap { $0.isEmpty ? nil : $0.lowercased() }
    }
}
