import Core
import GatewayAPI
import Logging
import PolicyFiles
import RunLedger

extension Planning {
    /// Starts backfills at gateways whose groups are too old, if `gateway.refresh` is set.
    ///
    /// At most once per run and session, and never twice within an hour. Planning continues whatever the result is.
    func refreshStores(
        _ memory: [SessionKey: SessionMemory], by clock: LedgerClock
    ) async throws(RunFault) {
        let due = sessions.filter { refreshing[$0.gateway] != nil && memory[$0]?.storeFollows != true }
        guard !due.isEmpty else { return }
        try await refresh(due) { key, refresh, now throws(LedgerError) in
            if let asked = try await ledger.latestBackfill(of: key, by: clock),
                abs(now.milliseconds - asked.milliseconds) < StoreRefresher.shortestInterval
            {
                return false
            }
            return await isOld(key, refresh, memory[key] ?? SessionMemory(), at: now)
        }
    }

    /// Starts a backfill of a session whose changes do not show, if configured; returns whether it succeeded.
    func refreshAfterApply(_ key: SessionKey) async throws(RunFault) -> Bool {
        guard refreshConfiguration(of: key)?.afterApply == true, control.stopReason == nil else { return false }
        return try await !refresh([key]) { _, _, _ in true }.isEmpty
    }

    private func refreshConfiguration(of key: SessionKey) -> RefreshConfiguration? {
        configuration.gateways.first { $0.name == key.gateway }?.refresh
    }

    /// Refreshes the sessions that are due, concurrently; returns those refreshed.
    @discardableResult
    private func refresh(
        _ sessions: [SessionKey],
        where isDue: @Sendable @escaping (SessionKey, RefreshConfiguration, Timestamp) async throws(LedgerError) -> Bool
    ) async throws(RunFault) -> Set<SessionKey> {
        let result = await control.unlessStopped {
            await withTaskGroup(of: Result<SessionKey?, LedgerError>.self) { group in
                for key in sessions {
                    group.addTask {
                        do throws(LedgerError) {
                            return .success(try await self.refresh(key, where: isDue) ? key : nil)
                        } catch {
                            return .failure(error)
                        }
                    }
                }
                var all: [Result<SessionKey?, LedgerError>] = []
                for await one in group { all.append(one) }
                return all
            }
        }
        var refreshed: Set<SessionKey> = []
        for one in result ?? [] {
            switch one {
            case .success(let key?): refreshed.insert(key)
            case .success(nil): break
            case .failure(let error): throw .ledger(error)
            }
        }
        return refreshed
    }

    private func refresh(
        _ key: SessionKey,
        where isDue: (SessionKey, RefreshConfiguration, Timestamp) async throws(LedgerError) -> Bool
    ) async throws(LedgerError) -> Bool {
        let now = time.now()
        guard let refresh = refreshConfiguration(of: key), let port = refreshing[key.gateway],
            try await isDue(key, refresh, now)
        else { return false }
        // Recorded first, so after a crash the next run does not ask again within an hour.
        try await ledger.noteBackfill(of: key, at: now)
        logger.notice("session \(key.session): asking the gateway to read its groups from WhatsApp (a backfill)")
        let outcome = await StoreRefresher(gateway: port, time: time, wait: refresh.wait).refresh(key.session)
        // With any other error the backfill may have begun, or was asked for too often.
        if case .refused(let error) = outcome, let status = error.httpStatus, (400...499).contains(status),
            status != 429
        {
            try await ledger.noteBackfill(of: key, at: nil)
        }
        if let complaint = outcome.complaint { logger.warning("session \(key.session): \(complaint)") }
        return outcome == .refreshed
    }

    /// Whether a session's groups were read too long ago, or never.
    private func isOld(
        _ key: SessionKey, _ refresh: RefreshConfiguration, _ memory: SessionMemory, at now: Timestamp
    ) async -> Bool {
        guard let gateway = gateways[key.gateway] else { return false }
        do throws(GatewayError) {
            switch try await StoreAge.of(key.session, through: gateway.reading, memory: memory) {
            case .read(let moment): return now.milliseconds - moment.milliseconds >= refresh.olderThan.milliseconds
            case .neverRead: return true
            // The age is unknown, so the time of the last request decides.
            case .unknown: return true
            }
        } catch {
            // Reading the groups will report the error.
            return false
        }
    }
}

extension RefreshOutcome {
    /// The warning for the user; nil if it succeeded.
    fileprivate var complaint: String? {
        switch self {
        case .refreshed: nil
        case .refused(let error) where error.httpStatus == 403 || error.httpStatus == 401:
            "the gateway did not start a backfill: \(error.withoutNumbers.message); set `gateway.refresh.token` to a "
                + "login token whose platform role is super_admin, not an api-key"
        case .refused(let error): "the gateway did not start a backfill: \(error.withoutNumbers.message)"
        case .unfinished: "the backfill is not finished after `refresh.wait`; the plan uses what the gateway has so far"
        case .failed(let reason): "the backfill did not succeed\(reason.map { ": \($0)" } ?? "")"
        }
    }
}
