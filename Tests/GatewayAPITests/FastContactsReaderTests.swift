import Testing

@testable import GatewayAPI

@Suite("The plain contacts reader") struct PlainContactsReaderTests {
    /// Returns what the general decoder reads from a body; nil if it rejects it.
    private func decoded(_ body: [UInt8]) -> Page<ContactRecord?>? {
        guard let token = GatewayToken("wa_x") else { return nil }
        return try? CallContext(call: .sessions, token: token).decode(Page<WireContact>.self, from: body).map(\.record)
    }

    private static let page = """
        {"data":[{"id":7,"lid":"205227043110953@lid","phoneJid":"6281234567890@s.whatsapp.net",\
        "phoneNumber":"+6281234567890","name":"Ána \\"👩‍👧\\" \\u00d1\\uD83D\\uDE00","businessName":null,"firstSeenAt":1700000000},\
        {"lid":"2@lid","phoneJid":null,"phoneNumber":"6281234567891","name":"","businessName":"Kiosk"},\
        { "lid" : "3@lid" , "phoneJid" : "4@lid" } , {"lid":"5@lid","phoneJid":"6281234567892@c.us","phoneNumber":"+1999999999"}\
        ] , "nextCursor" : "abc" , "total":3}
        """

    @Test(
        "The plain contacts reader reads real gateway bodies like the general decoder",
        arguments: [
            page, #"{"data":[]}"#, #"{"nextCursor":null,"data":[{"lid":"1@lid"}]}"#,
            #"{"data":[{"lid":"1@lid","name":"a","phoneNumber":null},{"businessName":"b","lid":"1@lid"}]}"#,
            #"{"data":[{"lid":"1@lid","about":"grüße"}]}"#,
            #"{"data":[{"lid":"1@lid","name":"\"A\\ \u00e9\uD83D\uDE00 ü\u0000\n"}]}"#,
        ])
    func plain(text: String) throws {
        let body = Array(text.utf8)
        let page = try #require(FastContactsReader.read(body))
        #expect(page == decoded(body))
    }

    @Test(
        "The plain contacts reader leaves all other bodies to the general decoder",
        arguments: [
            "", "{}", #"{"data":[{}]}"#, #"{"data":[{"lid":null}]}"#,
            #"{"data":[{"lid":"6281234567890@s.whatsapp.net"}]}"#,
            #"{"data":[{"lid":"1@lid","lid":"1@lid"}]}"#, #"{"data":[{"lid":"1@lid","name":"a","name":"b"}]}"#,
            #"{"data":[{"lid":"1@lid","name":"a\xb"}]}"#, #"{"data":[{"lid":"1@lid","name":"\udead"}]}"#,
            #"{"data":[{"lid":"1@lid","name":7}]}"#,
            #"{"data":[{"lid":"1@lid","phoneNumber":6281234567890}]}"#,
            #"{"data":[{"lid":"1@lid","phoneNumber":"+62 812 3456"}]}"#,
            #"{"data":[{"lid":"1@lid","phoneNumber":"0062812345678"}]}"#,
            #"{"data":[{"lid":"1@lid","phoneJid":"x@s.whatsapp.net"}]}"#,
            #"{"data":[{"lid":"1@lid","phoneJid":"6281234567890:3@s.whatsapp.net"}]}"#,
            #"{"data":[{"lid":"1@lid","labels":[]}]}"#, #"{"data":[{"lid":"1@lid"}],}"#,
        ])
    func odd(text: String) { #expect(FastContactsReader.read(Array(text.utf8)) == nil) }

    @Test(
        "The plain contacts reader leaves names that are not UTF-8 to the general decoder, also those it ignores",
        arguments: ["name", "about"], [[0xC3], [0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xC0, 0xAF]])
    func invalid(key: String, bytes: [UInt8]) {
        let body = Array("{\"data\":[{\"lid\":\"1@lid\",\"\(key)\":\"".utf8) + bytes + Array("\"}]}".utf8)
        #expect(FastContactsReader.read(body) == nil)
    }

    @Test("The plain contacts reader never differs from the general decoder on changed bytes")
    func mutated() throws {
        var mutations = Mutations(of: Self.page)
        var read = 0
        for _ in 0..<20_000 {
            let body = mutations.next()
            guard let page = FastContactsReader.read(body) else { continue }
            read += 1
            if page != decoded(body) {
                Issue.record("read differently: \(String(decoding: body, as: UTF8.self))")
                return
            }
        }
        #expect(read > 500)
    }

    @Test("The plain contacts reader rejects a truncated page like the general decoder") func cut() {
        let body = Array(Self.page.utf8)
        for length in 0..<body.count { #expect(FastContactsReader.read(Array(body[..<length])) == nil) }
    }
}
