import Core
import GatewayAPI

/// What is read once for all groups of a session.
struct SessionReading: Sendable {
    var status: String?
    var own: OwnAccount?
    var groups: [GroupID: GroupRecord] = [:]
    var fault: GatewayError?
    var ratePerMinute: Int?
    /// The error that says that the session is not connected; nil if there is none.
    var disconnection: GatewayError?

    /// Whether lookups make sense: the gateway does not say that the session is not connected.
    var mayBeConnected: Bool { status == nil || status == "working" }
}

extension GroupReader {
    func readSessions(of groups: [GroupKey]) async throws -> [SessionKey: SessionReading] {
        let keys = Set(groups.map(\.sessionKey)).sorted()
        let read = try await concurrentMap(keys, limit: concurrency) { key in try await self.read(key) }
        return Dictionary(uniqueKeysWithValues: zip(keys, read))
    }

    private func read(_ key: SessionKey) async throws -> SessionReading {
        guard let gateway = gateways[key.gateway] else { return SessionReading() }
        var sessionReading = SessionReading()
        let configured = gateway.ownAccounts[key.session]
        do {
            let record = try await gateway.reading.session(key.session)
            sessionReading.status = record.status
            sessionReading.own = OwnAccount(phone: record.ownPhone ?? configured, lid: record.ownLID)
            sessionReading.ratePerMinute = record.ratePerMinute
        } catch {
            // Most often the token lacks `manage`. The configuration may name the account; if not, nobody is removed or
            // demoted.
            try rethrowIfFatal(error, from: key.gateway)
            sessionReading.own = OwnAccount(phone: configured, lid: nil)
            if error.kind.isDisconnected { sessionReading.disconnection = error }
        }
        do {
            for record in try await gateway.reading.groups(of: key.session) {
                sessionReading.groups[record.id] = record
            }
        } catch {
            try rethrowIfFatal(error, from: key.gateway)
            sessionReading.fault = error
        }
        return sessionReading
    }
}

extension GroupReader {
    /// Gives the groups of disconnected sessions a fault if there is something to do in them.
    func skip(
        _ groupReadings: inout [GroupReading], of request: ReadRequest, whose disconnections: [SessionKey: GatewayError]
    ) {
        for index in groupReadings.indices where !groupReadings[index].draft.isEmpty {
            guard let error = disconnections[groupReadings[index].key.sessionKey] else { continue }
            let desired = request.desired(groupReadings[index].index)
            groupReadings[index].draft = Planner.draft(desired, fault: .gateway(error))
            groupReadings[index].observation = nil
        }
    }

    /// Returns the sessions that are not connected, with the first error that says so.
    func disconnections(
        _ sessions: [SessionKey: SessionReading], _ groupReadings: [GroupReading]
    ) -> [SessionKey: GatewayError] {
        var errors = sessions.compactMapValues(\.disconnection)
        for groupReading in groupReadings {
            guard case .gateway(let error)? = groupReading.draft.plan.fault, error.kind.isDisconnected else { continue }
            errors[groupReading.key.sessionKey] = errors[groupReading.key.sessionKey] ?? error
        }
        return errors
    }
}
