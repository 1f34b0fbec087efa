import Core
import HTTPTransfer
import Testing

@testable import GatewayAPI

private let groupJID = "120363041234567890@g.us"

/// Returns a page of a list.
private func page(_ entries: String..., next: String = "null") -> String {
    #"{"data":[\#(entries.joined(separator: ","))],"nextCursor":\#(next)}"#
}

@Suite("Group answers")
struct GroupAnswerTests {
    @Test(
        "A group's size, subject and creator are read",
        arguments: [
            (
                #""participantCount":3,"subject":"Ops\n\u202e","ownerJid":"6281234567890:1@c.us""#,
                "6281234567890@s.whatsapp.net"
            ),
            (#""participantCount":3,"subject":"Ops\n\u202e","ownerJid":"9@lid","isLocked":"maybe""#, "9@lid"),
            (#""participantCount":3,"subject":"Ops\n\u202e","ownerJid":null,"id":"x""#, nil),
            (#""participantCount":3,"subject":"Ops\n\u202e","ownerJid":"""#, nil),
            (#""participantCount":3.0,"subject":"Ops\n\u202e","ownerJid":"status@broadcast""#, nil),
        ] as [(String, String?)]
    )
    func group(fields: String, owner: String?) async throws {
        let gateway = CannedGateway(#"{"groupJid":"\#(groupJID)",\#(fields)}"#)
        let group = try await Sample.client(gateway).group(Sample.group(), of: Sample.session())
        #expect(group.id.jid == groupJID)
        #expect(group.subject == "Ops\n\u{202E}")
        #expect(group.owner?.description == owner)
        #expect(group.participantCount == 3)
    }

    @Test(
        "A group's subject may be missing or invalid",
        arguments: [#""x":1"#, #""subject":null"#, #""subject":7"#])
    func noSubject(field: String) async throws {
        let gateway = CannedGateway(#"{"groupJid":"\#(groupJID)","participantCount":0,\#(field)}"#)
        let group = try await Sample.client(gateway).group(Sample.group(), of: Sample.session())
        #expect(group.subject == nil)
    }

    @Test(
        "A group whose important fields are missing, odd, or about another group is unreadable",
        arguments: [
            (#"{"participantCount":3}"#, "but groupJid is missing"),
            (#"{"groupJid":"120363041234567890@g.us","participantCount":-1}"#, "participantCount"),
            (
                #"{"groupJid":"120363041234567890@g.us","participantCount":"3"}"#,
                "but participantCount has the wrong type"
            ),
            (#"{"groupJid":"120363041234567890@g.us","participantCount":1.5}"#, "a number is out of range"),
            (
                #"{"groupJid":"120363041234567890@g.us","participantCount":99999999999999999999}"#,
                "a number is out of range"
            ),
            (#"{"groupJid":"120363041234567890@g.us","participantCount":1,"ownerJid":"62812345678"}"#, "ownerJid"),
            (
                #"{"groupJid":"120363041234567890@g.us","participantCount":1,"ownerJid":7}"#,
                "but ownerJid has the wrong type"
            ),
            (#"{"groupJid":"1@g.us","participantCount":1}"#, "about “1@g.us”, not the requested group"),
        ]
    )
    func unreadableGroup(body: String, words: String) async throws {
        let reason = try await unreadable(body) { _ = try await $0.group(Sample.group(), of: Sample.session()) }
        #expect(reason.contains(words))
    }

    @Test("A list has groups of both id forms in order, once each, without anything else")
    func list() async throws {
        let gateway = CannedGateway(
            page(
                #"{"groupJid":"9@g.us","participantCount":1}"#, #"{"groupJid":"1@newsletter"}"#,
                #"{"groupJid":"6281234567890-1400000000@g.us","participantCount":2}"#, next: #""a""#
            ),
            page(#"{"groupJid":"9@g.us","participantCount":1}"#, #"{"groupJid":"10@g.us","participantCount":0}"#)
        )
        let groups = try await Sample.client(gateway).groups(of: Sample.session())
        #expect(groups.map(\.id.jid) == ["10@g.us", "6281234567890-1400000000@g.us", "9@g.us"])
        #expect(groups.map(\.participantCount) == [0, 2, 1])
    }

    @Test("A contradictory or invalid group is skipped, and the others are kept")
    func oddGroups() async throws {
        let body = page(
            #"{"groupJid":"9@g.us","participantCount":1}"#, #"{"groupJid":"9@g.us","participantCount":2}"#,
            #"{"groupJid":"10@g.us"}"#, #"{"groupJid":"11@g.us","participantCount":-1}"#, "7", #"{"subject":"no id"}"#,
            #"{"groupJid":"12@g.us","participantCount":1,"ownerJid":"junk"}"#,
            #"{"groupJid":"13@g.us","participantCount":4}"#)
        let groups = try await Sample.client(CannedGateway(body)).groups(of: Sample.session())
        #expect(groups.map(\.id.jid) == ["10@g.us", "13@g.us"])
        #expect(groups.map(\.participantCount) == [nil, 4])
    }
}

@Suite("Member list answers")
struct RosterAnswerTests {
    @Test("A member list has one order, however the gateway orders and pages it")
    func roster() async throws {
        let entries = [
            #"{"lid":"30@lid","role":"member","tag":7,"groupJid":"\#(groupJID)"}"#,
            #"{"lid":"4:2@lid","role":"admin","tag":"\u0000"}"#,
            #"{"lid":"6281234567890:1@s.whatsapp.net","role":"member","groupJid":null}"#,
            #"{"lid":"6281234567890@lid","role":"member","firstSeenAt":"x"}"#,
            #"{"lid":"123@bot","role":"member"}"#,
        ]
        let orders =
            [page(entries.joined(separator: ","))].map { [$0] } + [
                [page(entries.reversed().joined(separator: ","), next: #""""#)],
                [
                    page(entries[3], entries[1], next: #""a""#), page(next: #""b""#),
                    page(entries[4], entries[0], entries[2]),
                ],
            ]
        for pages in orders {
            let gateway = CannedGateway(
                pages.map { .success(HTTPResponse(status: 200, body: Array($0.utf8))) }
            )
            let roster = try await Sample.client(gateway).members(of: Sample.group(), of: Sample.session())
            #expect(
                roster.members.map(\.account.description) == [
                    "6281234567890@s.whatsapp.net", "4@lid", "30@lid", "6281234567890@lid",
                ]
            )
            #expect(roster.members.map(\.role) == [.member, .admin, .member, .member])
            #expect(roster.foreignEntryCount == 1)
        }
    }

    @Test(
        "A member list with an untrustworthy entry is unreadable",
        arguments: [
            (#"{"role":"member"}"#, "but data[0].lid is missing"),
            (#"{"lid":null,"role":"member"}"#, "but data[0].lid is null"),
            (#"{"lid":9,"role":"member"}"#, "but data[0].lid has the wrong type"), ("null", "but data[0]"),
            ("[]", "but data[0]"),
            (#"{"lid":"9@lid","role":true}"#, "but data[0].role has the wrong type"),
            (#"{"lid":"9","role":"member"}"#, "“9”, which is neither a LID nor a user's JID"),
            (#"{"lid":"","role":"member"}"#, "“”, which is neither"),
            (#"{"lid":"x@lid","role":"member"}"#, "“x@lid”, which is neither"),
            (#"{"lid":"99999999999999999999999@lid","role":"member"}"#, "which is neither"),
            (#"{"lid":"9@lid","role":"member","groupJid":"1@g.us"}"#, "a member of “1@g.us”"),
            (#"{"lid":"9@lid","role":"member","groupJid":7}"#, "but data[0].groupJid has the wrong type"),
            (#"{"lid":"9@lid","role":"member"},{"lid":"9:3@lid","role":"admin"}"#, "has one account twice"),
            (#"{"lid":"9@lid","role":"member"},{"lid":"9@lid","role":"member"}"#, "has one account twice"),
        ]
    )
    func unreadableRoster(entries: String, words: String) async throws {
        let reason = try await unreadable(page(entries)) {
            _ = try await $0.members(of: Sample.group(), of: Sample.session())
        }
        #expect(reason.contains(words))
    }

    @Test("Three roles are read; any other word makes only this member's role unknown")
    func roles() async throws {
        let entries = [
            #"{"lid":"1@lid","role":"member"}"#, #"{"lid":"2@lid","role":"admin"}"#,
            #"{"lid":"3@lid","role":"superadmin"}"#, #"{"lid":"4@lid","role":"owner"}"#,
            #"{"lid":"5@lid","role":"Admin"}"#, #"{"lid":"6@lid","role":null}"#, #"{"lid":"7@lid"}"#,
        ]
        let client = try Sample.client(CannedGateway(page(entries.joined(separator: ","))))
        let roster = try await client.members(of: Sample.group(), of: Sample.session())
        #expect(roster.members.map(\.role) == [.member, .admin, .admin, .member, .member, .member, .member])
        #expect(
            roster.members.map(\.roleStatus)
                == [.plain, .plain, .creator, .roleUnknown, .roleUnknown, .roleUnknown, .roleUnknown])
    }

    @Test("The first and last time that each member was seen are read if they are valid")
    func moments() async throws {
        let entries = [
            #"{"lid":"1@lid","role":"member","firstSeenAt":1790000000000,"lastSeenAt":1790000000001}"#,
            #"{"lid":"2@lid","role":"member","firstSeenAt":null,"lastSeenAt":"yesterday"}"#,
            #"{"lid":"3@lid","role":"member","firstSeenAt":0,"lastSeenAt":-5}"#, #"{"lid":"4@lid","role":"member"}"#,
            #"{"lid":"5@bot","role":"member","lastSeenAt":1790000000002}"#,
        ]
        let client = try Sample.client(CannedGateway(page(entries.joined(separator: ","))))
        let roster = try await client.members(of: Sample.group(), of: Sample.session())
        #expect(roster.members.map(\.firstSeenAt?.milliseconds) == [1_790_000_000_000, nil, nil, nil])
        #expect(roster.members.map(\.lastSeenAt?.milliseconds) == [1_790_000_000_001, nil, nil, nil])
        #expect(roster.foreignSeenAt.map(\.milliseconds) == [1_790_000_000_002])
    }

    @Test("An empty list may be null") func nullData() async throws {
        let client = try Sample.client(CannedGateway(#"{"data":null,"nextCursor":null}"#))
        #expect(try await client.members(of: Sample.group(), of: Sample.session()).members.isEmpty)
        #expect(try await client.contacts(of: Sample.session(), in: nil).isEmpty)
        #expect(try await client.groups(of: Sample.session()).isEmpty)
    }

    @Test("An account that occurs twice is counted twice, also across pages")
    func twiceAcrossPages() async throws {
        let entry = #"{"lid":"9@lid","role":"member"}"#
        let client = try Sample.client(CannedGateway(page(entry, next: #""a""#), page(entry)))
        await #expect(throws: GatewayError.self) {
            try await client.members(of: Sample.group(), of: Sample.session())
        }
    }
}

@Suite("Contact answers")
struct ContactAnswerTests {
    @Test(
        "A contact gives the number of a LID if WhatsApp shows it",
        arguments: [
            (#""phoneJid":"6281234567890@s.whatsapp.net""#, true), (#""phoneJid":"6281234567890:3@c.us""#, true),
            (#""phoneNumber":"+6281234567890""#, true), (#""phoneNumber":"6281234567890","phoneJid":null"#, true),
            (#""phoneNumber":6281234567890,"phoneJid":"""#, true), (#""phoneJid":"6281234567890@lid""#, false),
            (#""phoneJid":null,"phoneNumber":null"#, false), (#""phoneJid":"1@g.us""#, false), (#""name":7"#, false),
            (#""phoneNumber":"0812345678""#, false), (#""phoneNumber":"hidden""#, false),
            (#""phoneJid":"6281234567890@s.whatsapp.net","phoneNumber":"+5511999999999""#, false),
        ]
    )
    func phones(fields: String, hasPhone: Bool) async throws {
        let entry = #"{"lid":"205227043110953:4@lid",\#(fields)}"#
        let expected = [
            ContactRecord(lid: try Sample.lid(), phone: hasPhone ? try Sample.phone() : nil, name: nil)
        ]
        let listed = try await Sample.client(CannedGateway(page(entry))).contacts(of: Sample.session(), in: nil)
        #expect(listed == expected)
        let alone = try await Sample.client(CannedGateway(#"{"identity":\#(entry),"dm":"?","groups":7}"#))
            .contact(Sample.lid(), of: Sample.session())
        #expect([alone] == expected)
    }

    @Test("Contacts without a LID are skipped, the order is fixed, and the business name is the fallback")
    func list() async throws {
        let entries = [
            #"{"lid":"9@lid","name":"","businessName":"Shop"}"#, #"{"lid":"8@lid","name":"Ann","businessName":"Shop"}"#,
            #"{"lid":"6281234567890@s.whatsapp.net"}"#, #"{"lid":""}"#, #"{"lid":null}"#, "{}", #"{"lid":"x@lid"}"#,
            #"{"lid":"8@lid","name":"Ann"}"#,
        ]
        for order in [entries, entries.reversed()] {
            let gateway = CannedGateway(page(order.joined(separator: ",")))
            let contacts = try await Sample.client(gateway).contacts(of: Sample.session(), in: Sample.group())
            #expect(contacts.map(\.lid.description) == ["8@lid", "9@lid"])
            #expect(contacts.map(\.name) == ["Ann", "Shop"])
        }
    }

    @Test("A contact with a field of the wrong type is unreadable", arguments: ["lid", "phoneJid", "phoneNumber"])
    func oddTypes(field: String) async throws {
        let body = page(#"{"lid":"9@lid"}"#, #"{"\#(field)":{}}"#)
        let reason = try await unreadable(body) { _ = try await $0.contacts(of: Sample.session(), in: nil) }
        #expect(reason.contains("but data[1].\(field) has the wrong type"))
    }

    @Test(
        "A contact of another LID than requested is unreadable",
        arguments: [#"{"identity":{"lid":"9@lid"}}"#, #"{"identity":{}}"#, #"{"lid":"205227043110953@lid"}"#]
    )
    func otherContact(body: String) async throws {
        let reason = try await unreadable(body) { _ = try await $0.contact(Sample.lid(), of: Sample.session()) }
        #expect(!reason.isEmpty)
    }
}

@Suite("Paged lists")
struct PagingTests {
    @Test(
        "A list ends with a cursor that is null, empty or absent",
        arguments: [#","nextCursor":null"#, #","nextCursor":"""#, ""])
    func ends(ending: String) async throws {
        let gateway = CannedGateway(
            #"{"data":[{"lid":"1@lid"}],"nextCursor":"a/b=&@ ü"}"#, #"{"data":[{"lid":"2@lid"}]\#(ending)}"#
        )
        let contacts = try await Sample.client(gateway).contacts(of: Sample.session(), in: nil)
        #expect(contacts.count == 2)
        let base = "https://gateway.test/api/v1/sessions/01HZ0/contacts?limit=200"
        #expect(gateway.requests.map(\.url) == [base, "\(base)&cursor=a%2Fb%3D%26%40%20%C3%BC"])
    }

    @Test("A repeated, non-text or far too long cursor is unreadable instead of an endless read")
    func repeats() async throws {
        let bodies = [
            #"{"data":[],"nextCursor":"a"}"#, #"{"data":[],"nextCursor":7}"#, #"{"data":{}}"#,
            #"{"nextCursor":""}"#, #"{"data":[],"nextCursor":"\#(String(repeating: "a", count: 5_000))"}"#,
        ]
        for body in bodies {
            let gateway = CannedGateway(body)
            let client = try Sample.client(gateway)
            await #expect(throws: GatewayError.self) { try await client.groups(of: Sample.session()) }
            #expect(gateway.requests.count <= 2)
        }
    }

    @Test(
        "Endless pages end at two thousand, and far sooner if they bring nothing new",
        arguments: [
            (#"{"groupJid":"N@g.us","participantCount":1}"#, "the list has more than 2000 pages"),
            ("", "the list never ends: 50 pages in a row have nothing new"),
            (
                #"{"groupJid":"1@g.us","participantCount":1}"#,
                "the list never ends: 50 pages in a row have nothing new"
            ),
        ])
    func endless(entry: String, reason: String) async throws {
        let client = try Sample.client(EndlessGateway(entry: entry))
        let session = try Sample.session()
        await #expect(throws: GatewayError.unreadable(.groups(session), reason: reason)) {
            try await client.groups(of: session)
        }
    }

    @Test("Empty pages in the middle are allowed") func emptyPages() async throws {
        let pages = (1...40).map { #"{"data":[],"nextCursor":"\#($0)"}"# } + [#"{"data":[{"lid":"2@lid"}]}"#]
        let answers = pages.map {
            Result<HTTPResponse, TransferError>.success(.init(status: 200, body: Array($0.utf8)))
        }
        let client = try Sample.client(CannedGateway(answers))
        #expect(try await client.contacts(of: Sample.session(), in: nil).count == 1)
    }

    @Test("A failure on a later page fails the whole list")
    func laterPage() async throws {
        let gateway = CannedGateway([
            .success(HTTPResponse(status: 200, body: Array(#"{"data":[],"nextCursor":"a"}"#.utf8))),
            .success(HTTPResponse(status: 503)),
        ])
        let client = try Sample.client(gateway)
        await #expect(throws: GatewayError.self) { try await client.members(of: Sample.group(), of: Sample.session()) }
    }
}

/// A gateway with endless lists; each page has its own cursor, and an entry in which N is the page's number.
private struct EndlessGateway: HTTPExchanging {
    let entry: String

    func exchange(_ request: HTTPRequest) async throws(TransferError) -> HTTPResponse {
        let cursor = request.url.split(separator: "cursor=").dropFirst().first.flatMap { Int($0) } ?? 0
        let body = #"{"data":[\#(entry)],"nextCursor":"\#(cursor + 1)"}"#
        return HTTPResponse(status: 200, body: Array(body.replacing("N@", with: "\(cursor + 1)@").utf8))
    }
}
