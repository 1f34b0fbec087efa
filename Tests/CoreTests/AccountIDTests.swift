import Core
import Testing

@Suite("JIDs")
struct AccountIDTests {
    @Test(
        "A JID names a phone number, whatever its device part",
        arguments: [
            "6281234567890@s.whatsapp.net", "6281234567890@c.us", "6281234567890:12@s.whatsapp.net",
            "6281234567890.0:12@s.whatsapp.net", "6281234567890.1@c.us",
        ]
    )
    func phone(jid: String) throws {
        let account = try AccountID(parsing: jid)
        #expect(account == .phone(try PhoneNumber(parsing: "+6281234567890")))
        #expect(account.description == "6281234567890@s.whatsapp.net")
    }

    @Test("A JID names a LID", arguments: ["205227043110953@lid", "205227043110953:3@lid", "205227043110953.1:99@lid"])
    func lid(jid: String) throws {
        let account = try AccountID(parsing: jid)
        #expect(account == .lid(try #require(LID(digits: 205_227_043_110_953))))
        #expect(account.description == "205227043110953@lid")
    }

    @Test("A LID with the digits of a phone number is a different account")
    func equalDigits() throws {
        let phone = try AccountID(parsing: "6281234567890@s.whatsapp.net")
        let lid = try AccountID(parsing: "6281234567890@lid")
        #expect(phone != lid)
        #expect(Set([phone, lid]).count == 2)
        #expect(phone < lid)
        #expect(!(lid < phone))
    }

    @Test(
        "An invalid JID is refused with the reason",
        arguments: [
            ("", .malformed), ("@", .malformed), ("6281234567890", .malformed), ("@lid", .malformed),
            ("6281234567890@", .malformed), ("120363041234567890@g.us", .notAUser(server: "g.us")),
            ("status@broadcast", .notAUser(server: "broadcast")), ("a.b-c@newsletter", .notAUser(server: "newsletter")),
            ("867051314767696@bot", .notAUser(server: "bot")), ("62812345678@LID", .notAUser(server: "LID")),
            ("62812345678@lid.evil", .notAUser(server: "lid.evil")), ("62812345678@lid ", .notAUser(server: "lid ")),
            ("0628123456@s.whatsapp.net", .badUser), ("+628123456@s.whatsapp.net", .badUser),
            ("123456@s.whatsapp.net", .badUser), ("1234567890123456@s.whatsapp.net", .badUser), ("0@lid", .badUser),
            ("99999999999999999999@lid", .badUser), ("abc@lid", .badUser), ("6281234567 @lid", .badUser),
            ("62812345678:@lid", .badUser), ("62812345678.@lid", .badUser), ("62812345678::1@lid", .badUser),
            ("62812345678:1.2@lid", .badUser), ("62812345678.1.2@lid", .badUser), ("62812345678:x@lid", .badUser),
            ("62812345678:123456@lid", .badUser), (":1@lid", .badUser), ("a@62812345678@lid", .badUser),
            ("٦٢٨١٢٣٤٥٦٧٨@lid", .badUser),
        ] as [(String, AccountIDError)]
    )
    func refusals(jid: String, error: AccountIDError) {
        #expect(throws: error) { try AccountID(parsing: jid) }
    }

    @Test("JIDs sort phone numbers before LIDs, each in their own order")
    func order() throws {
        let jids = ["6281234567@c.us", "9@lid", "7281234@c.us", "62812345678@c.us", "10@lid"]
        let accounts = try jids.map { try AccountID(parsing: $0) }.sorted()
        #expect(
            accounts.map(\.description) == [
                "6281234567@s.whatsapp.net", "62812345678@s.whatsapp.net", "7281234@s.whatsapp.net", "9@lid", "10@lid",
            ]
        )
    }
}

@Suite("Ids")
struct IDTests {
    @Test(
        "A group id is digits, or digits, a dash and digits, before @g.us",
        arguments: ["120363041234567890@g.us", "6281234567890-1400000000@g.us", "1@g.us"]
    )
    func groups(jid: String) {
        #expect(GroupID(jid)?.jid == jid)
        #expect(GroupID(jid)?.description == jid)
    }

    @Test(
        "Nothing else is a group id",
        arguments: [
            "", "@g.us", "120363041234567890", "120363041234567890@s.whatsapp.net", "-1@g.us", "1-@g.us", "1-2-3@g.us",
            "1 @g.us", " 1@g.us", "1@g.us ", "1@G.US", "1@@g.us", "a@g.us", "1/../2@g.us", "1%40@g.us", "٣@g.us",
            String(repeating: "1", count: 41) + "@g.us",
        ]
    )
    func noGroups(jid: String) {
        #expect(GroupID(jid) == nil)
    }

    @Test(
        "An old group id starts with the creator's number",
        arguments: [
            ("6281234567890-1400000000@g.us", "+6281234567890"), ("120363041234567890@g.us", nil),
            ("0628123456789-1400000000@g.us", nil), ("1-2@g.us", nil), ("99999999999999999999999-2@g.us", nil),
        ]
    )
    func creators(jid: String, creator: String?) throws {
        #expect(try #require(GroupID(jid)).creator?.e164 == creator)
    }

    @Test("A session id is short and plain", arguments: ["01HZ0SESSION0000000000000", "a.b_c-d", "..."])
    func sessions(text: String) {
        #expect(SessionID(text)?.description == text)
    }

    @Test(
        "A session id cannot contain anything that would change a path",
        arguments: ["", ".", "..", "a/b", "a b", "a%2F", "ü", "a\n"])
    func noSessions(text: String) {
        #expect(SessionID(text) == nil)
        #expect(SessionID(String(repeating: "a", count: 129)) == nil)
    }

    @Test("Ids sort by bytes; a key sorts by gateway, session and group")
    func order() throws {
        func key(_ gateway: String, _ session: String, _ group: String) throws -> GroupKey {
            GroupKey(
                gateway: GatewayName(gateway), session: try #require(SessionID(session)),
                group: try #require(GroupID(group))
            )
        }
        let sorted = [
            try key("a", "B", "2@g.us"), try key("a", "a", "10@g.us"), try key("a", "a", "9@g.us"),
            try key("b", "A", "1@g.us"),
        ]
        for (position, left) in sorted.enumerated() {
            for (other, right) in sorted.enumerated() { #expect((left < right) == (position < other)) }
        }
        #expect(GatewayName.default.description == "default")
    }
}
