package import Core
package import GatewayAPI
package import RunLedger

/// The result of a backfill of a session's groups.
package enum RefreshOutcome: Hashable, Sendable {
    /// The gateway has read the groups.
    case refreshed
    /// The gateway refused the call, so nothing began.
    case refused(GatewayError)
    /// It is still running; a later run sees the result.
    case unfinished
    /// It failed; with the reason if known, which is untrusted text.
    case failed(String?)
}

/// Lets a gateway read the groups of a session from WhatsApp again, and waits for the result.
package struct StoreRefresher: Sendable {
    let gateway: any GatewayRefreshing
    let time: any TimeSource
    /// How long to wait for a backfill.
    let wait: Duration

    /// The shortest time between two backfills of a session, in milliseconds; each reads all groups from WhatsApp.
    package static let shortestInterval: Int64 = 3_600_000

    /// The pause between two checks of a backfill, in milliseconds: the first, and the longest.
    private static let pauses: (first: Int64, longest: Int64) = (500, 10_000)

    /// Starts a backfill, or joins the running one, and waits for its end or for the maximum time.
    package func refresh(_ session: SessionID) async -> RefreshOutcome {
        let end = time.now().advanced(byMilliseconds: wait.milliseconds)
        do throws(GatewayError) {
            _ = try await gateway.startBackfill(of: session)
        } catch {
            // 409: a backfill is running already.
            guard error.httpStatus == 409 else { return .refused(error) }
        }
        var pause = Self.pauses.first
        while true {
            do throws(GatewayError) {
                switch try await gateway.backfill(of: session) {
                case .running: break
                case .succeeded: return .refreshed
                case .failed(let reason): return .failed(reason)
                }
            } catch {
                // The gateway restarted and forgot the job, or it cannot be asked.
                return .failed(error.message)
            }
            let left = end.milliseconds - time.now().milliseconds
            guard left > 0 else { return .unfinished }
            do { try await time.sleep(for: .milliseconds(min(pause, left))) } catch { return .unfinished }
            pause = min(pause * 2, Self.pauses.longest)
        }
    }
}

/// When a session's groups were last read from WhatsApp, according to its store.
package enum StoreAge: Hashable, Sendable {
    /// The rows carry no moments, so the age is unknown.
    case unknown
    /// The rows do not show that the gateway has read a whole group.
    case neverRead
    /// At this moment of the gateway's clock.
    case read(at: Timestamp)
}

extension StoreAge {
    /// Returns the age of a session's store, by the group with the newest record, as one backfill writes all groups.
    package static func of(
        _ session: SessionID, through reading: any GatewayReading, memory: SessionMemory
    ) async throws(GatewayError) -> StoreAge {
        let records = try await reading.groups(of: session)
        let moment = { (record: GroupRecord) in record.updatedAt?.milliseconds ?? 0 }
        guard let youngest = records.max(by: { (moment($0), $1.id) < (moment($1), $0.id) }) else { return .neverRead }
        let rows = try await reading.members(of: youngest.id, of: session)
        return StoreAge(rows, youngest, StoreMemory(memory, of: youngest.id))
    }

    /// The age according to one group.
    init(_ rows: Roster, _ record: GroupRecord, _ store: StoreMemory) {
        let stored = StoredRoster(rows, record: record, remembered: store.snapshot, followsChanges: false)
        self =
            switch stored.basis {
            case .list where rows.members.isEmpty: .neverRead
            case .list: .unknown
            case .snapshot(let moment): .read(at: moment)
            case .sightings: .neverRead
            }
    }
}
