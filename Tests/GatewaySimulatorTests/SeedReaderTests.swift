import Core
import Testing

@testable import GatewaySimulator

@Suite("Seed files")
struct SeedReaderTests {
    private static let head = """
        organisations: { school: { keys: { k: { token: wa_k } } } }
        people:
          ana: +44 7700 900101
          bo: { phone: +44 7700 900102, on_whatsapp: false }
        sessions:
          s1: { organisation: school, account: ana }

        """

    private func problems(_ text: String) -> [String] {
        do {
            _ = try WorldSeed.read(Array(text.utf8), file: "gateway.yaml")
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    @Test("Every key is read")
    func everything() throws {
        let text = """
            behaviour:
              lag: { milliseconds: 1500, reads: 2 }
              end_of_list: empty
              members_per_page: 10
              groups_per_page: 3
              omit_nulls: true
              creator: forbidden
              fail_whole_batch: true
              strangers_on_whatsapp: false
              group_size: 257
              group_filter: false
              store: append_only
              backfilled: false
              empty_data: null
              last_seen: copy
              superadmin: false
              takes_lids: false
              masks_failures: true
              rate_limit_after: 4
              disconnected: 409
              backfill: { milliseconds: 2000, fails: true }
            organisations:
              school:
                keys:
                  reader: { token: wa_reader, permissions: [read] }
            people:
              ana: { phone: +44 7700 900101, lid: 77@lid, name: Ana Silva, business: Silva Ltd, tag: boss, number: hidden,
                     adds: declines, other_numbers: [+44 7700 900191], check_answers_lid: true }
              bo: { phone: 447700900102@s.whatsapp.net, adds: [120363041234567890@g.us] }
            sessions:
              s1: { organisation: school, account: ana, label: Office, status: failed, device: 3, rate_per_minute: 5,
                    rate_per_hour: 50, refuses_me: true, lag: { reads: 1 }, numbers: { bo: absent },
                    direct_messages: [bo] }
              s2: { organisation: school }
            groups:
              120363041234567890@g.us:
                session: s1
                sessions: [s2]
                subject: Volunteers
                description: All of us
                creator: bo
                owner: hidden
                admins: [ana]
                members: [bo, +44 7700 900199]
                size_limit: 3
                announce: true
                locked: true
                created_at: 2026-01-31
                numbers: { ana: shown }
                wrong: { empty: true, missing: 1, lacks_own_account: true, duplicates: 2, foreign_entries: true,
                         by_number: 3, rotates: true, count_offset: -4 }
            faults:
              - { method: POST, path: "*", skip: 1, count: all, status: 429, code: slow_down, retry_after: 3 }
              - { path: /a, status: 500, after_effect: true }
              - { path: /b, delay: 250 }
              - { path: /c, garbage: "<html>" }
              - { path: /d, count: 2, redirect: /e }
              - { path: /f, reset: before }
              - { path: /g, reset: after }
              - { path: /h, truncate: 20 }
              - { path: /i, drip: 3 }
              - { path: /j, status: 503, retry_after_date: -5 }
              - { path: /k, garbage_bytes: "5b ff FE5d" }
              - { path: /l, gzip_bomb: 100 }
              - { path: /m, hang: before }
              - { path: /n, hang: after }
              - { path: /o, endless: empty }
              - { path: /p, endless: repeated }
              - { path: /q, change: { role: '"owner"', tag: null, participantCount: 4.5 } }
              - { path: /r, change: { role: 7 }, only_first: true }
            schedule:
              - { after: 5000, message: { group: 120363041234567890@g.us, phone: ana } }
              - { after: 0, join: { group: 120363041234567890@g.us, phone: +44 7700 900150 } }
              - { after: 7, leave: { group: 120363041234567890@g.us, phone: 447700900102@s.whatsapp.net } }
              - { after: 9, backfill: s1 }
            """
        let seed = try WorldSeed.read(Array(text.utf8), file: "gateway.yaml")
        var behaviour = Behaviour()
        (behaviour.lag, behaviour.endOfList) = (Lag(milliseconds: 1_500, reads: 2), .empty)
        (behaviour.membersPerPage, behaviour.groupsPerPage, behaviour.groupSize) = (10, 3, 257)
        (behaviour.omitsNulls, behaviour.emptyDataIsNull, behaviour.failsWholeBatch) = (true, true, true)
        (behaviour.creatorProtection, behaviour.disconnectedStatus) = (.forbidden, .conflict)
        (behaviour.strangersAreOnWhatsApp, behaviour.groupFilterWorks, behaviour.takesLIDs) = (false, false, false)
        (behaviour.store, behaviour.beginsBackfilled, behaviour.lastSeen) = (.appendOnly, false, .copy)
        (behaviour.listsSuperadmin, behaviour.masksFailures, behaviour.changesBeforeRateLimit) = (false, true, 4)
        behaviour.backfill = BackfillBehaviour(milliseconds: 2_000, fails: true)
        #expect(seed.behaviour == behaviour)
        #expect(seed.organisations.first?.keys.first?.permissions == [.read])
        let ana = try #require(seed.people.first)
        #expect(ana.lid?.digits == 77 && ana.name == "Ana Silva" && ana.businessName == "Silva Ltd")
        #expect(ana.tag == "boss" && ana.number == .hidden && ana.adds == .declines && ana.checkAnswersLID)
        #expect(ana.otherNumbers.map(\.digits) == [447_700_900_191])
        let group = try #require(seed.groups.first)
        #expect(seed.people.last?.adds == .declinesIn([group.id]))
        let session = try #require(seed.sessions.first)
        #expect(session.status == "failed" && session.device == 3 && session.ratePerMinute == 5)
        #expect(session.ratePerHour == 50 && session.refusesMe && session.lag == Lag(reads: 1))
        #expect(session.numbers.values.map { $0 } == [.absent] && session.directMessages.count == 1)
        #expect(seed.sessions.last?.status == "pairing")
        #expect(group.sessions.map(\.text) == ["s1", "s2"] && group.ownerForm == .hidden && group.sizeLimit == 3)
        #expect(group.members.map(\.role) == [.admin, .member, .member] && group.isAnnounce && group.isLocked)
        #expect(group.createdAt?.iso8601 == "2026-01-31T00:00:00.000Z")
        #expect(
            group.distortion
                == RosterDistortion(
                    isEmpty: true, missing: 1, lacksOwnAccount: true, duplicates: 2, listsForeignEntries: true,
                    listedByNumber: 3, rotates: true, countOffset: -4))
        #expect(
            seed.schedule == [
                ScheduledEvent(afterMilliseconds: 5_000, .message(ana.phone, group.id)),
                ScheduledEvent(afterMilliseconds: 0, .join(try SampleWorld.phone(150), group.id)),
                ScheduledEvent(afterMilliseconds: 7, .leave(try SampleWorld.phone(102), group.id)),
                ScheduledEvent(afterMilliseconds: 9, .backfill(session.id)),
            ])
        #expect(
            seed.faults == [
                FaultRule(
                    method: "POST", path: "*", skip: 1, count: nil,
                    fault: .status(429, code: "slow_down", retryAfter: 3)),
                FaultRule(path: "/a", fault: .statusAfterEffect(500, code: "internal_error")),
                FaultRule(path: "/b", fault: .delay(milliseconds: 250)),
                FaultRule(path: "/c", fault: .garbage("<html>")),
                FaultRule(path: "/d", count: 2, fault: .redirect(to: "/e")),
                FaultRule(path: "/f", fault: .reset(afterEffect: false)),
                FaultRule(path: "/g", fault: .reset(afterEffect: true)),
                FaultRule(path: "/h", fault: .truncate(bytes: 20)),
                FaultRule(path: "/i", fault: .drip(milliseconds: 3)),
                FaultRule(
                    path: "/j", fault: .status(503, code: "internal_error", retryAfter: .date(secondsFromNow: -5))),
                FaultRule(path: "/k", fault: .garbageBytes([0x5B, 0xFF, 0xFE, 0x5D])),
                FaultRule(path: "/l", fault: .gzipBomb(megabytes: 100)),
                FaultRule(path: "/m", fault: .hang(afterEffect: false)),
                FaultRule(path: "/n", fault: .hang(afterEffect: true)),
                FaultRule(path: "/o", fault: .endlessPages(.empty)),
                FaultRule(path: "/p", fault: .endlessPages(.repeated)),
                FaultRule(
                    path: "/q",
                    fault: .change([
                        AnswerChange("role", to: #""owner""#), AnswerChange("tag", to: "null"),
                        AnswerChange("participantCount", to: "4.5"),
                    ])),
                FaultRule(path: "/r", fault: .change([AnswerChange("role", to: "7")], onlyFirst: true)),
            ])
    }

    @Test("JSON is read too, and an end of list may be the word null")
    func json() throws {
        let text = #"""
            {"behaviour": {"end_of_list": "null"}, "organisations": {"a": {"keys": {"k": {"token": "wa_k"}}}}}
            """#
        let seed = try WorldSeed.read(Array(text.utf8), file: "gateway.json")
        #expect(seed.organisations.map(\.id) == ["a"])
        #expect(problems("behaviour: { end_of_list: null }").isEmpty)
        #expect(try WorldSeed.read(Array("behaviour: { empty_data: }".utf8), file: "a").behaviour == Behaviour())
    }

    @Test(
        "Each problem has its place and a fix",
        arguments: [
            ("sesions: {}", "gateway.yaml:1:1: error: unknown key 'sesions' in the seed; did you mean 'sessions'?"),
            ("", "gateway.yaml:1:1: error: the input is empty"),
            ("[]", "gateway.yaml:1:1: error: the seed must be a mapping"),
            ("people: { a: 123 }", "gateway.yaml:1:14: error: '123' is not a phone number; write it like"),
            ("people: { a: { lid: 1@lid } }", "gateway.yaml:1:11: error: 'a' has no number; add phone: +…"),
            (
                "people: { a: +447700900101, b: +44 7700 900101 }",
                "gateway.yaml:1:32: error: the number +447700900101 is already used at line 1"
            ),
            (
                "people: { a: { phone: +447700900101, lid: 12 } }",
                "gateway.yaml:1:43: error: '12' is not a LID; write it like 205227043110953@lid"
            ),
            (
                "organisations: { a: { keys: { k: { token: secret } } } }",
                "gateway.yaml:1:43: error: the token of the api-key 'k' does not begin with wa_; put wa_ in front"
            ),
            (
                "organisations: { a: { keys: { k: { token: wa_1 }, l: { token: wa_1 } } } }",
                "gateway.yaml:1:63: error: the api-key 'l' has the token of the key at line 1; give each key its own"
            ),
            (
                "organisations: { a: { keys: { k: { token: wa_1, permissions: [write] } } } }",
                "gateway.yaml:1:63: error: 'write' is not one of read, send, manage"
            ),
            ("sessions: { s: {} }", "gateway.yaml:1:13: error: the session s has no organisation; add organisation:"),
            (
                "sessions: { s: { organisation: scool } }",
                "gateway.yaml:1:32: error: there is no organisation 'scool'; describe it under organisations"
            ),
            (
                "organisations: { a: {} }\npeople: { b: { phone: +447700900101, on_whatsapp: false } }\n"
                    + "sessions: { s: { organisation: a, account: b } }",
                "gateway.yaml:3:44: error: +447700900101 is not on WhatsApp and cannot be the account of the session s"
            ),
            ("sessions: { a/b: {} }", "gateway.yaml:1:13: error: 'a/b' is not a session id"),
            ("groups: { 12: {} }", "gateway.yaml:1:11: error: '12' is not a group JID; write it like"),
            ("behaviour: { lag: 3 }", "gateway.yaml:1:19: error: lag must be a mapping with the keys milliseconds"),
            ("behaviour: { group_size: -1 }", "gateway.yaml:1:26: error: group_size must be a whole number from 0"),
            ("behaviour: { omit_nulls: yes }", "gateway.yaml:1:26: error: omit_nulls must be true or false"),
            ("behaviour: { creator: silnt }", "'silnt' is not one of silent, forbidden; did you mean 'silent'?"),
            ("behaviour: { store: append }", "'append' is not one of follows, append_only"),
            ("behaviour: { disconnected: 500 }", "1:28: error: '500' is not one of 501, 409, 503"),
            ("behaviour: { empty_data: [] }", "is not one of list, null"),
            ("behaviour: { backfill: { ms: 1 } }", "unknown key 'ms' in backfill; known keys: milliseconds, fails"),
            ("schedule: 3", "gateway.yaml:1:11: error: schedule must be a list"),
            ("behaviour: 3", "gateway.yaml:1:12: error: behaviour must be a mapping"),
            ("faults: [{ path: a }]", "gateway.yaml:1:10: error: a fault needs exactly one of status, delay"),
            ("faults: [{ status: 500 }]", "gateway.yaml:1:10: error: the fault has no path; add path:"),
            ("faults: [{ path: a, status: 200 }]", "gateway.yaml:1:29: error: status must be a whole number from 400"),
            (
                "faults: [{ path: a, garbage_bytes: 5b f }]",
                "gateway.yaml:1:36: error: garbage_bytes must be pairs of hexadecimal digits, like 5b ff fe 5d"
            ),
            ("faults: [{ path: a, hang: befor }]", "'befor' is not one of before, after; did you mean 'before'?"),
            ("faults: [{ path: a, endless: [] }]", "'' is not one of empty, repeated"),
            ("faults: [{ path: a, gzip_bomb: 0 }]", "1:32: error: gzip_bomb must be a whole number from 1 to 10000"),
            ("faults: [{ path: a, change: x }]", "1:29: error: change must be a mapping from names to values"),
            ("faults: [{ path: a, change: { x: [1] } }]", "1:34: error: the new value of 'x' must be text"),
            ("faults: [{ path: a, hang: after, drip: 1 }]", "error: a fault needs exactly one of status, delay"),
            ("people: { a: &x +447700900101, a: 1 }", "gateway.yaml:1:"),
            ("people: [", "gateway.yaml:"),
        ])
    func located(text: String, expected: String) {
        let problems = problems(text)
        #expect(problems.contains { $0.contains(expected) }, "\(problems)")
    }

    @Test(
        "Problems of a group have their place",
        arguments: [
            ("{ session: s2 }", "there is no session 's2'; did you mean 's1'?"),
            ("{ subject: a }", "no session sees the group 1@g.us; add session:"),
            ("{ session: s1, members: [anna] }", "no person 'anna' under people; did you mean 'ana'?"),
            ("{ session: s1, members: [bo] }", "+447700900102 is not on WhatsApp and cannot be in the group"),
            ("{ session: s1, admins: [ana], members: [+447700900101] }", "+447700900101 is in the group 1@g.us twice"),
            ("{ session: s1, members: ana }", "members must be a list"),
            (
                "{ session: s1, members: [ana, 447700900101@s.whatsapp.net] }",
                "+447700900101 is in the group 1@g.us twice"
            ),
            ("{ session: s1, sessions: [s1] }", "the session s1 is listed twice; keep one"),
            ("{ session: s1, created_at: today }", "'today' is not a date; write it like 2026-01-31"),
            ("{ session: s1, wrong: { mising: 1 } }", "unknown key 'mising' in wrong; did you mean 'missing'?"),
        ])
    func groupProblems(text: String, expected: String) {
        let problems = problems(Self.head + "groups:\n  1@g.us: \(text)")
        #expect(problems.count == 1)
        #expect(problems.contains { $0.contains(expected) && $0.hasPrefix("gateway.yaml:8:") }, "\(problems)")
    }

    @Test(
        "Problems of a schedule have their place",
        arguments: [
            ("{ after: 1 }", "9:3: error: an event needs exactly one of message, join, leave, backfill, but has 0"),
            ("{ backfill: s1 }", "9:3: error: the event has no time; add after:"),
            ("{ after: -1, backfill: s1 }", "9:12: error: after must be a whole number from 0 to"),
            ("{ after: 1, backfill: s2 }", "9:25: error: there is no session 's2'; did you mean 's1'?"),
            ("{ after: 1, backfill: s1, join: {} }", "9:3: error: an event needs exactly one of"),
            ("{ after: 1, jion: {} }", "9:15: error: unknown key 'jion' in an event; known keys: after, message"),
            ("{ after: 1, join: ana }", "9:21: error: a join must be a mapping with the keys group, phone"),
            ("{ after: 1, leave: { phone: ana } }", "9:22: error: a leave needs a group and a phone"),
            ("{ after: 1, message: { group: 2@g.us, phone: ana } }", "9:33: error: there is no group 2@g.us; did you"),
            ("{ after: 1, message: { group: 1@g.us, phone: anna } }", "9:48: error: no person 'anna' under people"),
            ("{ after: 1, join: { group: 1@g.us, phone: bo } }", "9:45: error: +447700900102 is not on WhatsApp"),
        ])
    func scheduleProblems(text: String, expected: String) {
        let problems = problems(Self.head + "groups: { 1@g.us: { session: s1 } }\nschedule: [\n  \(text)]")
        #expect(problems.contains { $0.contains("gateway.yaml:\(expected)") }, "\(problems)")
    }

    @Test("All problems are reported, in the order of their places")
    func allProblems() {
        let problems = problems("people: { a: 1 }\nbehavour: {}\nfaults: 3")
        #expect(problems.map { $0.prefix(15) } == ["gateway.yaml:1:", "gateway.yaml:2:", "gateway.yaml:3:"])
    }

    @Test("An invalid seed is refused")
    func refusedSeeds() throws {
        let group = try #require(GroupID("1@g.us"))
        let session = try #require(SessionID("s"))
        let phone = try SampleWorld.phone(1)
        let person = PersonSeed(phone: phone, lid: LID(digits: 5))
        let organisation = OrganisationSeed(id: "a", keys: [APIKeySeed(name: "k", token: "wa_k")])
        let seeds: [(WorldSeed, SeedError)] = [
            (WorldSeed(organisations: [organisation, OrganisationSeed(id: "a")]), .duplicateOrganisation("a")),
            (
                WorldSeed(organisations: [organisation, OrganisationSeed(id: "b", keys: organisation.keys)]),
                .duplicateToken(name: "k")
            ),
            (
                WorldSeed(organisations: [OrganisationSeed(id: "b", keys: [APIKeySeed(name: "k", token: "k")])]),
                .tokenWithoutPrefix(name: "k")
            ),
            (WorldSeed(people: [person, PersonSeed(phone: phone)]), .duplicateNumber(phone)),
            (
                WorldSeed(people: [person, PersonSeed(phone: try SampleWorld.phone(2), lid: LID(digits: 5))]),
                .duplicateLID(try #require(LID(digits: 5)))
            ),
            (
                WorldSeed(sessions: [SessionSeed(id: session, organisation: "x", account: nil)]),
                .unknownOrganisation("x")
            ),
            (WorldSeed(groups: [GroupSeed(id: group, sessions: [session], subject: "")]), .unknownSession(session)),
            (
                WorldSeed(
                    organisations: [organisation],
                    sessions: [SessionSeed(id: session, organisation: "a", account: nil)],
                    groups: [GroupSeed(id: group, sessions: [session, session], subject: "")]),
                .duplicateSession(session)
            ),
            (
                WorldSeed(
                    organisations: [organisation], people: [PersonSeed(phone: phone, isOnWhatsApp: false)],
                    sessions: [SessionSeed(id: session, organisation: "a", account: phone)]),
                .accountNotOnWhatsApp(session, phone)
            ),
            (
                WorldSeed(groups: [GroupSeed(id: group, sessions: [], subject: "", members: [phone, phone])]),
                .duplicateMember(group, phone)
            ),
            (
                WorldSeed(
                    people: [PersonSeed(phone: phone, isOnWhatsApp: false)],
                    groups: [GroupSeed(id: group, sessions: [], subject: "", members: [phone])]),
                .memberNotOnWhatsApp(group, phone)
            ),
        ]
        for (seed, expected) in seeds {
            #expect(throws: expected) { try SimulatedWorld(seed) }
        }
    }
}
