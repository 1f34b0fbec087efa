import Core

extension WorldState {
    /// `GET /sessions/{session}/groups`.
    mutating func listGroups(_ request: ServedRequest) throws(SimulatedRefusal) -> SimulatedResponse {
        let session = try settledSession(request)
        let start = try request.target.offset(in: "groups")
        return page(of: session.groupOrder, "groups", from: start, atMost: behaviour.groupsPerPage) { id, writer in
            if let stored = session.groups[id], let group = groups[id] { write(group, stored, to: &writer) }
        }
    }

    /// `GET /sessions/{session}/groups/{gid}`.
    mutating func getGroup(_ request: ServedRequest) throws(SimulatedRefusal) -> SimulatedResponse {
        let id = try session(request).id
        if let group = GroupID(request.names[1]) { sessions[id]?.settle(group, now: request.now) }
        let (group, stored) = try group(request, of: try session(request))
        return object { write(group, stored, to: &$0) }
    }

    /// `GET /sessions/{session}/groups/{gid}/members`.
    mutating func listMembers(_ request: ServedRequest) throws(SimulatedRefusal) -> SimulatedResponse {
        let id = try session(request).id
        let start = try request.target.offset(in: "members")
        if let group = GroupID(request.names[1]) {
            sessions[id]?.settle(group, now: request.now)
            if start == 0 { sessions[id]?.countRead(of: group) }
        }
        let session = try session(request)
        let (group, stored) = try group(request, of: session)
        let listed = distorted(stored, group, session)
        return page(of: listed, "members", from: start, atMost: behaviour.membersPerPage) { member, writer in
            writer.field("id", member.id)
            writer.field("groupJid", group.id.jid)
            writer.field("sessionId", session.id.text)
            writer.field("lid", member.jid)
            writer.field("role", member.role)
            writer.field("tag", member.tag)
            writer.field("firstSeenAt", member.firstSeenAt.milliseconds)
            if reportsLastSeen(stored) { writer.field("lastSeenAt", member.lastSeenAt.milliseconds) }
        }
    }

    /// `GET /sessions/{session}/groups/{gid}/invite`: live.
    func getInvite(_ request: ServedRequest) throws(SimulatedRefusal) -> SimulatedResponse {
        let session = try session(request)
        let (group, _) = try group(request, of: session)
        try requireConnection(session)
        try requireAdmin(session, in: group)
        return object { $0.field("invite", "https://chat.whatsapp.com/\(Self.inviteCode(of: group.id))") }
    }

    /// Returns the code of a group's invite link: 22 letters and digits, derived from the group alone.
    static func inviteCode(of group: GroupID) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
        // FNV-1a over the JID, then a step of a linear congruential generator for each character.
        var state = group.jid.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return String(
            (0..<22).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return alphabet[Int((state >> 33) % 62)]
            })
    }

    private func page<Entry>(
        of entries: [Entry], _ list: String, from start: Int, atMost most: Int?,
        _ write: (Entry, inout JSONWriter) -> Void
    ) -> SimulatedResponse {
        let part = entries.dropFirst(start).prefix(most ?? .max)
        let next = start + part.count
        return page(part, next: next < entries.count ? PageCursor(list: list, offset: next) : nil, write)
    }

    /// One entry of a member list.
    private struct ListedMember {
        let id: Int64
        let jid: String
        let role: String
        let tag: String?
        let firstSeenAt: Timestamp
        let lastSeenAt: Timestamp
    }

    private func distorted(_ stored: StoredGroup, _ group: GroupState, _ session: SessionState) -> [ListedMember] {
        let distortion = group.seed.distortion
        guard !distortion.isEmpty else { return [] }
        let rows = stored.rows
        var members = rows
        if distortion.lacksOwnAccount { members.removeAll { $0.lid == session.account } }
        members.removeLast(min(max(0, distortion.missing), members.count))
        if distortion.rotates, !members.isEmpty {
            let shift = stored.reads % members.count
            members = Array(members[shift...] + members[..<shift])
        }
        let byNumber = Set(rows.prefix(max(0, distortion.listedByNumber)).map(\.lid))
        members += members.prefix(max(0, distortion.duplicates))
        let listed = members.map { row in
            let account = accounts[row.lid]
            let number = byNumber.contains(row.lid) ? account?.phone.jid : nil
            return ListedMember(
                id: row.id, jid: number ?? row.lid.description, role: listedRole(of: row, in: group), tag: account?.tag,
                firstSeenAt: row.since, lastSeenAt: stored.lastSeenAt(of: row.lid))
        }
        guard distortion.listsForeignEntries else { return listed }
        let foreign = ["867051314767696@bot", "status@broadcast"].map { jid in
            ListedMember(
                id: 0, jid: jid, role: Role.member.rawValue, tag: nil, firstSeenAt: group.createdAt,
                lastSeenAt: stored.updatedAt)
        }
        return listed + foreign
    }

    /// Returns the role word of a row: an admin who created the group is a superadmin.
    func listedRole(of row: Participant, in group: GroupState) -> String {
        let isSuperadmin = behaviour.listsSuperadmin && row.role == .admin && row.lid == group.creator
        return isSuperadmin ? "superadmin" : row.role.rawValue
    }

    /// Whether a group's rows have `lastSeenAt`.
    func reportsLastSeen(_ stored: StoredGroup) -> Bool { stored.store == .appendOnly || behaviour.lastSeen == .copy }

    private func write(_ group: GroupState, _ stored: StoredGroup, to writer: inout JSONWriter) {
        let creator = group.creator.flatMap { accounts[$0] }
        let owner: String? =
            switch group.seed.ownerForm {
            case .phone: creator?.phone.jid
            case .lid: group.creator?.description
            case .hidden: nil
            }
        let count = stored.participantCount.map { count in
            let (sum, overflows) = count.addingReportingOverflow(group.seed.distortion.countOffset)
            return overflows ? 0 : max(0, sum)
        }
        writer.field("id", stored.id)
        writer.field("groupJid", group.id.jid)
        writer.field("subject", stored.isRecorded ? group.seed.subject : nil)
        writer.field("description", stored.isRecorded ? group.seed.description : nil)
        writer.field("ownerJid", stored.isRecorded ? owner : nil)
        writer.field("participantCount", count)
        writer.field("isAnnounce", group.seed.isAnnounce)
        writer.field("isLocked", group.seed.isLocked)
        writer.field("createdAtWa", group.createdAt.milliseconds)
        writer.field("firstSeenAt", stored.firstSeenAt.milliseconds)
        writer.field("updatedAt", stored.updatedAt.milliseconds)
    }
}
