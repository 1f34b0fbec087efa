import Core
import GatewayAPI
import HTTPTransfer
import Testing

@Suite("Requests")
struct RequestTests {
    private static let base = "https://gateway.test/api/v1/sessions/01HZ0"
    private static let group = "\(base)/groups/120363041234567890%40g.us"
    private static let jid = "6281234567890%40s.whatsapp.net"

    @Test(
        "A request uses the path of its call and encodes every reserved character",
        arguments: zip(
            AnyCall.reads + AnyCall.writes,
            [
                ("GET", base), ("GET", "https://gateway.test/api/v1/sessions"), ("GET", "\(base)/groups"),
                ("GET", group),
                ("GET", "\(group)/members"),
                ("GET", "\(base)/contacts?limit=200&group=120363041234567890%40g.us"),
                ("GET", "\(base)/contacts/205227043110953%40lid"),
                ("GET", "\(base)/contacts/check?phone=%2B6281234567890"), ("GET", "\(group)/invite"),
                ("POST", "\(group)/members"), ("DELETE", "\(group)/members/\(jid)"),
                ("POST", "\(group)/members/\(jid)/promote"), ("POST", "\(group)/members/\(jid)/demote"),
            ]
        )
    )
    func routes(call: AnyCall, expected: (method: String, url: String)) async throws {
        let gateway = CannedGateway("{}", status: 500)
        _ = try await failure(of: call, gateway)
        let request = try #require(gateway.requests.first)
        #expect(gateway.requests.count == 1)
        #expect(request.method == expected.method)
        #expect(request.url == expected.url)
        #expect(!request.url.contains("@"))
        #expect(
            request.headers.filter { $0.name.lowercased() == "authorization" }.map(\.value)
                == ["Bearer \(Sample.secret)"]
        )
        #expect(request.headers.contains { $0 == ("Accept", "application/json") })
        #expect(request.timeout == .seconds(30))
    }

    @Test("Only an add has a body, and it names the people")
    func bodies() async throws {
        for call in AnyCall.reads + AnyCall.writes {
            let gateway = CannedGateway("{}", status: 500)
            _ = try await failure(of: call, gateway)
            let request = try #require(gateway.requests.first)
            let isAdd = call.testDescription == "add"
            #expect(
                request.body.map { String(decoding: $0, as: UTF8.self) }
                    == (isAdd ? #"{"participants":["6281234567890@s.whatsapp.net"]}"# : nil)
            )
            #expect(
                request.headers.filter { $0.name == "Content-Type" }.map(\.value) == (isAdd ? ["application/json"] : [])
            )
        }
    }

    @Test("An add names many people in the given order")
    func manyPeople() async throws {
        let gateway = CannedGateway("", status: 204)
        let client = try Sample.client(gateway)
        let phones = try ["+7281234567890", "+6281234567890"].map { AccountID.phone(try PhoneNumber(parsing: $0)) }
        try await client.change(.add, phones, in: Sample.group(), of: Sample.session())
        #expect(gateway.requests.count == 1)
        #expect(
            gateway.requests.first?.body
                == Array(#"{"participants":["7281234567890@s.whatsapp.net","6281234567890@s.whatsapp.net"]}"#.utf8)
        )
    }

    @Test(
        "A change accepts any success, with any body", arguments: [200, 201, 202, 204, 299])
    func success(status: Int) async throws {
        for call in AnyCall.writes { try await call.run(Sample.client(CannedGateway("<html>", status: status))) }
    }

    @Test("A request for a session's contacts does not mention a group")
    func allContacts() async throws {
        let gateway = CannedGateway(#"{"data":[]}"#)
        #expect(try await Sample.client(gateway).contacts(of: Sample.session(), in: nil).isEmpty)
        #expect(gateway.requests.map(\.url) == ["\(Self.base)/contacts?limit=200"])
    }
}

@Suite("The token")
struct GatewayTokenTests {
    @Test("White space around the token is removed", arguments: ["wa_1", " wa_1", "wa_1\n", "\r\n wa_1 \t\r\n"])
    func trimmed(text: String) async throws {
        let gateway = CannedGateway("", status: 204)
        let client = GatewayClient(
            url: try HTTPURL(gateway: "https://gateway.test"), token: try #require(GatewayToken(text)),
            transfer: gateway, time: StoppedClock(moment: Timestamp(milliseconds: 0))
        )
        try await client.change(.remove, [.phone(Sample.phone())], in: Sample.group(), of: Sample.session())
        #expect(gateway.requests.first?.headers.first?.value == "Bearer wa_1")
    }

    @Test(
        "A text that cannot be in a header is not a token",
        arguments: ["", " \n", "a b", "a\nb", "a\0", "ä", "a\u{7F}"])
    func refused(text: String) {
        #expect(GatewayToken(text) == nil)
    }

    @Test("No description, reflection or dump of a token, client or request shows the token")
    func hidden() async throws {
        let gateway = CannedGateway("", status: 204)
        let client = try Sample.client(gateway)
        try await client.change(.remove, [.phone(Sample.phone())], in: Sample.group(), of: Sample.session())
        let token = try #require(GatewayToken(Sample.secret))
        let request = try #require(gateway.requests.first)
        for value in [token, client, request, [token], Optional(token) as Any] as [Any] {
            var dumped = ""
            dump(value, to: &dumped)
            for words in ["\(value)", String(describing: value), String(reflecting: value), dumped] {
                #expect(!words.contains("s3cr3t"))
            }
        }
    }

    @Test("No error shows the token, even if the gateway echoes it")
    func echoed() async throws {
        let secret = Sample.secret
        let bodies = [
            #"{"error":{"code":"\#(secret)","message":"bad token \#(secret)","details":{"\#(secret)":"\#(secret)"}}}"#,
            "\(secret) is no good", "\(secret)\u{301} \(secret)\(secret)\u{200D}", "{\"data\":\"\(secret)\"}",
            "<html>\(secret)</html>", "wa_s3\u{1}cr3t.token is no good",
            String(repeating: "a", count: 190) + secret,
        ]
        for body in bodies {
            for status in [200, 302, 401, 500] {
                let gateway = CannedGateway(body, status: status, headers: [("location", "https://\(secret).test/")])
                for call in AnyCall.reads {
                    let error = try await failure(of: call, gateway)
                    var dumped = ""
                    dump(error, to: &dumped)
                    #expect(!"\(error) \(String(reflecting: error)) \(dumped)".contains("s3cr3t"))
                }
            }
        }
    }

    @Test(
        "No error about a field shows an echoed token, not even the part before a cut",
        arguments: [
            #"{"id":"SECRET","status":"working","sessionId":"SECRET"}"#, #"{"groupJid":"SECRET","participantCount":1}"#,
            #"{"groupJid":"120363041234567890@g.us","participantCount":1,"ownerJid":"SECRET"}"#,
            #"{"data":[{"lid":"205227043110953@lid","role":"SECRET"}]}"#,
            #"{"data":[{"lid":"SECRET","role":"admin"}]}"#,
            #"{"data":[{"lid":"1@lid","role":"admin","groupJid":"SECRET"}]}"#, #"{"isOnWhatsApp":true,"jid":"SECRET"}"#,
        ])
    func echoedInField(body: String) async throws {
        let spellings = [
            Sample.secret, "wa_\\u0073\\u0001\\u0033cr3t.token", String(repeating: "x", count: 71) + Sample.secret,
        ]
        for spelling in spellings {
            let gateway = CannedGateway(body.replacing("SECRET", with: spelling))
            var complaints = 0
            for call in AnyCall.reads {
                do {
                    try await call.run(Sample.client(gateway))
                } catch {
                    complaints += 1
                    #expect(!"\(error)".contains("wa_s3cr"))
                }
            }
            #expect(complaints > 0)
        }
    }
}
