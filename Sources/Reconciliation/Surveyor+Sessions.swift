import GatewayAPI
import Membership

/// What is read once for all groups of a session.
struct SessionSurvey: Sendable {
    var status: String?
    var own: OwnAccount?
    var groups: [GroupID: GroupRecord] = [:]
    var fault: GatewayError?
    var ratePerMinute: Int?

    /// Whether live questions make sense: the gateway does not say that the session is not connected.
    var mayBeConnected: Bool { status == nil || status == "working" }
}

extension Surveyor {
    func readSessions(of groups: [GroupKey]) async throws -> [SessionKey: SessionSurvey] {
        let keys = Set(groups.map(\.sessionKey)).sorted()
        let read = try await concurrentMap(keys, limit: concurrency) { key in try await self.read(key) }
        return Dictionary(uniqueKeysWithValues: zip(keys, read))
    }

    private func read(_ key: SessionKey) async throws -> SessionSurvey {
        guard let gateway = gateways[key.gateway] else { return SessionSurvey() }
        var survey = SessionSurvey()
        let configured = gateway.ownAccounts[key.session]
        do {
            let record = try await gateway.reading.session(key.session)
            survey.status = record.status
            survey.own = OwnAccount(phone: record.ownPhone ?? configured, lid: record.ownLID)
            survey.ratePerMinute = record.ratePerMinute
        } catch {
            // Most often the token lacks `manage`. The configuration may say who the account is; where nobody
            // does, nothing is taken away.
            try rethrowIfFatal(error, from: key.gateway)
            survey.own = OwnAccount(phone: configured, lid: nil)
        }
        do {
            for record in try await gateway.reading.groups(of: key.session) { survey.groups[record.id] = record }
        } catch {
            try rethrowIfFatal(error, from: key.gateway)
            survey.fault = error
        }
        return survey
    }
}
