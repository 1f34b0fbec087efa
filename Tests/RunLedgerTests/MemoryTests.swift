import Core
import Stage
import Testing

@testable import RunLedger

@Suite("What the ledger remembers") struct MemoryTests {
    private let folder = TemporaryFolder()

    private func key() throws -> SessionKey {
        SessionKey(gateway: .default, session: try #require(SessionID("S1")))
    }

    private func group() throws -> GroupID { try #require(GroupID("120363000000000001@g.us")) }

    private func phone(_ number: UInt64) throws -> PhoneNumber {
        try #require(PhoneNumber(digits: 62_800_000_000 + number))
    }

    private func time(_ milliseconds: Int64) -> Timestamp { Timestamp(milliseconds: milliseconds) }

    @Test("The ledger remembers nothing of a session that it has never seen") func nothing() async throws {
        let ledger = try Ledger(path: folder.path("ledger.sqlite"))
        #expect(try await ledger.memory(of: key()) == SessionMemory())
    }

    @Test("The ledger remembers everything that a run found, by session") func findings() async throws {
        let ledger = try Ledger(path: folder.path("ledger.sqlite"))
        let (lid, other) = (try #require(LID(digits: 7)), try #require(LID(digits: 8)))
        var findings = SessionFindings()
        findings.phones = [lid: try phone(1)]
        findings.asked = [try group(): [other]]
        findings.checks = [
            try phone(1): CheckedNumber(isOnWhatsApp: true, account: .lid(lid), checkedAt: time(5)),
            try phone(2): CheckedNumber(isOnWhatsApp: false, account: nil, checkedAt: time(6)),
        ]
        findings.sizes = [try group(): 42]
        findings.sighted = [try group(): [try phone(1)]]
        findings.sightedLIDs = [try group(): [other]]
        try await ledger.remember(findings, of: key(), at: time(1_000))

        let memory = try await ledger.memory(of: key())
        #expect(memory.phones == findings.phones)
        #expect(memory.asked == [try group(): [other: time(1_000)]])
        #expect(memory.checks == findings.checks)
        #expect(memory.observations == [try group(): TrustedRoster(size: 42, observedAt: time(1_000))])
        #expect(
            memory.sightings == [
                try group(): [try phone(1): Sighting(lastSeenAt: time(1_000), wasRemovedByUs: false)]
            ])
        #expect(
            memory.lidSightings == [
                try group(): [other: Sighting(lastSeenAt: time(1_000), wasRemovedByUs: false)]
            ])
        let otherKey = SessionKey(gateway: GatewayName("other"), session: try key().session)
        #expect(try await ledger.memory(of: otherKey) == SessionMemory())
    }

    @Test("A new number of a LID replaces the old one in the ledger, and clears its failed look-up")
    func changedNumber() async throws {
        let ledger = try Ledger(path: folder.path("ledger.sqlite"))
        let lid = try #require(LID(digits: 7))
        var findings = SessionFindings()
        findings.asked = [try group(): [lid]]
        try await ledger.remember(findings, of: key(), at: time(1_000))
        for number in [1, 2] as [UInt64] {
            findings = SessionFindings()
            findings.phones = [lid: try phone(number)]
            try await ledger.remember(findings, of: key(), at: time(2_000))
            let memory = try await ledger.memory(of: key())
            #expect(memory.phones == [lid: try phone(number)])
            #expect(memory.asked.isEmpty)
        }
    }

    @Test("The ledger remembers when and to what size a group shrank, until a sound member list") func shrunk()
        async throws
    {
        let ledger = try Ledger(path: folder.path("ledger.sqlite"))
        var good = SessionFindings()
        good.sizes = [try group(): 42]
        try await ledger.remember(good, of: key(), at: time(1_000))
        for shrinkage in [Shrinkage(since: time(2_000), size: 9), Shrinkage(since: time(3_000), size: 5)] {
            var shrunk = SessionFindings()
            shrunk.shrunk = [try group(): shrinkage]
            try await ledger.remember(shrunk, of: key(), at: time(3_000))
            let observation = try #require(try await ledger.memory(of: key()).observations[group()])
            #expect(observation == TrustedRoster(size: 42, observedAt: time(1_000), shrinkage: shrinkage))
        }
        try await ledger.remember(good, of: key(), at: time(4_000))
        #expect(try await ledger.memory(of: key()).observations[group()]?.shrinkage == nil)
    }

    private func sent(
        _ ledger: Ledger, _ run: UInt16, _ operation: Operation = .add, lid: LID? = nil, at moment: Int64 = 2
    ) async throws -> ActionRecord {
        let record = try await ledger.begin(
            RunRecord(
                id: RunID(at: time(1), randomness: (0, run)), command: "apply", startedAt: time(1), policyDigest: "",
                version: "", host: ""))
        let groupKey = GroupKey(gateway: .default, session: try key().session, group: try group())
        let action = ActionRecord(
            key: groupKey, sequence: 1, operation: operation, phone: try phone(1), lid: lid, source: "a:1:1",
            plannedAt: time(1))
        let stored = try #require(
            try await ledger.record(groups: [], actions: [action], holds: [], of: record.id).first)
        try await ledger.commit([.sending([stored.id], at: time(moment))])
        return stored
    }

    @Test("The ledger counts adds that never showed, until the entry changes or the person is there") func declined()
        async throws
    {
        let ledger = try Ledger(path: folder.path("ledger.sqlite"))
        let outcome = ActionOutcome(status: .declined)
        for (run, (fingerprint, tries)) in [("a", 1), ("a", 2), ("b", 1), ("b", 2)].enumerated() {
            let action = try await sent(ledger, UInt16(run))
            let settled = SettledAction(
                id: action.id, phone: action.phone, outcome: outcome, note: .didNotShow(fingerprint: fingerprint))
            try await ledger.commit([.settled([settled], in: action.key, size: nil, at: time(Int64(run) * 1_000))])
            let memory = try #require(try await ledger.memory(of: key()).declined[group()]?[phone(1)])
            #expect(
                memory
                    == DeclinedAdd(tries: tries, lastTriedAt: time(Int64(run) * 1_000), fingerprint: fingerprint))
        }
        var findings = SessionFindings()
        findings.arrived = [try group(): [try phone(1)]]
        try await ledger.remember(findings, of: key(), at: time(9_000))
        #expect(try await ledger.memory(of: key()).declined.isEmpty)
        let last = try await ledger.actions(of: ledger.run(matching: "last").id)
        #expect(last.map(\.status) == [.confirmed])
    }

    @Test("The ledger remembers that we removed a person, until they are seen again") func removedByUs() async throws {
        let ledger = try Ledger(path: folder.path("ledger.sqlite"))
        var findings = SessionFindings()
        let lid = try #require(LID(digits: 7))
        findings.sighted = [try group(): [try phone(1)]]
        findings.sightedLIDs = [try group(): [lid]]
        func wasRemovedByUs() async throws -> [Bool?] {
            let memory = try await ledger.memory(of: key())
            return [
                try memory.sightings[group()]?[phone(1)]?.wasRemovedByUs,
                try memory.lidSightings[group()]?[lid]?.wasRemovedByUs,
            ]
        }
        try await ledger.remember(findings, of: key(), at: time(1_000))
        let action = try await sent(ledger, 1, .remove, lid: lid, at: 1_500)
        let settled = SettledAction(
            id: action.id, phone: action.phone, outcome: ActionOutcome(status: .confirmed), note: .removed)
        try await ledger.commit([.settled([settled], in: action.key, size: 3, at: time(1_600))])
        #expect(try await wasRemovedByUs() == [true, true])
        try await ledger.remember(findings, of: key(), at: time(2_000))
        #expect(try await wasRemovedByUs() == [false, false])
        // Later news about that call does not affect a person seen after it.
        findings = SessionFindings()
        findings.confirmed = [action.id]
        try await ledger.remember(findings, of: key(), at: time(3_000))
        #expect(try await wasRemovedByUs() == [false, false])
    }

    @Test("The ledger remembers the result of an earlier run's call, and updates its counts") func corrected()
        async throws
    {
        let ledger = try Ledger(path: folder.path("ledger.sqlite"))
        let action = try await sent(ledger, 1)
        _ = try await ledger.closeDeadRuns(at: time(3))
        #expect(try await ledger.run(matching: "last").tally == RunTally(errors: 1))
        var findings = SessionFindings()
        findings.confirmed = [action.id]
        try await ledger.remember(findings, of: key(), at: time(4))
        var run = try await ledger.run(matching: "last")
        #expect(run.tally == RunTally(changes: ActionCounts(adds: 1)))
        #expect(try await ledger.actions(of: run.id).map(\.status) == [.confirmed])
        // A repeated finding counts once, and a wrong one is corrected.
        try await ledger.remember(findings, of: key(), at: time(5))
        #expect(try await ledger.run(matching: "last").tally == RunTally(changes: ActionCounts(adds: 1)))
        let tries = DeclinedAdd(tries: 1, lastTriedAt: time(2), fingerprint: "")
        findings = SessionFindings()
        findings.neverShown = [try group(): [try phone(1): NeverShownAdd(rows: [action.id], tries: tries)]]
        try await ledger.remember(findings, of: key(), at: time(6))
        run = try await ledger.run(matching: "last")
        #expect(run.tally == RunTally(errors: 1))
        #expect(try await ledger.actions(of: run.id).map(\.status) == [.declined])
    }

    @Test("The ledger remembers that an add was sent, by whichever run first finds that it shows") func countedOnce()
        async throws
    {
        let ledger = try Ledger(path: folder.path("ledger.sqlite"))
        let action = try await sent(ledger, 1)
        let taken = SettledAction(
            id: action.id, phone: action.phone, outcome: ActionOutcome(status: .accepted, httpStatus: 204))
        try await ledger.commit([.settled([taken], in: action.key, size: nil, at: time(3))])
        func adds() async throws -> Int {
            try await ledger.addsSent(
                by: try key().session, of: .default, since: time(0), by: LedgerClock(at: .lateEnough))
        }
        #expect(try await adds() == 1)
        // A plan sees the person before the run has recorded the group's attempts.
        var findings = SessionFindings()
        findings.confirmed = [action.id]
        try await ledger.remember(findings, of: key(), at: time(4))
        #expect(try await adds() == 1)
        try await ledger.commit([.taken([action.id])])
        _ = try await ledger.closeDeadRuns(at: time(5))
        #expect(try await adds() == 1)
        let run = try await ledger.run(matching: "last")
        #expect(try await ledger.attempts(of: run.id).map(\.status) == [.accepted])
    }

    @Test("The ledger remembers everything of an apply that could not continue") func abandoned() async throws {
        let ledger = try Ledger(path: folder.path("ledger.sqlite"))
        let action = try await sent(ledger, 1)
        var run = try await ledger.run(matching: "last")
        try await ledger.abandon(run.id, as: .failed, exitCode: 1, at: time(3))
        run = try await ledger.run(matching: "last")
        #expect(run.status == .failed && run.exitCode == 1 && run.tally == RunTally(errors: 1))
        #expect(try await ledger.actions(of: run.id).map(\.status) == [.unknown])
        #expect(try await ledger.openCalls(of: key(), since: time(0)).map(\.id) == [action.id])
        #expect(
            try await ledger.addsSent(
                by: try key().session, of: .default, since: time(0), by: LedgerClock(at: .lateEnough)) == 1)
    }

    @Test("A call may have had no effect if a later one asked for the same") func superseded() async throws {
        let ledger = try Ledger(path: folder.path("ledger.sqlite"))
        let first = try await sent(ledger, 1)
        _ = try await ledger.closeDeadRuns(at: time(3))
        #expect(try await ledger.openCalls(of: key(), since: time(0)).map(\.id) == [first.id])
        let second = try await sent(ledger, 2, at: 4)
        let settled = SettledAction(
            id: second.id, phone: second.phone, outcome: ActionOutcome(status: .confirmed),
            note: .joined(isSighted: false, as: nil))
        try await ledger.commit([.settled([settled], in: second.key, size: 3, at: time(5))])
        var findings = SessionFindings()
        findings.confirmed = [first.id]
        try await ledger.remember(findings, of: key(), at: time(6))
        let run = try await ledger.latestRuns(2).last
        #expect(run?.tally == RunTally(errors: 1))
        #expect(try await ledger.actions(of: #require(run).id).map(\.status) == [.unknown])
        #expect(try await ledger.openCalls(of: key(), since: time(0)).isEmpty)
    }

    @Test("A call had its effect if a later one was refused") func notSuperseded() async throws {
        let ledger = try Ledger(path: folder.path("ledger.sqlite"))
        let first = try await sent(ledger, 1)
        _ = try await ledger.closeDeadRuns(at: time(3))
        let second = try await sent(ledger, 2, at: 4)
        let settled = SettledAction(
            id: second.id, phone: second.phone, outcome: ActionOutcome(status: .failed, httpStatus: 400))
        try await ledger.commit([.settled([settled], in: second.key, size: nil, at: time(5))])
        var findings = SessionFindings()
        findings.confirmed = [first.id]
        try await ledger.remember(findings, of: key(), at: time(6))
        let run = try #require(try await ledger.latestRuns(2).last)
        #expect(try await ledger.actions(of: run.id).map(\.status) == [.confirmed])
    }

    @Test("The ledger remembers who is put off since when, and forgets them afterwards") func deferred() async throws {
        let ledger = try Ledger(path: folder.path("ledger.sqlite"))
        let (first, second) = (try phone(1), try phone(2))
        try await ledger.rememberWaiting([group(): [first]], among: [group()], of: key(), at: time(1_000))
        try await ledger.rememberWaiting([group(): [first, second]], among: [group()], of: key(), at: time(2_000))
        #expect(try await ledger.memory(of: key()).deferred == [group(): [first: time(1_000), second: time(2_000)]])
        try await ledger.rememberWaiting([group(): [second]], among: [group()], of: key(), at: time(3_000))
        #expect(try await ledger.memory(of: key()).deferred == [group(): [second: time(2_000)]])
    }
}
