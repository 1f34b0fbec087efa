package import Core
import GRDB

extension Ledger {
    /// How long runs look for the effect of a call with an unknown result, in milliseconds.
    package static let openCallWindow: Int64 = 90 * 86_400_000

    /// Returns all that earlier runs learned of a session, including calls whose effect is unknown.
    package func memory(of key: SessionKey, by clock: LedgerClock) async throws(LedgerError) -> SessionMemory {
        var memory = try await memory(of: key)
        let since = clock.now.advanced(byMilliseconds: -Self.openCallWindow)
        memory.openCalls = Dictionary(grouping: try await openCalls(of: key, since: since), by: \.group)
        if !clock.isPlain { memory.count(by: clock) }
        return memory
    }

    /// Returns the memory of a session for a command that only reads; empty if there is no ledger.
    package static func memory(
        of key: SessionKey, inLedgerAt path: String, at now: Timestamp
    ) async throws(LedgerError) -> SessionMemory {
        guard exists(at: path) else { return SessionMemory() }
        let ledger = try Ledger(readingFrom: path)
        return try await ledger.memory(of: key, by: try await ledger.clock(at: now))
    }

    /// Returns all that earlier runs learned of a session, without open calls.
    package func memory(of key: SessionKey) async throws(LedgerError) -> SessionMemory {
        try await read { database in
            var memory = try Self.identities(of: key, in: database)
            func rows(_ sql: String, _ body: (Row) throws -> Void) throws {
                let session = " WHERE gateway = ? AND session = ?"
                try database.forEachRow(sql + session, [key.gateway.text, key.session.text], body)
            }
            try rows("SELECT group_jid, lid, asked_at FROM lid_lookups") { row in
                memory.asked[try row.group(), default: [:]][try row.lid()] = try row.time("asked_at")
            }
            try rows("SELECT phone, on_whatsapp, account, checked_at FROM number_checks") { row in
                memory.checks[try row.phone()] = CheckedNumber(
                    isOnWhatsApp: row["on_whatsapp"], account: try row.optional("account", as: Row.account),
                    checkedAt: try row.time("checked_at"))
            }
            try rows("SELECT group_jid, phone, tries, last_tried_at, fingerprint FROM declined_adds") { row in
                memory.declined[try row.group(), default: [:]][try row.phone()] = DeclinedAdd(
                    tries: row["tries"], lastTriedAt: try row.time("last_tried_at"), fingerprint: row["fingerprint"])
            }
            try rows("SELECT group_jid, phone, since FROM deferred_adds") { row in
                memory.deferred[try row.group(), default: [:]][try row.phone()] = try row.time("since")
            }
            try rows("SELECT * FROM observations") { row in
                let since = try row.time(ifPresent: "shrunk_since")
                // An earlier version did not record the size, so the doubt starts again.
                let size: Int? = row["shrunk_size"]
                memory.observations[try row.group()] = TrustedRoster(
                    size: row["size"], observedAt: try row.time("observed_at"),
                    shrinkage: since.flatMap { since in size.map { Shrinkage(since: since, size: $0) } },
                    membersSeenAt: try row.time(ifPresent: "members_seen_at"))
            }
            try rows("SELECT group_jid, phone, last_seen_at, removed_at FROM sightings") { row in
                memory.sightings[try row.group(), default: [:]][try row.phone()] = try Sighting(row: row)
            }
            try rows("SELECT group_jid, lid, last_seen_at, removed_at FROM lid_sightings") { row in
                memory.lidSightings[try row.group(), default: [:]][try row.lid()] = try Sighting(row: row)
            }
            try rows("SELECT group_jid, taken_at, size, admins, creator, uncertain, seen_at FROM snapshots") { row in
                memory.snapshots[try row.group()] = GroupSnapshot(
                    takenAt: try row.time("taken_at"), size: row["size"], admins: try row.accounts("admins"),
                    creator: try row.optional("creator", as: Row.account), uncertain: try row.accounts("uncertain"),
                    seenAt: try row.time("seen_at"))
            }
            try rows("SELECT since FROM following_stores") { _ in memory.storeFollows = true }
            return memory
        }
    }

    /// Returns only the numbers behind the LIDs of a session.
    package func identities(of key: SessionKey) async throws(LedgerError) -> SessionMemory {
        try await read { try Self.identities(of: key, in: $0) }
    }

    private static func identities(of key: SessionKey, in database: Database) throws -> SessionMemory {
        var memory = SessionMemory()
        memory.phones = try phones(of: key, in: database)
        try database.forEachRow(
            "SELECT lid, phone FROM former_numbers WHERE gateway = ? AND session = ? ORDER BY last_seen_at DESC, phone",
            [key.gateway.text, key.session.text]
        ) { row in memory.formerPhones[try row.lid(), default: []].append(try row.phone()) }
        return memory
    }

    private static func phones(of key: SessionKey, in database: Database) throws -> IdentityTable {
        var identities: [(key: LID, value: PhoneNumber)] = []
        let cursor = try Row.fetchCursor(
            database, sql: "SELECT lid, phone FROM identities WHERE gateway = ? AND session = ?",
            arguments: [key.gateway.text, key.session.text])
        while let row = try cursor.next() {
            // There is one row per person, so the digits are read without creating strings.
            let (lid, phone) = (
                try row.digits(at: 0, after: "", before: "@lid"), try row.digits(at: 1, after: "+", before: "")
            )
            guard let lid = lid.flatMap(LID.init), let phone = phone.flatMap(PhoneNumber.init) else {
                throw UnreadableRow(column: "lid or phone")
            }
            identities.append((lid, phone))
        }
        return IdentityTable(identities)
    }

    /// Records what a run learned of a session.
    package func remember(
        _ findings: SessionFindings, of key: SessionKey, at time: Timestamp
    ) async throws(LedgerError) {
        try await write { database in
            let writer = MemoryWriter(database: database, key: key, now: time)
            for (lid, phone) in findings.phones { try writer.identity(lid, phone) }
            try writer.forgetLookups(of: findings.phones)
            for (group, lids) in findings.asked { for lid in lids { try writer.asked(lid, in: group) } }
            for (phone, check) in findings.checks { try writer.check(phone, check) }
            for (group, size) in findings.sizes { try writer.trustedRoster(of: group, size: size) }
            try writer.membersSeen(findings.members, in: findings.noted)
            for (group, shrinkage) in findings.shrunk { try writer.shrunk(group, shrinkage) }
            for (group, phones) in findings.sighted { try writer.sightings(phones, in: group) }
            for (group, lids) in findings.sightedLIDs { try writer.sightings(lids, in: group) }
            for (group, adds) in findings.neverShown {
                for (phone, add) in adds { try writer.neverShown(phone, in: group, add) }
            }
            for id in findings.confirmed { try writer.confirmation(of: id) }
            for id in findings.withoutEffect { try writer.withoutEffect(id) }
            for (group, snapshot) in findings.snapshots { try writer.snapshot(of: group, snapshot) }
            if let isFollowing = findings.storeFollows { try writer.storeFollows(isFollowing) }
            for (group, phones) in findings.arrived { for phone in phones { try writer.arrival(phone, in: group) } }
        }
    }

    /// Records the results of some actions and what later runs must know.
    ///
    /// `size` is the number of members in a trusted member list; nil if there was none.
    static func settle(
        _ actions: [SettledAction], in key: GroupKey, size: Int?, at time: Timestamp, in database: Database
    ) throws {
        for stretch in IDRange.all(of: actions.map { ($0.id, $0.outcome) }) {
            try settle(stretch.rows, as: stretch.value, at: time, in: database)
        }
        let writer = MemoryWriter(database: database, key: key.sessionKey, now: time)
        var (joined, served, sighted): ([PhoneNumber], [PhoneNumber], [PhoneNumber]) = ([], [], [])
        for action in actions {
            guard let phone = action.phone else {
                if case .removed = action.note { try writer.removal(by: action.id) }
                continue
            }
            switch action.note {
            case .joined(let isSighted, let person):
                if let lid = person?.lid, let number = person?.phone { try writer.identity(lid, number) }
                joined.append(phone)
                served.append(phone)
                if isSighted { sighted.append(phone) }
            case .didNotShow(let fingerprint):
                try writer.declined(phone, in: key.group, fingerprint: fingerprint)
                served.append(phone)
            case .hadTurn: served.append(phone)
            case .removed: try writer.removal(by: action.id)
            case nil: break
            }
        }
        try writer.sightings(sighted, in: key.group)
        try writer.forgetDeclined(joined, in: key.group)
        try writer.forgetDeferred(served, in: key.group)
        if let size { try writer.trustedRoster(of: key.group, size: size) }
    }

    /// Records who waits to be added, and deletes the people of these groups who wait no longer.
    package func rememberWaiting(
        _ waiting: [GroupID: Set<PhoneNumber>], among groups: [GroupID], of key: SessionKey, at time: Timestamp
    ) async throws(LedgerError) {
        try await write { database in
            let writer = MemoryWriter(database: database, key: key, now: time)
            for group in groups {
                let now = waiting[group] ?? []
                for phone in try writer.deferred(in: group) where !now.contains(phone) {
                    try writer.forgetDeferred([phone], in: group)
                }
                for phone in now { try writer.deferred(phone, in: group) }
            }
        }
    }

    /// Returns the people whose last call of an operation failed with 404: not a member of the group.
    package func peopleNotFound(
        _ operation: Operation, among phones: [PhoneNumber], in key: GroupKey
    ) async throws(LedgerError) -> Set<PhoneNumber> {
        try await read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT iif(status = 'failed', http_status, NULL) FROM actions WHERE gateway = ? AND session = ?
                    AND group_jid = ? AND phone = ? AND op = ? AND sent_at IS NOT NULL ORDER BY id DESC LIMIT 1
                    """)
            let notFound = try phones.filter { phone in
                try Int.fetchOne(
                    statement,
                    arguments: [key.gateway.text, key.session.text, key.group.jid, phone.e164, operation.rawValue])
                    == 404
            }
            return Set(notFound)
        }
    }

    /// Returns how often people in a group were successfully changed since a time; people without changes are missing.
    package func confirmedChanges(
        of phones: Set<PhoneNumber>, in key: GroupKey, since time: Timestamp, by clock: LedgerClock
    ) async throws(LedgerError) -> [PhoneNumber: ActionCounts] {
        let isRecent = clock.condition("sent_at", since: time)
        return try await read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT op FROM actions WHERE gateway = ? AND session = ? AND group_jid = ? AND phone = ?
                    AND status = 'confirmed' AND \(isRecent)
                    """)
            var counts: [PhoneNumber: ActionCounts] = [:]
            for phone in phones {
                let rows = try Row.fetchAll(
                    statement, arguments: [key.gateway.text, key.session.text, key.group.jid, phone.e164])
                if !rows.isEmpty { counts[phone] = ActionCounts(try rows.map { try $0.operation() }) }
            }
            return counts
        }
    }
}

extension Sighting {
    init(row: Row) throws {
        let removedAt = try row.time(ifPresent: "removed_at")
        let lastSeenAt = try row.time("last_seen_at")
        self.init(lastSeenAt: lastSeenAt, wasRemovedByUs: removedAt.map { $0 >= lastSeenAt } ?? false)
    }
}

extension Ledger {
    /// Returns when a run last asked a session's gateway for a backfill; nil for never.
    package func latestBackfill(of key: SessionKey, by clock: LedgerClock) async throws(LedgerError) -> Timestamp? {
        try await read { database in
            try Row.fetchOne(
                database, sql: "SELECT asked_at FROM backfills WHERE gateway = ? AND session = ?",
                arguments: [key.gateway.text, key.session.text]
            ).map { clock.counted(try $0.time("asked_at")) }
        }
    }

    /// Records that a run is about to ask for a backfill; nil deletes the record if it did not ask.
    package func noteBackfill(of key: SessionKey, at time: Timestamp?) async throws(LedgerError) {
        try await write { database in
            guard let time else {
                return try database.execute(
                    sql: "DELETE FROM backfills WHERE gateway = ? AND session = ?",
                    arguments: [key.gateway.text, key.session.text])
            }
            try database.execute(
                sql: "INSERT OR REPLACE INTO backfills (gateway, session, asked_at) VALUES (?, ?, ?)",
                arguments: [key.gateway.text, key.session.text, time.iso8601])
        }
    }
}

/// Rows with consecutive ids that get the same value, so that one statement writes them.
struct IDRange<Value: Equatable> {
    /// The rows' ids.
    private(set) var rows: ClosedRange<Int64>
    /// The value to write.
    let value: Value

    /// Joins consecutive rows with equal values.
    static func all(of rows: [(id: Int64, value: Value)]) -> [IDRange] {
        var stretches: [IDRange] = []
        for (id, value) in rows {
            if let last = stretches.last, last.rows.upperBound + 1 == id, last.value == value {
                stretches[stretches.count - 1].rows = last.rows.lowerBound...id
            } else {
                stretches.append(IDRange(rows: id...id, value: value))
            }
        }
        return stretches
    }
}
