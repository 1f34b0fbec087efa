import GRDB
package import Membership

/// A moment at which a ledger was found to hold records of a later time: the clock was ahead when they were made, or is behind.
package struct ClockLeap: Hashable, Sendable {
    /// When this was noticed.
    package var noticedAt: Timestamp
    /// Until when the ledger had been used by then, as its records tell.
    package var latest: Timestamp

    /// Describes a leap.
    package init(noticedAt: Timestamp, latest: Timestamp) {
        self.noticedAt = noticedAt
        self.latest = latest
    }
}

extension ClockLeap {
    fileprivate init(row: Row) throws {
        self.init(noticedAt: try row.time("noticed_at"), latest: try row.time("latest"))
    }
}

/// What the times in a ledger count as.
///
/// One that is later than now counts as the moment at which a run noticed it, so that it
/// counts for as long as it would have, and no longer. Nothing is rewritten, as it may be this clock that is wrong.
package struct LedgerClock: Sendable {
    /// How far ahead of each other the clocks of two machines may be, in milliseconds.
    static let tolerance: Int64 = 60_000

    /// For how long a run that died may have written after it was last noted, in milliseconds.
    fileprivate static let cover: Int64 = 86_400_000

    /// The moment.
    let now: Timestamp
    private let leaps: [ClockLeap]

    /// A clock by which each time up to a moment counts as it stands.
    package init(at now: Timestamp) {
        self.now = now
        leaps = []
    }

    init(at now: Timestamp, in database: Database) throws {
        self.now = now
        leaps = try Row.fetchAll(
            database, sql: "SELECT noticed_at, latest FROM clock_leaps WHERE noticed_at <= ? ORDER BY noticed_at",
            arguments: [now.iso8601]
        ).map { row in
            var leap = try ClockLeap(row: row)
            leap.latest = leap.latest.advanced(byMilliseconds: Self.cover)
            return leap
        }
    }

    /// The latest time up to which a record is taken as it is.
    private var limit: Timestamp { now.advanced(byMilliseconds: Self.tolerance) }

    /// Whether no record can be later than now, as far as earlier runs have noticed.
    var isPlain: Bool { !leaps.contains { $0.latest > limit } }

    /// What a time in the ledger counts as.
    func counted(_ time: Timestamp) -> Timestamp {
        guard time > limit else { return time }
        return leaps.last { $0.latest >= time }?.noticedAt ?? now
    }

    /// A condition that holds where the time in a column counts as later than a moment.
    func condition(_ column: String, since time: Timestamp) -> String {
        let plain = "\(column) > '\(time.iso8601)'"
        guard !isPlain else { return plain }
        let noticedSince = leaps.filter { $0.noticedAt > time }.map(\.latest).max() ?? limit
        let noticed = leaps.map(\.latest).max() ?? limit
        return """
            \(plain) AND (\(column) <= '\(max(limit, noticedSince).iso8601)' OR \(column) > '\(noticed.iso8601)')
            """
    }
}

extension Ledger {
    /// Until when a leap of the clock is told of, in milliseconds from when it was noticed.
    private static let toldFor: Int64 = 7 * 86_400_000

    /// What the times in the ledger count as at a moment.
    package func clock(at now: Timestamp) async throws(LedgerError) -> LedgerClock {
        try await read { try LedgerClock(at: now, in: $0) }
    }

    /// Notes that the ledger is in use at a moment, and whether it holds records of a later one; returns what is to be told of that.
    package func noteUse(at now: Timestamp) async throws(LedgerError) -> ClockLeap? {
        try await write { database in
            let leap = try Self.newLeap(at: now, in: database)
            if let leap {
                try database.execute(
                    sql: "INSERT OR REPLACE INTO clock_leaps (noticed_at, latest) VALUES (?, ?)",
                    arguments: [now.iso8601, leap.latest.iso8601])
            }
            try Self.setLastUse(now, in: database)
            return try leap ?? Self.recentLeap(at: now, in: database)
        }
    }

    /// Notes until when the ledger was in use.
    static func setLastUse(_ time: Timestamp, in database: Database) throws {
        try database.execute(
            sql: "INSERT OR REPLACE INTO last_use (id, at) VALUES (1, ?)", arguments: [time.iso8601])
    }

    /// The leap of the clock to be told of: one noticed in the last week, or that nobody has noticed yet; nil where there is none.
    package func clockLeap(at now: Timestamp) async throws(LedgerError) -> ClockLeap? {
        try await read { try Self.newLeap(at: now, in: $0) ?? Self.recentLeap(at: now, in: $0) }
    }

    private static func recentLeap(at now: Timestamp, in database: Database) throws -> ClockLeap? {
        try Row.fetchOne(
            database,
            sql: """
                SELECT noticed_at, latest FROM clock_leaps WHERE noticed_at <= ? AND noticed_at > ? AND latest > ?
                ORDER BY noticed_at DESC LIMIT 1
                """,
            arguments: [now.iso8601, now.advanced(byMilliseconds: -toldFor).iso8601, now.iso8601]
        ).map(ClockLeap.init(row:))
    }

    private static func newLeap(at now: Timestamp, in database: Database) throws -> ClockLeap? {
        let limit = now.advanced(byMilliseconds: LedgerClock.tolerance)
        let lastUse = try Row.fetchOne(database, sql: "SELECT at FROM last_use")?.time("at")
        if let lastUse, lastUse > limit { return ClockLeap(noticedAt: now, latest: lastUse) }
        // A run that died after the clock had leapt did not tell until when it was at work.
        let sent = try Row.fetchOne(
            database, sql: "SELECT sent_at AS at FROM actions WHERE sent_at > ? ORDER BY sent_at DESC LIMIT 1",
            arguments: [limit.iso8601])?.time("at")
        guard let sent else { return nil }
        let isNoticed = try Bool.fetchOne(
            database, sql: "SELECT EXISTS (SELECT 1 FROM clock_leaps WHERE noticed_at <= ? AND latest >= ?)",
            arguments: [now.iso8601, sent.advanced(byMilliseconds: -LedgerClock.cover).iso8601])
        return isNoticed == true ? nil : ClockLeap(noticedAt: now, latest: sent)
    }
}

extension SessionMemory {
    /// Lets each time count as what it counts as by a clock.
    mutating func count(by clock: LedgerClock) {
        func counted(_ time: Timestamp) -> Timestamp { clock.counted(time) }
        for group in asked.keys { asked[group] = asked[group]?.mapValues(counted) }
        checks = checks.mapValues { check in
            var check = check
            check.checkedAt = counted(check.checkedAt)
            return check
        }
        for (group, adds) in declined {
            declined[group] = adds.mapValues { add in
                var add = add
                add.lastTriedAt = counted(add.lastTriedAt)
                return add
            }
        }
        for group in deferred.keys { deferred[group] = deferred[group]?.mapValues(counted) }
        observations = observations.mapValues { good in
            var good = good
            good.observedAt = counted(good.observedAt)
            good.membersSeenAt = good.membersSeenAt.map(counted)
            if let since = good.shrinkage?.since { good.shrinkage?.since = counted(since) }
            return good
        }
        func counted(_ sighting: Sighting) -> Sighting {
            var sighting = sighting
            sighting.lastSeenAt = clock.counted(sighting.lastSeenAt)
            return sighting
        }
        for group in sightings.keys { sightings[group] = sightings[group]?.mapValues(counted) }
        for group in lidSightings.keys { lidSightings[group] = lidSightings[group]?.mapValues(counted) }
        openCalls = openCalls.mapValues { calls in
            calls.map { call in
                var call = call
                call.sentAt = counted(call.sentAt)
                call.answeredAt = counted(call.answeredAt)
                return call
            }
        }
    }
}
