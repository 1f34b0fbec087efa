package import Core
package import GatewayAPI

/// One group as a session sees it.
package struct ListedGroup: Hashable, Sendable {
    /// What the session's own account is in the group.
    package enum OwnRole: String, Hashable, Sendable {
        /// An admin, who can change the group.
        case admin
        /// An ordinary member, who cannot.
        case member
        /// Not in the member list.
        case absent
        /// It is unknown which member is the session's own account.
        case unknown
        /// The members could not be read.
        case unread
    }

    /// The group, its session and gateway.
    package var key: GroupKey
    /// The name; untrusted text.
    package var subject: String?
    /// How many members are listed; the gateway's count if they could not be read.
    package var size: Int?
    /// What the session's own account is there.
    package var role: OwnRole
    /// Whether a policy describes it.
    package var isDescribed: Bool
}

/// The groups of some sessions.
package struct GroupListing: Sendable {
    /// The groups, by session and id.
    package var groups: [ListedGroup]
    /// The sessions whose groups could not be listed, with the error.
    package var failures: [(SessionID, GatewayError)]
}

/// Lists groups and reads their members, several at a time.
package struct GroupLister: Sendable {
    private let gateway: ReadableGateway
    private let name: GatewayName
    private let concurrency: Int
    private let isDescribed: @Sendable (GroupKey) -> Bool

    /// Reads from a gateway; `isDescribed` returns whether a policy has a group.
    package init(
        gateway: ReadableGateway, name: GatewayName, concurrency: Int,
        isDescribed: @Sendable @escaping (GroupKey) -> Bool
    ) {
        self.gateway = gateway
        self.name = name
        self.concurrency = concurrency
        self.isDescribed = isDescribed
    }

    /// Lists the groups of some sessions, or of all sessions of the gateway.
    ///
    /// Throws if the token is rejected or every session fails.
    package func list(_ sessions: [SessionID]?) async throws(GatewayError) -> GroupListing {
        let sessions = if let sessions { sessions } else { try await gateway.reading.sessions().map(\.id) }
        var listing = GroupListing(groups: [], failures: [])
        for session in sessions {
            do throws(GatewayError) {
                listing.groups += try await groups(of: session)
            } catch {
                if error.kind == .credentialsRejected { throw error }
                listing.failures.append((session, error))
            }
        }
        if listing.groups.isEmpty, let first = listing.failures.first, listing.failures.count == sessions.count {
            throw first.1
        }
        return listing
    }

    private func groups(of session: SessionID) async throws(GatewayError) -> [ListedGroup] {
        let records = try await gateway.reading.groups(of: session)
        let own = try await gateway.reading.ownAccount(of: session, configured: gateway.ownAccounts[session])
        do {
            return try await concurrentMap(records, limit: concurrency) { record in await group(record, session, own) }
        } catch {
            throw .cancelled(.groups(session))
        }
    }

    private func group(_ record: GroupRecord, _ session: SessionID, _ own: OwnAccount?) async -> ListedGroup {
        let key = GroupKey(gateway: name, session: session, group: record.id)
        var listed = ListedGroup(
            key: key, subject: record.subject, size: record.participantCount, role: .unread,
            isDescribed: isDescribed(key))
        do throws(GatewayError) {
            let roster = try await gateway.reading.members(of: record.id, of: session)
            listed.size = roster.members.count
            listed.role = try await role(in: roster, record, session, own)
        } catch {
            return listed
        }
        return listed
    }

    private func role(
        in roster: Roster, _ record: GroupRecord, _ session: SessionID, _ own: OwnAccount?
    ) async throws(GatewayError) -> ListedGroup.OwnRole {
        guard let own else { return .unknown }
        func role(by phones: IdentityTable) -> ListedGroup.OwnRole? {
            let evidence = Evidence(GroupObservation(record: record, roster: roster, phones: phones, own: own))
            let position = evidence.firstPosition(of: evidence.entries(phone: own.phone, lid: own.lid))
            return position.map { evidence.members[$0].role == .admin ? .admin : .member }
        }
        if let role = role(by: IdentityTable()) { return role }
        if own.lid != nil { return .absent }
        // The list has LIDs, and only the number of the account is known.
        let contacts = try await gateway.reading.contacts(of: session, in: record.id)
        return role(by: contacts.phonesByLID) ?? .unknown
    }
}
