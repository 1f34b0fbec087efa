import Core
import GatewaySimulator
import Testing

@Suite("Masked failures")
struct MaskedFailureTests {
    private func sample(_ adjust: (inout Behaviour) -> Void = { _ in }) throws -> SampleWorld {
        try SampleWorld(adjust: { seed in
            seed.behaviour.masksFailures = true
            adjust(&seed.behaviour)
        })
    }

    private func changes(_ sample: SampleWorld) -> [SimulatedResponse] {
        [
            sample.add([sample.outsider]), sample.remove(sample.member), sample.promote(sample.member),
            sample.demote(sample.admin),
        ]
    }

    private func expectMasked(_ response: SimulatedResponse) throws {
        #expect(response.status == 500)
        let error = try response.decoded(Envelope.self).error
        #expect(error.code == "internal")
        #expect(error.message == "internal server error")
    }

    @Test("A change by an account that is not an admin or not a member is an internal error without effect")
    func notAnAdmin() throws {
        let sample = try sample()
        sample.world.setRole(.member, of: sample.own, in: sample.groupID)
        let before = try sample.roles()
        for response in changes(sample) + [sample.ask("GET", "\(sample.groupPath)/invite")] {
            try expectMasked(response)
        }
        #expect(try sample.roles() == before)
        sample.world.leave(sample.own, sample.groupID)
        for response in changes(sample) { try expectMasked(response) }
        #expect(try sample.roles().count == 3)
    }

    @Test("A role change of a non-member answers 204 and does nothing")
    func roleOfNobody() throws {
        let sample = try sample()
        let unknown = try #require(LID(digits: 999_999_999_999_999))
        let before = try sample.roles()
        for response in [
            sample.promote(sample.outsider), sample.demote(sample.outsider), sample.change("POST", unknown, "/promote"),
        ] {
            #expect(response.status == 204)
            #expect(try sample.lastOutcomes() == [.notAMember])
        }
        #expect(try sample.roles() == before)
    }

    @Test("The gateway's own checks are reported as usual")
    func ownChecks() throws {
        let sample = try sample()
        #expect(sample.ask("DELETE", "\(sample.groupPath)/members/x").status == 400)
        #expect(sample.ask("POST", "\(sample.groupPath)/members", key: nil).status == 401)
        #expect(sample.ask("DELETE", "\(sample.groupPath)/members/x", key: "wa_reader").status == 403)
        #expect(sample.ask("DELETE", "/groups/1@g.us/members/447700900103@s.whatsapp.net").status == 404)
    }

    @Test("Beyond the rate limit, every change of the session is refused", arguments: [true, false])
    func rateLimit(isMasked: Bool) throws {
        let sample = try SampleWorld(adjust: { seed in
            seed.behaviour.masksFailures = isMasked
            seed.behaviour.changesBeforeRateLimit = 2
        })
        #expect(sample.promote(sample.member).status == 204)
        #expect(sample.ask("GET", "/groups").status == 200)
        #expect(sample.demote(sample.member).status == 204)
        let before = try sample.roles()
        for response in changes(sample) {
            if isMasked {
                try expectMasked(response)
            } else {
                #expect(response.status == 429)
                #expect(response.errorCode == "rate_limited")
            }
            #expect(try sample.lastOutcomes().isEmpty)
        }
        #expect(try sample.roles() == before)
        #expect(sample.ask("GET", "\(sample.groupPath)/members").status == 200)
        sample.world.setBehaviour { $0.changesBeforeRateLimit = nil }
        #expect(sample.add([sample.outsider]).status == 204)
    }

    @Test("Each session has its own rate limit")
    func rateLimitOfOneSession() throws {
        let second = try #require(SessionID("01J9SESSION000000000000003"))
        let sample = try SampleWorld(adjust: { seed in
            seed.behaviour.changesBeforeRateLimit = 1
            seed.sessions.append(
                SessionSeed(id: second, organisation: "school", account: try SampleWorld.phone(102)))
            seed.groups[0].sessions.append(second)
        })
        func remove(_ session: String) -> SimulatedResponse {
            sample.ask(
                "DELETE", "\(sample.groupPath)/members/\(sample.outsider.digits)@s.whatsapp.net", session: session)
        }
        #expect(remove(SampleWorld.session).status == 204)
        #expect(remove(SampleWorld.session).status == 429)
        #expect(remove(second.text).status == 204)
    }

    @Test(
        "A live call of a disconnected session answers as the gateway's version does",
        arguments: [
            (DisconnectedStatus.notImplemented, 501, "not_implemented"), (.conflict, 409, "conflict"),
            (.unavailable, 503, "gateway_unavailable"),
        ])
    func notConnected(form: DisconnectedStatus, status: Int, code: String) throws {
        let sample = try sample { $0.disconnectedStatus = form }
        sample.world.setStatus("failed", of: sample.sessionID)
        let live = ["\(sample.groupPath)/invite", "/contacts/check?phone=447700900104"].map { sample.ask("GET", $0) }
        for response in changes(sample) + live {
            #expect(response.status == status)
            #expect(response.errorCode == code)
        }
        #expect(sample.ask("GET", "\(sample.groupPath)/members").status == 200)
    }
}
