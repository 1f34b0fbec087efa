package import Core
import GRDB

/// A moment when the ledger contained records with a later time: the clock was fast then, or is slow now.
package struct ClockLeap: Hashable, Sendable {
    /// When a run noticed it.
    package var noticedAt: Timestamp
    /// The latest time in the ledger at that moment.
    package var latest: Timestamp
}

extension ClockLeap {
    fileprivate init(row: Row) throws {
        self.init(noticedAt: try row.time("noticed_at"), latest: try row.time("latest"))
    }
}

/// How to read the times in a ledger.
///
/// A time in the future counts as the moment when a run noticed it, so the record does not count for longer than it
/// should. Nothing is rewritten, because this clock may be the wrong one.
package struct LedgerClock: Sendable {
    /// How far the clocks of two machines may differ, in milliseconds.
    static let tolerance: Int64 = 60_000

    /// How long a dead run may have continued to write after the last recorded use, in milliseconds.
    fileprivate static let cover: Int64 = 86_400_000

    /// The current time.
    let now: Timestamp
    private let leaps: [ClockLeap]

    /// Creates a clock without known leaps: times up to `now` count as they are.
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

    /// The latest time that counts as it is.
    private var limit: Timestamp { now.advanced(byMilliseconds: Self.tolerance) }

    /// Whether no known leap ends after now, so that times count as they are.
    var isPlain: Bool { !leaps.contains { $0.latest > limit } }

    /// Returns the time that a recorded time counts as.
    func counted(_ time: Timestamp) -> Timestamp {
        guard time > limit else { return time }
        return leaps.last { $0.latest >= time }?.noticedAt ?? now
    }

    /// Returns an SQL condition: the time in a column counts as later than `time`.
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
    /// How long a noticed leap is reported, in milliseconds.
    private static let reportedFor: Int64 = 7 * 86_400_000

    /// Returns the clock for reading the ledger at a time.
    package func clock(at now: Timestamp) async throws(LedgerError) -> LedgerClock {
        try await read { try LedgerClock(at: now, in: $0) }
    }

    /// Records the use of the ledger and any leap of the clock; returns the leap to report.
    package func recordUse(at now: Timestamp) async throws(LedgerError) -> ClockLeap? {
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

    /// Records until when the ledger was in use.
    static func setLastUse(_ time: Timestamp, in database: Database) throws {
        try database.execute(sql: "INSERT OR REPLACE INTO last_use (id, at) VALUES (1, ?)", arguments: [time.iso8601])
    }

    /// Returns the leap to report: one from the last week, or one that no run has noticed yet; nil if there is none.
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
            arguments: [now.iso8601, now.advanced(byMilliseconds: -reportedFor).iso8601, now.iso8601]
        ).map(ClockLeap.init(row:))
    }

    private static func newLeap(at now: Timestamp, in database: Database) throws -> ClockLeap? {
        let limit = now.advanced(byMilliseconds: LedgerClock.tolerance)
        let lastUse = try Row.fetchOne(database, sql: "SELECT at FROM last_use")?.time("at")
        if let lastUse, lastUse > limit { return ClockLeap(noticedAt: now, latest: lastUse) }
        // A run that died after a leap did not record its last use.
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
    /// Replaces each time by the time it counts as.
    mutating func count(by clock: LedgerClock) {
        func counted<Record>(_ record: Record, _ times: WritableKeyPath<Record, Timestamp>...) -> Record {
            var record = record
            for time in times { record[keyPath: time] = clock.counted(record[keyPath: time]) }
            return record
        }
        asked = asked.mapValues { $0.mapValues(clock.counted) }
        checks = checks.mapValues { counted($0, \.checkedAt) }
        declined = declined.mapValues { adds in adds.mapValues { counted($0, \.lastTriedAt) } }
        deferred = deferred.mapValues { $0.mapValues(clock.counted) }
        observations = observations.mapValues { roster in
            var roster = counted(roster, \.observedAt)
            roster.membersSeenAt = roster.membersSeenAt.map(clock.counted)
            roster.shrinkage = roster.shrinkage.map { counted($0, \.since) }
            return roster
        }
        sightings = sightings.mapValues { group in group.mapValues { counted($0, \.lastSeenAt) } }
        lidSightings = lidSightings.mapValues { group in group.mapValues { counted($0, \.lastSeenAt) } }
        openCalls = openCalls.mapValues { calls in calls.map { counted($0, \.sentAt, \.answeredAt) } }
    }
}
