package import GatewayAPI
package import Membership
package import RunLedger

/// What came of having a session's groups read from WhatsApp anew.
package enum RefreshOutcome: Hashable, Sendable {
    /// The gateway has read the groups.
    case refreshed
    /// The gateway did not take the call, so that nothing was begun.
    case refused(GatewayError)
    /// It is still at work; a later run sees what it brings.
    case unfinished
    /// It has ended without success; why, a text from strangers, nil where nothing is told.
    case failed(String?)
}

/// Has a gateway read the groups of a session from WhatsApp, and waits for that.
package struct StoreRefresher: Sendable {
    private let gateway: any GatewayRefreshing
    private let time: any TimeSource
    private let wait: Duration

    /// How often a session's groups may be read anew, in milliseconds: each reading asks WhatsApp for all of them.
    package static let shortestInterval: Int64 = 3_600_000

    /// Between two looks at a backfill, in milliseconds: the first pause, and the longest.
    private static let pauses: (first: Int64, longest: Int64) = (500, 10_000)

    /// Takes the calls, a clock, and how long a backfill is waited for.
    package init(gateway: any GatewayRefreshing, time: any TimeSource, wait: Duration) {
        self.gateway = gateway
        self.time = time
        self.wait = wait
    }

    /// Starts a backfill, or joins the one that runs, and follows it to its end or for as long as it may take.
    package func refresh(_ session: SessionID) async -> RefreshOutcome {
        let end = time.now().advanced(byMilliseconds: wait.milliseconds)
        do throws(GatewayError) {
            _ = try await gateway.startBackfill(of: session)
        } catch {
            // 409: one is at work already.
            guard error.httpStatus == 409 else { return .refused(error) }
        }
        var pause = Self.pauses.first
        while true {
            do throws(GatewayError) {
                switch try await gateway.backfill(of: session).state {
                case .running: break
                case .succeeded: return .refreshed
                case .failed(let reason): return .failed(reason)
                }
            } catch {
                // The gateway was restarted, and knows of no job any more; or it cannot be asked.
                return .failed(error.message)
            }
            let left = end.milliseconds - time.now().milliseconds
            guard left > 0 else { return .unfinished }
            do { try await time.sleep(for: .milliseconds(min(pause, left))) } catch { return .unfinished }
            pause = min(pause * 2, Self.pauses.longest)
        }
    }
}

/// When a session's groups were last read from WhatsApp, as far as its store tells.
package enum StoreAge: Hashable, Sendable {
    /// The rows carry no moments, so nothing can be told.
    case untold
    /// No group shows a snapshot.
    case neverRead
    /// At this moment of the gateway's clock.
    case read(at: Timestamp)
}

extension StoreAge {
    /// The age of a session's store, by the group whose record is the youngest: one backfill writes them all.
    package static func of(
        _ session: SessionID, through reading: any GatewayReading, memory: SessionMemory
    ) async throws(GatewayError) -> StoreAge {
        let records = try await reading.groups(of: session)
        let moment = { (record: GroupRecord) in record.updatedAt?.milliseconds ?? 0 }
        guard let youngest = records.max(by: { (moment($0), $1.id) < (moment($1), $0.id) }) else { return .neverRead }
        let rows = try await reading.members(of: youngest.id, of: session)
        return StoreAge(rows, youngest, StoreMemory(memory, of: youngest.id))
    }

    /// What one group tells.
    init(_ rows: Roster, _ record: GroupRecord, _ store: StoreMemory) {
        let stored = StoredRoster(rows, record: record, remembered: store.snapshot, follows: false)
        self =
            switch stored.basis {
            case .list where rows.members.isEmpty: .neverRead
            case .list: .untold
            case .snapshot(let moment): .read(at: moment)
            case .sightings: .neverRead
            }
    }
}
