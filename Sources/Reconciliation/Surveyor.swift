package import GatewayAPI
package import Membership
import Synchronization

/// A gateway as a run may read it.
package struct ReadableGateway: Sendable {
    /// The reading port; there is no other way to the gateway from here.
    package let reading: any GatewayReading
    /// The sessions' own numbers as the configuration gives them.
    package let ownAccounts: [SessionID: PhoneNumber]

    /// Describes a gateway.
    package init(reading: any GatewayReading, ownAccounts: [SessionID: PhoneNumber]) {
        self.reading = reading
        self.ownAccounts = ownAccounts
    }
}

/// Why a whole run ends before anything is planned.
package enum SurveyFault: Error, Hashable, Sendable {
    /// A gateway rejected the token; nothing else is tried.
    case credentialsRejected(GatewayName, GatewayError)
    /// The run was interrupted.
    case interrupted
}

/// Reads the groups of a run, several at a time, and hands each observation on before it is let go.
package struct Surveyor: Sendable {
    private let gateways: [GatewayName: ReadableGateway]
    private let concurrency: Int
    private let progress: any ProgressReporting

    /// Reads from the gateways with so many calls at a time.
    package init(
        gateways: [GatewayName: ReadableGateway], concurrency: Int, progress: any ProgressReporting
    ) {
        self.gateways = gateways
        self.concurrency = concurrency
        self.progress = progress
    }

    /// Reads every group and returns what `examine` makes of each, in the order of the groups.
    package func survey<Finding: Sendable>(
        _ groups: [GroupKey],
        examine: @Sendable @escaping (Int, Result<GroupObservation, GroupFault>) -> Finding
    ) async throws(SurveyFault) -> [Finding] {
        let total = groups.count
        let done = Atomic(0)
        do {
            let sessions = try await readSessions(of: groups)
            return try await concurrentMap(Array(groups.enumerated()), limit: concurrency) { index, key in
                let finding = examine(index, try await self.observe(key, in: sessions))
                progress.report(.reading(done: done.wrappingAdd(1, ordering: .relaxed).newValue, of: total))
                return finding
            }
        } catch let fault as SurveyFault {
            throw fault
        } catch {
            throw .interrupted
        }
    }

    /// Reads one group anew.
    package func observe(_ key: GroupKey) async throws(SurveyFault) -> Result<GroupObservation, GroupFault> {
        do {
            return try await observe(key, in: readSessions(of: [key]))
        } catch let fault as SurveyFault {
            throw fault
        } catch {
            throw .interrupted
        }
    }
}

extension Surveyor {
    /// What is read once for all groups of a session.
    private struct SessionObservation {
        var status: String?
        var own: OwnAccount?
        var groups: [GroupID: GroupRecord] = [:]
        var fault: GatewayError?
    }

    private func readSessions(of groups: [GroupKey]) async throws -> [SessionKey: SessionObservation] {
        let keys = Set(groups.map(\.sessionKey)).sorted()
        let read = try await concurrentMap(keys, limit: concurrency) { key in try await self.read(key) }
        return Dictionary(uniqueKeysWithValues: zip(keys, read))
    }

    private func read(_ key: SessionKey) async throws -> SessionObservation {
        guard let gateway = gateways[key.gateway] else { return SessionObservation() }
        var observation = SessionObservation()
        let configured = gateway.ownAccounts[key.session]
        do {
            let record = try await gateway.reading.session(key.session)
            observation.status = record.status
            observation.own = OwnAccount(phone: record.ownPhone ?? configured, lid: record.ownLID)
        } catch {
            // Most often the token lacks `manage`. The configuration may say who the account is; where nobody
            // does, nothing is taken away.
            try rethrowIfFatal(error, from: key.gateway)
            observation.own = OwnAccount(phone: configured, lid: nil)
        }
        do {
            for record in try await gateway.reading.groups(of: key.session) { observation.groups[record.id] = record }
        } catch {
            try rethrowIfFatal(error, from: key.gateway)
            observation.fault = error
        }
        return observation
    }

    private func observe(
        _ key: GroupKey, in sessions: [SessionKey: SessionObservation]
    ) async throws -> Result<GroupObservation, GroupFault> {
        guard let gateway = gateways[key.gateway],
            let session = sessions[key.sessionKey]
        else { return .failure(.gateway(.cancelled(.group(key.session, key.group)))) }
        if let fault = session.fault { return .failure(.gateway(fault)) }
        do {
            let record =
                if let listed = session.groups[key.group] { listed } else {
                    try await gateway.reading.group(key.group, of: key.session)
                }
            let roster = try await gateway.reading.members(of: key.group, of: key.session)
            let contacts = try await gateway.reading.contacts(of: key.session, in: key.group)
            return .success(
                GroupObservation(
                    record: record, roster: roster, phones: contacts.phonesByLID, own: session.own,
                    sessionStatus: session.status))
        } catch {
            try rethrowIfFatal(error, from: key.gateway)
            return .failure(.gateway(error))
        }
    }

    /// A rejected token or an interruption ends the whole survey.
    private func rethrowIfFatal(_ error: GatewayError, from gateway: GatewayName) throws(SurveyFault) {
        switch error {
        case .refused(_, let refusal) where refusal.status == 401: throw .credentialsRejected(gateway, error)
        case .cancelled: throw .interrupted
        case .refused, .unreadable, .noAnswer: return
        }
    }
}

extension [ContactRecord] {
    /// The numbers behind the LIDs of some contacts, as far as they are known.
    ///
    /// A LID that comes with two different numbers has none: which one is right cannot be told.
    var phonesByLID: [LID: PhoneNumber] {
        var phones: [LID: PhoneNumber] = [:]
        var disputed: Set<LID> = []
        for contact in self {
            guard let phone = contact.phone else { continue }
            if let other = phones.updateValue(phone, forKey: contact.lid), other != phone {
                disputed.insert(contact.lid)
            }
        }
        for lid in disputed { phones[lid] = nil }
        return phones
    }
}
