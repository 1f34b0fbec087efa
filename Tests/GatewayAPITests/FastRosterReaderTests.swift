import Core
import Foundation
import Testing

@testable import GatewayAPI

@Suite("The plain member list reader") struct PlainRosterReaderTests {
    private let group = GroupID("120363041234567890@g.us")

    /// Returns what the general decoder reads from a body; nil if it rejects it.
    private func decoded(_ body: [UInt8], _ group: GroupID) -> Page<RosterEntry>? {
        guard let session = SessionID("S1"), let token = GatewayToken("wa_x") else { return nil }
        let callContext = CallContext(call: .members(session, group), token: token)
        do {
            return try callContext.decode(Page<WireMember>.self, from: body).map { (member) throws(GatewayError) in
                try member.entry(answering: callContext, group)
            }
        } catch {
            return nil
        }
    }

    private static let page = """
        {"data":[{"createdAt":"2025-03-04T10:11:12.000Z","groupJid":"120363041234567890@g.us","lid":"205227043110953@lid",\
        "role":"superadmin","updatedAt":null,"firstSeenAt":1790000000000,"lastSeenAt":1790000000001},\
        {"lid":"6281234567890@s.whatsapp.net","role":"member","isNew":true,"rank":12,"lastSeenAt":0},\
        { "role" : "member" , "lid" : "6281234567891@c.us" } ] , "nextCursor" : "abc" , "total":3}
        """

    /// Entries that largely repeat the one before, to check that the reader skips only identical text.
    private static let alike = """
        {"data":[{"id":1,"groupJid":"120363041234567890@g.us","lid":"205227043110953@lid","role":"admin","seen":12},        {"id":12,"groupJid":"120363041234567890@g.us","lid":"205227043110954@lid","role":"admin","seen":12},        {"id":123,"groupJid":"120363041234567890@g.us","lid":"205227043110955@lid","role":"member","seen":123},        {"id":123,"lastSeenAt":17,"lid":"205227043110955@lid","role":"member","firstSeenAt":null},{"id":123,"lastSeenAt":17,"lid":"205227043110955@lid","role":"member","firstSeenAt":null},{"id":123,"groupJid":"120363041234567890@g.us","lid":"205227043110956@lid","role":"member","seen":12 },        {"id":123,"lid":"205227043110957@lid","role":"member"},{"id":123,"role":"admin","lid":"205227043110958@lid"},        {"id":123 , "role":"admin","lid":"205227043110959@lid","tag":null},{"lid":"205227043110959@lid","role":"admin"}]}
        """

    @Test(
        "The plain member list reader reads real gateway bodies like the general decoder",
        arguments: [
            page, alike, #"{"data":[]}"#, #"{"nextCursor":null,"data":[{"lid":"1@lid","role":"member"}]}"#,
            " {\"data\" :\n[\t] }\r\n",
            #"{"data":[{"lid":"1@lid","role":"member","n":"über 👩‍👧 alles, was länger ist"}]}"#,
            #"{"data":[{"lid":"1@lid","role":"member","n":"\"\\\/\b\f\n\r\t\u00e9\uD83D\uDE00 ü\u0000"}]}"#,
        ])
    func plain(text: String) throws {
        let group = try #require(group)
        let body = Array(text.utf8)
        let page = try #require(FastRosterReader.read(body, of: group))
        #expect(page == decoded(body, group))
    }

    @Test(
        "The plain member list reader leaves all other bodies to the general decoder",
        arguments: [
            "", "{", "{}", "[]", #"{"data":[}"#, #"{"data":[{}]}"#, #"{"data":[],"data":[]}"#, #"{"data":[]} x"#,
            #"{"data":[{"lid":"1@lid"}]}"#, #"{"data":[{"lid":"1@lid","role":"owner"}]}"#,
            #"{"data":[{"lid":"1@lid","role":"member","lastSeenAt":1,"lastSeenAt":2}]}"#,
            #"{"data":[{"lid":"1@lid","role":"member","lastSeenAt":"1"}]}"#,
            #"{"data":[{"lid":"1@lid","role":"member","lastSeenAt":-1}]}"#,
            #"{"data":[{"lid":"1:2@lid","role":"member"}]}"#, #"{"data":[{"lid":"01@lid","role":"member"}]}"#,
            #"{"data":[{"lid":"1@bot","role":"member"}]}"#, #"{"data":[{"lid":"99@s.whatsapp.net","role":"member"}]}"#,
            #"{"data":[{"lid":"99999999999999999999@lid","role":"member"}]}"#,
            #"{"data":[{"l\u0069d":"1@lid","role":"member"}]}"#,
            #"{"data":[{"lid":"1@lid","role":"member","n":"\x"}]}"#,
            #"{"data":[{"lid":"1@lid","role":"member","n":"\uD83D"}]}"#,
            #"{"data":[{"lid":"1@lid","role":"member","n":"\uDE00"}]}"#,
            #"{"data":[{"lid":"1@lid","role":"member","n":"\uD83D\u0041"}]}"#,
            #"{"data":[{"lid":"1@lid","role":"member","n":"\u12"}]}"#,
            #"{"data":[{"lid":"1@lid","role":"member","n":{}}]}"#,
            #"{"data":[{"lid":"1@lid","role":"member","n":1.5}]}"#,
            #"{"data":[{"lid":"1@lid","role":"member","n":007}]}"#,
            #"{"data":[{"lid":"1@lid","lid":"2@lid","role":"member"}]}"#,
            #"{"data":[{"lid":"1@lid","role":"member","groupJid":"120363041234567891@g.us"}]}"#,
            #"{"data":[{"lid":"1@lid","role":"member"},{"lid":"2@lid","lid":"2@lid","role":"member"}]}"#,
            #"{"data":[{"lid":"1@lid","role":"member"},{"lid":"1@lid","role":"member","role":"member"}]}"#,
            #"{"data":[{"lid":"1@lid","role":"member"},{"lid":"1@lid","role":"member"x}]}"#,
            #"{"data":[{"lid":"1@lid","role":"member"},{"lid":"1@lid","role":"member","#,
            #"{"data":[{"lid":"1@lid","role":"member"},{"lid":"1@lid"}]}"#,
            #"{"data":[{"lid":"1@lid","role":"member",}]}"#, #"{"data":[],}"#, "\u{FEFF}{\"data\":[]}",
        ])
    func odd(text: String) throws {
        #expect(FastRosterReader.read(Array(text.utf8), of: try #require(group)) == nil)
    }

    @Test("The plain member list reader never differs from the general decoder on changed bytes")
    func mutated() throws {
        for page in [Self.page, Self.alike] { try compare(page) }
    }

    private func compare(_ page: String) throws {
        let group = try #require(group)
        var mutations = Mutations(of: page)
        var read = 0
        for _ in 0..<20_000 {
            let body = mutations.next()
            guard let page = FastRosterReader.read(body, of: group) else { continue }
            read += 1
            if page != decoded(body, group) {
                Issue.record("read differently: \(String(decoding: body, as: UTF8.self))")
                return
            }
        }
        #expect(read > 500)
    }

    @Test("The plain member list reader rejects a truncated page like the general decoder") func cut() throws {
        let group = try #require(group)
        for page in [Self.page, Self.alike] {
            let body = Array(page.utf8)
            for length in 0..<body.count { #expect(FastRosterReader.read(Array(body[..<length]), of: group) == nil) }
        }
    }
}
