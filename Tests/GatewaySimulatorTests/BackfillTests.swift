import Core
import Testing

@testable import GatewaySimulator

@Suite("Backfills")
struct BackfillTests {
    private static let superAdmin = Caller(
        organisation: "school", permissions: LoginRole.admin.permissions, name: "root", isSuperAdmin: true)

    private func sample(_ adjust: (inout Behaviour) -> Void = { _ in }) throws -> SampleWorld {
        try SampleWorld(adjust: { seed in
            seed.behaviour.store = .appendOnly
            adjust(&seed.behaviour)
        })
    }

    private func ask(
        _ sample: SampleWorld, _ method: String, _ path: String, login: Caller? = superAdmin, key: String? = nil
    ) -> SimulatedResponse {
        sample.world.respond(
            to: SimulatedRequest(
                method: method, path: "/api/v1/admin/sessions/\(path)", headers: key.map { [("x-api-key", $0)] } ?? []),
            login: login)
    }

    private func start(_ sample: SampleWorld) -> SimulatedResponse {
        ask(sample, "POST", "\(SampleWorld.session):backfill")
    }

    private func status(_ sample: SampleWorld) -> SimulatedResponse {
        ask(sample, "GET", "\(SampleWorld.session)/backfill")
    }

    @Test("An instant backfill is reported as running, and is done at the next request")
    func atOnce() throws {
        let sample = try sample()
        #expect(status(sample).status == 404)
        #expect(sample.add([sample.outsider]).status == 204)
        let begun = start(sample)
        let now = sample.clock.now.milliseconds
        #expect(begun.status == 202)
        let id = try begun.decoded(Job.self).id
        #expect(try begun.decoded(Job.self) == Job(id: id, status: "running", startedAt: now))
        #expect(try sample.isListed(sample.outsider))
        #expect(
            try status(sample).decoded(Job.self)
                == Job(
                    id: id, status: "succeeded", contacts: 5, groups: 1, groupMembers: 5, startedAt: now,
                    finishedAt: now))
        #expect(start(sample).status == 202)
        #expect(try status(sample).decoded(Job.self).id != id)
    }

    @Test("A running backfill blocks others, and ends by the clock")
    func takesTime() throws {
        let sample = try sample { $0.backfill.milliseconds = 2_000 }
        let begin = sample.clock.now.milliseconds
        #expect(start(sample).status == 202)
        sample.clock.advance(byMilliseconds: 1_999)
        sample.world.join(sample.outsider, sample.groupID)
        let refused = start(sample)
        #expect(refused.status == 409)
        #expect(refused.errorCode == "conflict")
        #expect(try status(sample).decoded(Job.self).status == "running")
        #expect(try !sample.isListed(sample.outsider))
        sample.clock.advance(byMilliseconds: 5_000)
        #expect(try sample.row(of: sample.outsider)?.lastSeenAt == begin + 2_000)
        #expect(try status(sample).decoded(Job.self).finishedAt == begin + 2_000)
        #expect(start(sample).status == 202)
    }

    @Test("A backfill holds the state at its end, not later changes before the next request")
    func stateOfItsEnd() throws {
        let sample = try sample { $0.backfill.milliseconds = 2_000 }
        let begin = sample.clock.now.milliseconds
        #expect(start(sample).status == 202)
        sample.clock.advance(byMilliseconds: 3_000)
        sample.world.leave(sample.member, sample.groupID)
        sample.world.join(sample.outsider, sample.groupID)
        #expect(try sample.row(of: sample.member)?.lastSeenAt == begin + 2_000)
        #expect(try !sample.isListed(sample.outsider))
    }

    @Test("A failing backfill says so and writes nothing")
    func fails() throws {
        let sample = try sample { $0.backfill = BackfillBehaviour(milliseconds: 10, fails: true) }
        #expect(sample.add([sample.outsider]).status == 204)
        #expect(start(sample).status == 202)
        sample.clock.advance(byMilliseconds: 10)
        let job = try status(sample).decoded(Job.self)
        #expect(job.status == "failed" && job.error != nil && job.groupMembers == 0)
        #expect(job.finishedAt == sample.clock.now.milliseconds)
        #expect(try !sample.isListed(sample.outsider))
    }

    @Test("A restart drops all backfills, and a running one never writes")
    func forgotten() throws {
        let sample = try sample { $0.backfill.milliseconds = 10 }
        #expect(sample.add([sample.outsider]).status == 204)
        #expect(start(sample).status == 202)
        sample.world.forgetBackfills()
        sample.clock.advance(byMilliseconds: 10)
        #expect(status(sample).status == 404)
        #expect(try !sample.isListed(sample.outsider))
    }

    @Test("Only a login of a platform super_admin may start a backfill, whatever another token allows")
    func permissions() throws {
        let sample = try sample()
        let plain = Caller(organisation: "school", permissions: LoginRole.admin.permissions, name: "ana")
        for (method, path) in [
            ("POST", "\(SampleWorld.session):backfill"), ("GET", "\(SampleWorld.session)/backfill"),
        ] {
            #expect(ask(sample, method, path, login: nil).status == 401)
            #expect(ask(sample, method, path, login: nil, key: "wa_full").status == 403)
            #expect(ask(sample, method, path, login: nil, key: "wa_full").errorCode == "forbidden")
            #expect(ask(sample, method, path, login: plain).status == 403)
        }
        let viewer = Caller(
            organisation: "school", permissions: LoginRole.viewer.permissions, name: "v", isSuperAdmin: true)
        #expect(ask(sample, "POST", "\(SampleWorld.session):backfill", login: viewer).status == 202)
    }

    @Test(
        "A backfill reaches a session of any organisation; other calls see only their own organisation"
    )
    func allOrganisations() throws {
        let sample = try sample()
        let foreign = ask(sample, "POST", "\(SampleWorld.foreignSession):backfill")
        #expect(foreign.status == 202)
        #expect(try foreign.decoded(Job.self).organizationId == "club")
        #expect(ask(sample, "GET", "\(SampleWorld.foreignSession)/backfill").status == 200)
        for session in ["01J9NOBODY", "a%20b"] {
            #expect(ask(sample, "POST", "\(session):backfill").status == 404)
            #expect(ask(sample, "GET", "\(session)/backfill").status == 404)
        }
        let request = SimulatedRequest(method: "GET", path: "/api/v1/sessions/\(SampleWorld.foreignSession)/groups")
        #expect(sample.world.respond(to: request, login: Self.superAdmin).status == 404)
    }

    @Test(
        "A session that is not connected cannot be backfilled, whatever live calls answer",
        arguments: DisconnectedStatus.allCases)
    func notConnected(status: DisconnectedStatus) throws {
        let sample = try sample { $0.disconnectedStatus = status }
        sample.world.setStatus("failed", of: sample.sessionID)
        let response = start(sample)
        #expect(response.status == 501)
        #expect(response.errorCode == "not_implemented")
        #expect(self.status(sample).status == 404)
    }

    @Test("Other paths and methods below admin are refused as elsewhere")
    func paths() throws {
        let sample = try sample()
        let session = SampleWorld.session
        for path in [":backfill", "/backfill", "x", "\(session):backfill/x", "\(session)/x", ""] {
            #expect(ask(sample, "GET", path).status == 404, "\(path)")
        }
        let response = ask(sample, "GET", "\(SampleWorld.session):backfill")
        #expect(response.status == 405)
        #expect(response.header("allow") == "POST")
        #expect(ask(sample, "POST", "\(SampleWorld.session)/backfill").header("allow") == "GET")
    }

    @Test("Only the request of a backfill is in the journal, and the observer hears nothing")
    func journal() throws {
        let changes = ChangeLog()
        let sample = try SampleWorld(
            adjust: { $0.behaviour.store = .appendOnly }, observer: { changes.append($0) })
        #expect(start(sample).status == 202)
        #expect(try sample.rows().count == 4)
        #expect(sample.world.mutations.map(\.path) == ["/api/v1/admin/sessions/\(SampleWorld.session):backfill"])
        #expect(sample.world.journal.map(\.caller) == ["root", "full"])
        #expect(changes.all.isEmpty)
    }

    @Test("A backfill brings a following store up to date despite its lag")
    func following() throws {
        let sample = try SampleWorld(adjust: { $0.behaviour.lag = Lag(milliseconds: 60_000, reads: 9) })
        #expect(sample.add([sample.outsider]).status == 204)
        #expect(sample.promote(sample.member).status == 204)
        #expect(try !sample.isListed(sample.outsider))
        #expect(start(sample).status == 202)
        #expect(try sample.isListed(sample.outsider))
        #expect(try sample.row(of: sample.member)?.role == "admin")
        #expect(try sample.ask("GET", sample.groupPath).decoded(Group.self).participantCount == 5)
    }

    @Test("A super_admin's token says so, and an ordinary person's token does not")
    func token() async throws {
        let sample = try sample()
        let authority = try await LoginAuthority(clock: { [clock = sample.clock] in clock.now })
        for isSuperAdmin in [true, false] {
            let token = try await authority.token(organisation: "school", isSuperAdmin: isSuperAdmin)
            #expect(await authority.identity(of: token)?.isSuperAdmin == isSuperAdmin)
        }
        let request = try #require(SimulatorProgram.TokenRequest("school:super_admin"))
        #expect(request.isSuperAdmin && request.role == .admin && request.organisation == "school")
        #expect(SimulatorProgram.TokenRequest("school:admin")?.isSuperAdmin == false)
        #expect(SimulatorProgram.TokenRequest("school")?.isSuperAdmin == false)
    }
}

/// A backfill as the gateway reports it.
private struct Job: Decodable, Equatable {
    var id: String
    var sessionId = SampleWorld.session
    var organizationId = "school"
    var status: String
    var contacts = 0
    var groups = 0
    var groupMembers = 0
    var startedAt: Int64
    var finishedAt: Int64?
    var error: String?
}
