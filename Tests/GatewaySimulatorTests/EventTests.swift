import Core
import GatewaySimulator
import Testing

@Suite("Events without a request")
struct EventTests {
    private func sample(
        observer: (@Sendable (WorldChange) -> Void)? = nil, schedule: [ScheduledEvent] = []
    ) throws -> SampleWorld {
        try SampleWorld(
            adjust: { seed in
                seed.behaviour.store = .appendOnly
                seed.schedule = schedule
            }, servesControlPaths: true, observer: observer)
    }

    private func control(_ sample: SampleWorld, _ path: String, _ body: String, method: String = "POST")
        -> SimulatedResponse
    {
        sample.world.respond(
            to: SimulatedRequest(method: method, path: "/_simulator/\(path)", body: Array(body.utf8)))
    }

    private func body(_ sample: SampleWorld, _ phone: PhoneNumber) -> String {
        #"{"group": "\#(SampleWorld.group)", "phone": "\#(phone.e164)"}"#
    }

    @Test("Control paths make people write, join and leave, and backfill a session")
    func controlPaths() throws {
        let changes = ChangeLog()
        let sample = try sample(observer: { changes.append($0) })
        sample.clock.advance(byMilliseconds: 1_000)
        #expect(control(sample, "joins", body(sample, sample.outsider)).status == 204)
        #expect(try sample.roles()[sample.outsider] == .member)
        #expect(control(sample, "messages", body(sample, sample.outsider)).status == 204)
        #expect(try sample.row(of: sample.outsider)?.lastSeenAt == sample.clock.now.milliseconds)
        #expect(control(sample, "leaves", body(sample, sample.member)).status == 204)
        #expect(try sample.roles()[sample.member] == nil)
        #expect(changes.all.map(\.sequence) == [0, 0])
        sample.clock.advance(byMilliseconds: 1_000)
        #expect(control(sample, "backfills", #"{"session": "\#(SampleWorld.session)"}"#).status == 204)
        #expect(try sample.row(of: sample.outsider)?.lastSeenAt == sample.clock.now.milliseconds)
        #expect(sample.world.mutations.isEmpty)
    }

    @Test(
        "A control path reports what is wrong, and then does nothing",
        arguments: [
            ("messages", "", "the input is empty"), ("joins", "null", "a join needs a group and a phone"),
            ("leaves", "[]", "a leave must be a mapping"), ("joins", "{", "body:1:"),
            ("joins", #"{"group": "x", "phone": "+447700900104"}"#, "body:1:11: error: 'x' is not a group JID"),
            ("joins", #"{"group": "1@g.us", "phone": "+447700900104"}"#, "There is no group 1@g.us."),
            ("joins", #"{"group": "120363041234567890@g.us", "phone": "ana"}"#, "no person 'ana' under people"),
            ("joins", #"{"group": "120363041234567890@g.us"}"#, "a join needs a group and a phone"),
            ("joins", #"{"group": "120363041234567890@g.us", "phon": "+1"}"#, "did you mean 'phone'?"),
            (
                "joins", #"{"group": "120363041234567890@g.us", "phone": "+447700900103"}"#,
                "+447700900103 is already a member of the group 120363041234567890@g.us."
            ),
            (
                "messages", #"{"group": "120363041234567890@g.us", "phone": "+447700900104"}"#,
                "+447700900104 is not a member of the group 120363041234567890@g.us."
            ),
            (
                "leaves", #"{"group": "120363041234567890@g.us", "phone": "+447700900104"}"#,
                "+447700900104 is not a member of the group 120363041234567890@g.us."
            ),
            ("backfills", "{}", "a backfill needs a session"),
            ("backfills", #"{"session": "x"}"#, "There is no session x."),
            ("backfills", #"{"session": "a/b"}"#, "'a/b' is not a session id"),
        ])
    func refusedControl(path: String, body: String, expected: String) throws {
        let sample = try sample()
        let before = try sample.roles()
        let response = control(sample, path, body)
        #expect(response.status == 400)
        let message = try response.decoded(Envelope.self).error.message
        #expect(message.contains(expected), "\(message)")
        #expect(try sample.roles() == before)
        #expect(control(sample, path, body, method: "GET").header("allow") == "POST")
    }

    @Test("Each scheduled event happens at its own time, and the next request sees it")
    func schedule() throws {
        let sample = try SampleWorld()
        let (group, outsider, session) = (sample.groupID, sample.outsider, sample.sessionID)
        let changes = ChangeLog()
        let scheduled = try self.sample(
            observer: { changes.append($0) },
            schedule: [
                ScheduledEvent(afterMilliseconds: 3_000, .backfill(session)),
                ScheduledEvent(afterMilliseconds: 1_000, .join(outsider, group)),
                ScheduledEvent(afterMilliseconds: 1_000, .message(outsider, group)),
                ScheduledEvent(afterMilliseconds: 2_000, .leave(sample.member, group)),
            ])
        let start = scheduled.clock.now.milliseconds
        scheduled.clock.advance(byMilliseconds: 999)
        #expect(try !scheduled.isListed(outsider))
        scheduled.clock.advance(byMilliseconds: 1)
        #expect(try scheduled.row(of: outsider)?.lastSeenAt == start + 1_000)
        #expect(changes.all.count == 1)
        scheduled.clock.advance(byMilliseconds: 9_000)
        #expect(try scheduled.row(of: outsider)?.lastSeenAt == start + 3_000)
        #expect(try scheduled.row(of: scheduled.member)?.lastSeenAt == start)
        #expect(changes.all.map(\.sequence) == [0, 0])
        #expect(changes.all.last?.group.role(of: scheduled.member) == nil)
        #expect(scheduled.world.mutations.isEmpty)
    }

    @Test("Events and the ends of backfills happen in order of time")
    func interleaved() throws {
        let sample = try SampleWorld()
        let (group, outsider) = (sample.groupID, sample.outsider)
        let scheduled = try self.sample(schedule: [
            ScheduledEvent(afterMilliseconds: 1_000, .leave(sample.member, group)),
            ScheduledEvent(afterMilliseconds: 3_000, .join(outsider, group)),
        ])
        scheduled.world.setBehaviour { $0.backfill.milliseconds = 2_000 }
        let start = scheduled.clock.now.milliseconds
        let login = Caller(
            organisation: "school", permissions: LoginRole.admin.permissions, name: "root", isSuperAdmin: true)
        let request = SimulatedRequest(
            method: "POST", path: "/api/v1/admin/sessions/\(SampleWorld.session):backfill")
        #expect(scheduled.world.respond(to: request, login: login).status == 202)
        scheduled.clock.advance(byMilliseconds: 60_000)
        #expect(try scheduled.row(of: scheduled.admin)?.lastSeenAt == start + 2_000)
        #expect(try scheduled.row(of: scheduled.member)?.lastSeenAt == start)
        #expect(try scheduled.row(of: outsider) == nil)
        #expect(try scheduled.roles()[outsider] == .member)
    }

    @Test("A schedule with unknown people, groups or sessions is refused")
    func refusedSchedule() throws {
        let sample = try SampleWorld()
        let group = try #require(GroupID("1@g.us"))
        let session = try #require(SessionID("nobody"))
        let offline = try SampleWorld.phone(111)
        let cases: [(WorldEvent, SeedError)] = [
            (.join(sample.member, group), .unknownGroup(group)), (.backfill(session), .unknownSession(session)),
            (.message(offline, sample.groupID), .memberNotOnWhatsApp(sample.groupID, offline)),
        ]
        for (event, expected) in cases {
            #expect(throws: expected) {
                try SampleWorld(adjust: { seed in
                    seed.people.append(PersonSeed(phone: offline, isOnWhatsApp: false))
                    seed.schedule = [ScheduledEvent(afterMilliseconds: 0, event)]
                })
            }
        }
    }
}
