package import Core
package import GatewayAPI
package import RunLedger

/// A session's groups as they are, in the terms of a policy.
package struct RosterImport: Sendable {
    /// One member.
    package struct Entry: Hashable, Sendable {
        /// The number if the gateway knows it, else the LID.
        package var account: AccountID
        /// Its role.
        package var role: Role
        /// How sure the role is.
        package var roleStatus: RoleStatus
        /// The gateway's name for it; untrusted text, nil if there is none.
        package var name: String?
        /// Whether it is the session's own account.
        package var isOwn: Bool

        /// Whether the member may be an admin although that is not certain.
        package var hasUnclearRole: Bool { roleStatus == .perhapsAdmin || roleStatus == .roleUnknown }
    }

    /// One group.
    package struct Group: Sendable {
        /// Its id.
        package var id: GroupID
        /// Its subject; untrusted text.
        package var subject: String?
        /// When the gateway last read it from WhatsApp; nil if it could not be read now.
        package var age: StoreAge?
        /// Its members, admins first, each account once; or the error.
        package var entries: Result<[Entry], GatewayError>

        /// Whether the gateway has never read it from WhatsApp, so that there may be more members.
        package var isIncomplete: Bool {
            guard age == .neverRead, let entries = try? entries.get() else { return false }
            return !entries.isEmpty
        }
    }

    /// The groups, in the order of their ids.
    package var groups: [Group]
}

/// Reads the groups of one session, through the reading port only.
package struct RosterImporter: Sendable {
    private let reading: any GatewayReading
    private let session: SessionID
    private let ownPhone: PhoneNumber?
    private let concurrency: Int
    private let progress: any ProgressReporting
    private let asksForEachLID: Bool
    private let memory: SessionMemory

    /// Creates an importer.
    ///
    /// `ownPhone` is the session's own number in the configuration, or nil. `asksForEachLID` is whether members missing
    /// from the contacts are looked up one by one. `memory` is what earlier runs learned about the session, needed to
    /// interpret its store.
    package init(
        reading: any GatewayReading, session: SessionID, ownPhone: PhoneNumber?, concurrency: Int,
        progress: any ProgressReporting, asksForEachLID: Bool = true, memory: SessionMemory = SessionMemory()
    ) {
        self.reading = reading
        self.session = session
        self.ownPhone = ownPhone
        self.concurrency = concurrency
        self.progress = progress
        self.asksForEachLID = asksForEachLID
        self.memory = memory
    }

    /// Reads every group of the session, or those named.
    ///
    /// Throws if the token is rejected or the groups cannot be listed; a group that cannot be read does not stop it.
    package func read(only named: Set<GroupID>) async throws(GatewayError) -> RosterImport {
        let own = try await reading.ownAccount(of: session, configured: ownPhone)
        let records = try await reading.groups(of: session)
            .filter { named.isEmpty || named.contains($0.id) }.sorted { $0.id < $1.id }
        let counter = GroupCounter(total: records.count, progress: progress)
        do {
            let groups = try await concurrentMap(records, limit: concurrency) { record in
                let read = try await self.read(record, own: own)
                counter.countOne()
                switch read {
                case .success(let (entries, age)):
                    return RosterImport.Group(
                        id: record.id, subject: record.subject, age: age, entries: .success(entries))
                case .failure(let error):
                    return RosterImport.Group(id: record.id, subject: record.subject, entries: .failure(error))
                }
            }
            return RosterImport(groups: groups)
        } catch let error as GatewayError {
            throw error
        } catch {
            throw .cancelled(.groups(session))
        }
    }

    private func read(
        _ record: GroupRecord, own: OwnAccount?
    ) async throws -> Result<([RosterImport.Entry], StoreAge), GatewayError> {
        do throws(GatewayError) {
            let roster = try await reading.members(of: record.id, of: session)
            let contacts = try await reading.contacts(of: session, in: record.id)
            var phones = contacts.phonesByLID
            // A plan looks up members missing from the contacts one by one, so the import must know as much as a plan.
            for case .lid(let lid) in roster.members.map(\.account) where asksForEachLID && phones[lid] == nil {
                phones[lid] = try await phone(behind: lid)
            }
            let store = StoreMemory(memory, of: record.id)
            let seen = GroupObservation(record: record, roster: roster, phones: phones, own: own, store: store)
            return .success((Self.entries(Evidence(seen), contacts, own: own), StoreAge(roster, record, store)))
        } catch {
            if error.kind.endsEverything { throw error }
            return .failure(error)
        }
    }

    private func phone(behind lid: LID) async throws(GatewayError) -> PhoneNumber? {
        do {
            return try await reading.contact(lid, of: session).phone
        } catch {
            if error.kind == .notFound { return nil }
            throw error
        }
    }

    /// Returns the members as a policy names them.
    ///
    /// Members who share a number are named by LID.
    private static func entries(
        _ evidence: Evidence, _ contacts: [ContactRecord], own: OwnAccount?
    ) -> [RosterImport.Entry] {
        var names: [AccountID: String] = [:]
        for contact in contacts {
            guard let name = contact.name, !name.isEmpty else { continue }
            names[.lid(contact.lid)] = name
            if let phone = contact.phone { names[.phone(phone)] = name }
        }
        let entries = evidence.members.map { member in
            let account = member.doubt == .shared ? member.account : member.phone.map(AccountID.phone) ?? member.account
            let isOwn = account == own?.phone.map(AccountID.phone) || member.account == own?.lid.map(AccountID.lid)
            return RosterImport.Entry(
                account: account, role: member.role, roleStatus: member.roleStatus,
                name: names[member.account] ?? names[account], isOwn: isOwn)
        }
        var seen: Set<AccountID> = []
        return entries.sorted { ($0.role == .admin ? 0 : 1, $0.order) < ($1.role == .admin ? 0 : 1, $1.order) }
            .filter { seen.insert($0.account).inserted }
    }
}

extension RosterImport.Entry {
    /// Sorts numbers before LIDs.
    fileprivate var order: String {
        switch account {
        case .phone(let phone): "0" + phone.e164
        case .lid(let lid): "1" + lid.description
        }
    }
}
