import Core
import LocatedYAML

extension SeedReader {
    /// Reads a session under its id.
    mutating func readSession(_ name: YAMLNode, _ node: YAMLNode) {
        let known = """
            organisation account label status device rate_per_minute rate_per_hour refuses_me lag numbers direct_messages
            """
        guard let id = sessionID(name), let fields = fields(of: node, "a session", known: known) else { return }
        guard let owner = fields["organisation"] else {
            report(name, "the session \(id) has no organisation; add organisation:")
            return
        }
        if !seed.organisations.contains(where: { $0.id == owner.text }) {
            let known = seed.organisations.map(\.id)
            let hint = Self.hint(owner.text, known, otherwise: "; describe it under organisations")
            report(owner, "there is no organisation '\(owner.text)'\(hint)")
        }
        var session = SessionSeed(id: id, organisation: owner.text, account: person(fields["account"]))
        if let phone = session.account, let node = fields["account"], isWithoutAccount(phone) {
            report(node, SeedError.accountNotOnWhatsApp(id, phone).description)
        }
        session.label = text(fields, "label")
        session.status = text(fields, "status") ?? (session.account == nil ? "pairing" : "working")
        session.device = integer(fields, "device", in: 0...99)
        session.ratePerMinute = integer(fields, "rate_per_minute", in: 0...1_000_000) ?? session.ratePerMinute
        session.ratePerHour = integer(fields, "rate_per_hour", in: 0...1_000_000) ?? session.ratePerHour
        session.refusesMe = boolean(fields, "refuses_me") ?? false
        session.lag = lag(fields["lag"])
        session.numbers = visibilities(fields)
        session.directMessages = list(fields, "direct_messages").compactMap { person($0) }
        seed.sessions.append(session)
    }

    /// Reads a group under its id.
    mutating func readGroup(_ name: YAMLNode, _ node: YAMLNode) {
        let known = """
            session sessions subject description creator owner admins members size_limit announce locked created_at \
            numbers wrong
            """
        guard let id = groupID(name), let fields = fields(of: node, "a group", known: known) else { return }
        var group = GroupSeed(id: id, sessions: [], subject: text(fields, "subject") ?? "")
        let sessions = (fields["session"].map { [$0] } ?? []) + list(fields, "sessions")
        if sessions.isEmpty { report(name, "no session sees the group \(id); add session:") }
        for node in sessions {
            guard let session = knownSession(node) else { continue }
            if group.sessions.contains(session) { report(node, SeedError.duplicateSession(session).description) }
            group.sessions.append(session)
        }
        group.description = text(fields, "description")
        group.creator = person(fields["creator"])
        group.ownerForm = choice(fields["owner"]) ?? .phone
        group.members = members(fields, "admins", .admin, of: id) + members(fields, "members", .member, of: id)
        checkMembers(group, fields)
        group.sizeLimit = integer(fields, "size_limit", in: 0...1_000_000)
        group.isAnnounce = boolean(fields, "announce") ?? false
        group.isLocked = boolean(fields, "locked") ?? false
        group.createdAt = day(fields["created_at"])
        group.numbers = visibilities(fields)
        if let node = fields["wrong"] { group.distortion = distortion(node) }
        seed.groups.append(group)
    }

    /// Reads a session's id.
    mutating func sessionID(_ node: YAMLNode) -> SessionID? {
        if let id = SessionID(node.text) { return id }
        report(node, "'\(node.text)' is not a session id; use up to 128 letters, digits, dashes, dots and underscores")
        return nil
    }

    /// Whether the seed file says that a number is not on WhatsApp.
    func isWithoutAccount(_ phone: PhoneNumber) -> Bool {
        seed.people.contains { !$0.isOnWhatsApp && ($0.phone == phone || $0.otherNumbers.contains(phone)) }
    }

    /// Returns a session that the seed file describes.
    mutating func knownSession(_ node: YAMLNode) -> SessionID? {
        guard let id = SessionID(node.text), seed.sessions.contains(where: { $0.id == id }) else {
            let hint = Self.hint(node.text, seed.sessions.map(\.id.text), otherwise: "; describe it under sessions")
            report(node, "there is no session '\(node.text)'\(hint)")
            return nil
        }
        return id
    }

    private mutating func members(
        _ fields: [String: YAMLNode], _ key: String, _ role: Role, of id: GroupID
    ) -> [GroupSeed.Member] {
        list(fields, key).compactMap { node in
            guard let phone = person(node) else { return nil }
            if isWithoutAccount(phone) { report(node, SeedError.memberNotOnWhatsApp(id, phone).description) }
            return GroupSeed.Member(phone: phone, role: role)
        }
    }

    /// Reports people who are in one group twice, in any spelling of their number.
    private mutating func checkMembers(_ group: GroupSeed, _ fields: [String: YAMLNode]) {
        var canonical: [PhoneNumber: PhoneNumber] = [:]
        for person in seed.people { for other in person.otherNumbers { canonical[other] = person.phone } }
        var seen: Set<PhoneNumber> = []
        for key in ["admins", "members"] {
            guard let node = fields[key], node.kind == .sequence else { continue }
            for item in node.items {
                guard let phone = knownPhone(item.text) else { continue }
                if !seen.insert(canonical[phone] ?? phone).inserted {
                    report(item, SeedError.duplicateMember(group.id, phone).description)
                }
            }
        }
    }

    private mutating func day(_ node: YAMLNode?) -> Timestamp? {
        guard let node else { return nil }
        guard let date = CalendarDate(parsing: node.text) else {
            report(node, "'\(node.text)' is not a date; write it like 2026-01-31")
            return nil
        }
        return Timestamp(milliseconds: Int64(date.daysSince1970) * 86_400_000)
    }

    private mutating func distortion(_ node: YAMLNode) -> RosterDistortion {
        let known =
            "empty missing lacks_own_account duplicates foreign_entries by_number rotates count_offset"
        let fields = fields(of: node, "wrong", known: known) ?? [:]
        let most = 1_000_000
        return RosterDistortion(
            isEmpty: boolean(fields, "empty") ?? false,
            missing: integer(fields, "missing", in: 0...most) ?? 0,
            lacksOwnAccount: boolean(fields, "lacks_own_account") ?? false,
            duplicates: integer(fields, "duplicates", in: 0...most) ?? 0,
            listsForeignEntries: boolean(fields, "foreign_entries") ?? false,
            listedByNumber: integer(fields, "by_number", in: 0...most) ?? 0,
            rotates: boolean(fields, "rotates") ?? false,
            countOffset: integer(fields, "count_offset", in: -most...most) ?? 0)
    }
}
