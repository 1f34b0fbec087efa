package import Core
package import RunLedger

/// A ledger that tests fill night by night.
package struct LedgerFixture: Sendable {
    /// The ledger.
    package let ledger: Ledger

    /// Opens or creates a ledger.
    package init(_ path: String) throws { ledger = try Ledger(path: path) }

    /// Returns two o'clock at night before a day of 2026, counted from 1 January.
    package static func night(_ day: Int) -> Timestamp {
        Timestamp(milliseconds: (20_453 + Int64(day)) * 86_400_000 + 7_200_000)
    }

    /// Returns a group by its number, from 1 to 9.
    package static func key(_ group: Int = 1, session: String = "S1") throws -> GroupKey {
        guard let session = SessionID(session), let group = GroupID("12036300000000000\(group)@g.us") else {
            throw SmallWorld.Impossible()
        }
        return GroupKey(gateway: .default, session: session, group: group)
    }

    /// Returns a person's number, as `SmallWorld` does.
    package static func phone(_ person: UInt64) throws -> PhoneNumber { try SmallWorld.phone(person) }

    /// The result of a change.
    package struct Change: Sendable {
        let operation: Core.Operation
        let person: UInt64
        let status: ActionStatus
        let group: Int
        let name: String?

        /// Describes a change of a person.
        package init(
            operation: Core.Operation, person: UInt64, status: ActionStatus, group: Int = 1, name: String? = nil
        ) {
            self.operation = operation
            self.person = person
            self.status = status
            self.group = group
            self.name = name
        }

        /// An add.
        package static func add(
            _ person: UInt64, _ status: ActionStatus = .confirmed, group: Int = 1, name: String? = nil
        )
            -> Change
        {
            Change(operation: .add, person: person, status: status, group: group, name: name)
        }

        /// A removal.
        package static func remove(_ person: UInt64, _ status: ActionStatus = .confirmed, group: Int = 1) -> Change {
            Change(operation: .remove, person: person, status: status, group: group)
        }
    }

    /// A person who is not changed.
    package struct Hold: Sendable {
        let kind: String
        let person: UInt64
        let group: Int
        let message: String

        /// Describes a hold.
        package init(kind: String, person: UInt64, group: Int = 1, message: String = "because") {
            self.kind = kind
            self.person = person
            self.group = group
            self.message = message
        }
    }

    /// Records a run with each group's members, nil if it could not be read, and its error code.
    @discardableResult
    package func run(
        _ day: Int, sizes: [Int: Int?] = [1: 10], _ changes: [Change] = [], holds: [Hold] = [],
        faults: [Int: String] = [:], command: String = "apply", finishes: Bool = true
    ) async throws -> RunRecord {
        let now = Self.night(day)
        var run = try await ledger.begin(
            RunRecord(
                id: RunID(at: now, randomness: (UInt64(day), 0)), command: command, startedAt: now,
                policyDigest: "sha256:0",
                version: "1", host: "here"))
        let groups = try sizes.sorted { $0.key < $1.key }.map { number, size in
            let hasChanges = changes.contains { $0.group == number }
            return GroupRunRecord(
                key: try Self.key(number), name: "Group \(number) on day \(day)",
                status: size == nil || faults[number] != nil ? .failed : hasChanges ? .changed : .unchanged,
                sizeBefore: size, errorCode: faults[number],
                error: size == nil || faults[number] != nil ? "away" : nil)
        }
        let actions = try changes.enumerated().map { index, change in
            ActionRecord(
                key: try Self.key(change.group), sequence: index + 1, operation: change.operation,
                phone: try Self.phone(change.person), person: change.name, source: "policy.yaml:1:1", plannedAt: now)
        }
        let held = try holds.map { hold in
            HoldRecord(
                key: try Self.key(hold.group), kind: hold.kind, phone: try Self.phone(hold.person), lid: nil,
                message: hold.message)
        }
        let stored = try await ledger.record(groups: groups, actions: actions, holds: held, of: run.id)
        for (change, action) in zip(changes, stored) where change.status != .planned {
            func settled(_ outcome: ActionOutcome) -> LedgerWrite {
                let settled = SettledAction(id: action.id, phone: action.phone, outcome: outcome)
                return .settled([settled], in: action.key, size: nil, at: now)
            }
            try await ledger.commit([.sending([action.id], at: now)])
            if [.accepted, .confirmed, .declined].contains(change.status) {
                try await ledger.commit([
                    settled(ActionOutcome(status: .accepted, httpStatus: 204)), .taken([action.id]),
                ])
            }
            try await ledger.commit([settled(ActionOutcome(status: change.status, error: "so it is"))])
        }
        guard finishes else { return run }
        run.status = .succeeded
        run.finishedAt = now.advanced(byMilliseconds: 60_000)
        run.exitCode = 0
        try await ledger.finish(run)
        return run
    }
}
