import Core

extension WorldState {
    /// `POST /admin/sessions/{session}:backfill`: starts a job, reported as running.
    mutating func startBackfill(_ request: ServedRequest) throws(SimulatedRefusal) -> SimulatedResponse {
        let session = try sessionOfAnyone(request)
        guard session.isConnected else {
            throw .notImplemented("The session is not connected; its status is '\(session.seed.status)'.")
        }
        if case .running? = backfills[session.id]?.state { throw .conflict("A backfill of the session is running.") }
        backfillCount += 1
        let job = BackfillJob(
            id: "backfill-\(backfillCount)", session: session.id, startedAt: request.now,
            endsAt: request.now.later(byMilliseconds: behaviour.backfill.milliseconds), fails: behaviour.backfill.fails)
        backfills[session.id] = job
        return answer(job, session, status: 202)
    }

    /// `GET /admin/sessions/{session}/backfill`: the running or latest job.
    func getBackfill(_ request: ServedRequest) throws(SimulatedRefusal) -> SimulatedResponse {
        let session = try sessionOfAnyone(request)
        guard let job = backfills[session.id] else { throw .notFound("Backfill") }
        return answer(job, session, status: 200)
    }

    /// Writes every group that a session's account is in into the session's store; returns the counts.
    ///
    /// A group that the account has left stays as it was: WhatsApp no longer lists it for the account.
    @discardableResult
    mutating func backfill(_ id: SessionID, at time: Timestamp) -> BackfillCounts {
        var counts = BackfillCounts()
        var people: Set<LID> = []
        for group in joinedGroups(of: id) {
            sessions[id]?.backfill(group, at: time)
            people.formUnion(group.members.lazy.map(\.lid))
            counts.groups += 1
            counts.members += group.members.count
        }
        counts.contacts = people.count
        return counts
    }

    /// Ends a job: it writes its data, or fails.
    mutating func finish(_ job: BackfillJob) {
        var ended = job
        ended.state = job.fails ? .failed : .succeeded
        if !job.fails { ended.counts = backfill(job.session, at: job.endsAt) }
        backfills[job.session] = ended
    }

    private func joinedGroups(of id: SessionID) -> [GroupState] {
        guard let session = sessions[id], let account = session.account else { return [] }
        return session.groupOrder.compactMap { groups[$0] }.filter { $0.role(of: account) != nil }
    }

    private func answer(_ job: BackfillJob, _ session: SessionState, status: Int) -> SimulatedResponse {
        object(status: status) { job.write(organisation: session.seed.organisation, to: &$0) }
    }
}
