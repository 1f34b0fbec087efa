import Core
import HTTPTransfer
import Testing

@testable import GatewayAPI

@Suite("Gateway answers")
struct AnswerTests {
    @Test(
        "Every read rejects an answer outside the contract, with one line",
        arguments: [
            "", " \r\n\t", "null", "true", "[]", "\"text\"", "42", "{}x", "{", "[[[[", "{\"data\":[", "not JSON",
            "<!DOCTYPE html><html><body>Log in\u{1B}[31m\r\n</body></html>", "  <html>", "{\"a\":\"\u{0}\"}",
            String(repeating: "[", count: 100_000), String(repeating: #"{"data":"#, count: 100_000),
            String(repeating: "\u{301}", count: 10_000), "{\"data\":[{\"lid\":\"\u{202E}\"",
        ]
    )
    func hostile(body: String) async throws {
        for call in AnyCall.reads {
            let error = try await failure(of: call, CannedGateway(body))
            guard case .unreadable(_, let reason) = error else {
                Issue.record("expected an unreadable answer, got \(error)")
                continue
            }
            #expect(reason.hasPrefix("it should be "))
            #expect(reason.unicodeScalars.count < 500)
            #expect(reason.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F && $0 != "\u{202E}" })
        }
    }

    @Test("An answer that is not UTF-8 is unreadable")
    func notUTF8() async throws {
        let body: [UInt8] = Array(#"{"isOnWhatsApp":true,"jid":""#.utf8) + [0xFF, 0xFE] + Array(#""}"#.utf8)
        for call in AnyCall.reads {
            let error = try await failure(of: call, CannedGateway([.success(HTTPResponse(status: 200, body: body))]))
            guard case .unreadable(_, let reason) = error else {
                Issue.record("expected an unreadable answer, got \(error)")
                continue
            }
            #expect(reason.contains("not UTF-8"))
        }
    }

    @Test("An HTML answer gives a hint to check the URL")
    func html() async throws {
        let reason = try await unreadable("<html>") { _ = try await $0.session(Sample.session()) }
        #expect(
            reason == "it should be a session with `id` and `status`, but it is an HTML page, "
                + "so `gateway.url` may be wrong (it begins: <html>)"
        )
    }

    @Test("A missing answer keeps the fault and whether the request may have been sent")
    func transferErrors() async throws {
        let faults: [(TransferError, FailureKind, String)] = [
            (.invalidRequest("m"), .unreachable, "unreachable"), (.unreachable("m"), .unreachable, "unreachable"),
            (.timedOut("m"), .noAnswer, "timed_out"), (.interrupted("m"), .noAnswer, "interrupted"),
            (.malformed("m"), .brokenAnswer, "malformed"),
        ]
        for call in AnyCall.reads + AnyCall.writes {
            for (error, kind, code) in faults {
                let failure = try await failure(of: call, CannedGateway([.failure(error)]))
                guard case .noAnswer(_, let fault) = failure else {
                    Issue.record("expected no answer")
                    continue
                }
                #expect(fault.message == "m" && fault.code == code)
                #expect(failure.kind == kind && kind.effectIsUnknown == (kind != .unreachable))
            }
            let tooLarge = try await failure(of: call, CannedGateway([.failure(.tooLarge(limit: 7))]))
            #expect(tooLarge.kind == .brokenAnswer && "\(tooLarge)".contains("7"))
            let cancelled = try await failure(of: call, CannedGateway([.failure(.cancelled)]))
            #expect(cancelled == .cancelled(cancelled.call))
        }
    }
}

@Suite("Session answers")
struct SessionAnswerTests {
    @Test(
        "The own account is read from any of its fields",
        arguments: [
            (
                #""waJid":"6281234567890:7@s.whatsapp.net","waLid":"205227043110953:7@lid","ratePerMin":20"#, true,
                true, 20
            ),
            (#""waJid":"6281234567890@c.us","phoneNumber":"+62999999999""#, false, false, nil),
            (#""phoneNumber":"6281234567890""#, true, false, nil),
            (#""phoneNumber":"+62 812-3456-7890","waJid":null,"waLid":null"#, true, false, nil),
            (#""phoneNumber":6281234567890,"ratePerMin":0"#, true, false, nil),
            (#""waJid":"205227043110953@lid""#, false, true, nil),
            (#""waJid":"","waLid":"","phoneNumber":"""#, false, false, nil),
            (#""phoneNumber":"0812345678","waJid":"6281234567890","waLid":"205227043110953""#, false, false, nil),
            (#""label":7,"lastConnectedAt":"never""#, false, false, nil),
        ] as [(String, Bool, Bool, Int?)]
    )
    func ownAccount(fields: String, hasPhone: Bool, hasLID: Bool, rate: Int?) async throws {
        let body = #"{"id":"01HZ0","status":"working",\#(fields)}"#
        let phone = hasPhone ? try Sample.phone() : nil
        let lid = hasLID ? try Sample.lid() : nil
        let session = try await Sample.client(CannedGateway(body)).session(Sample.session())
        #expect(
            session
                == SessionRecord(
                    id: try Sample.session(), status: "working", ownPhone: phone, ownLID: lid, ratePerMinute: rate
                )
        )
        #expect(session.isConnected)
    }

    @Test(
        "A session without its required fields, or another session, is unreadable",
        arguments: [
            (#"{"status":"working"}"#, "but id is missing"), (#"{"id":"01HZ0"}"#, "but status is missing"),
            (#"{"id":null,"status":"working"}"#, "but id is null"), (#"{"id":"01HZ0""#, "but it is not valid JSON, or"),
            (#"{"id":7,"status":"working"}"#, "but id has the wrong type"),
            (#"{"id":"01HZ0","status":"working","ratePerMin":"20"}"#, "but ratePerMin has the wrong type"),
            (#"{"id":"01HZ0","status":"working","ratePerMin":1e99}"#, "a number is out of range"),
            (#"{"id":"01HZ0","status":"working","waJid":7}"#, "but waJid has the wrong type"),
            (#"{"id":"01HZ1","status":"working"}"#, "it is about session “01HZ1”, not the requested session"),
        ]
    )
    func unreadableSession(body: String, words: String) async throws {
        let reason = try await unreadable(body) { _ = try await $0.session(Sample.session()) }
        #expect(reason.contains(words))
    }
}

@Suite("Number check answers")
struct CheckAnswerTests {
    @Test(
        "A check returns the account as WhatsApp knows it",
        arguments: [
            (
                #"{"isOnWhatsApp":true,"jid":"6281234567890@s.whatsapp.net","query":"+62"}"#, true,
                "6281234567890@s.whatsapp.net"
            ),
            (#"{"isOnWhatsApp":true,"jid":"205227043110953:1@lid"}"#, true, "205227043110953@lid"),
            (#"{"isOnWhatsApp":true,"jid":null}"#, true, nil), (#"{"isOnWhatsApp":true}"#, true, nil),
            (#"{"isOnWhatsApp":false,"jid":""}"#, false, nil),
            (#"{"isOnWhatsApp":false,"jid":"6281234567890@s.whatsapp.net"}"#, false, nil),
        ] as [(String, Bool, String?)]
    )
    func check(body: String, isOn: Bool, account: String?) async throws {
        let check = try await Sample.client(CannedGateway(body)).check(Sample.phone(), of: Sample.session())
        #expect(check.isOnWhatsApp == isOn)
        #expect(check.account?.description == account)
    }

    @Test(
        "An ambiguous check is unreadable",
        arguments: [
            #"{"jid":"6281234567890@s.whatsapp.net"}"#, #"{"isOnWhatsApp":"yes"}"#, #"{"isOnWhatsApp":1}"#,
            #"{"isOnWhatsApp":null}"#, #"{"isOnWhatsApp":true,"jid":"6281234567890"}"#,
            #"{"isOnWhatsApp":true,"jid":"1@g.us"}"#, #"{"isOnWhatsApp":true,"jid":7}"#,
        ]
    )
    func unreadableCheck(body: String) async throws {
        let reason = try await unreadable(body) { _ = try await $0.check(Sample.phone(), of: Sample.session()) }
        #expect(!reason.isEmpty)
    }
}

@Suite("Invite link answers")
struct InviteAnswerTests {
    @Test("An invite answer contains the link")
    func link() async throws {
        let gateway = CannedGateway(#"{"invite":"https:\/\/chat.whatsapp.com\/AbC-123_x"}"#)
        let link = try await Sample.client(gateway).inviteLink(of: Sample.group(), of: Sample.session())
        #expect(link == "https://chat.whatsapp.com/AbC-123_x")
    }

    @Test(
        "An invite that is not a WhatsApp link is unreadable, and is not quoted",
        arguments: [
            "", "AbCdE", "https://evil.test/AbCdE", "https://chat.whatsapp.com/",
            "https://chat.whatsapp.com.evil/AbCdE",
            "https://chat.whatsapp.com/AbCdE\\\"><script>", "https://chat.whatsapp.com/AbCdE?x", "javascript:AbCdE",
            "https://chat.whatsapp.com/AbCdE\\n", "http://chat.whatsapp.com/AbCdE",
        ]
    )
    func noLink(link: String) async throws {
        for body in ["{\"invite\":\"\(link)\"}", "{\"link\":\"\(link)\"}"] {
            let reason = try await unreadable(body) {
                _ = try await $0.inviteLink(of: Sample.group(), of: Sample.session())
            }
            #expect(!reason.contains("AbCdE"))
            #expect(!reason.isEmpty)
        }
    }
}

@Suite("Echoed tokens")
struct EchoedTokenTests {
    @Test(
        "An echoed token is masked in quotes, even if dropped characters or a cut split it",
        arguments: [
            #"{"data":[{"lid":"TOKEN","role":"member"}]}"#,
            #"{"data":[{"lid":"9@lid","role":"member","groupJid":"TOKEN"}]}"#, "TOKEN", "HIDDEN",
            String(repeating: "-", count: 192) + "TOKEN",
        ])
    func quoted(body: String) async throws {
        let hidden = Sample.secret.replacing("3", with: "3\u{200B}")
        let body = body.replacing("TOKEN", with: Sample.secret).replacing("HIDDEN", with: hidden)
        let reason = try await unreadable(body) { _ = try await $0.members(of: Sample.group(), of: Sample.session()) }
        #expect(reason.contains("[token") || reason.contains("…"))
        #expect(!reason.contains(Sample.secret.prefix(8)))
    }

    @Test("An echoed token is masked in subjects and statuses") func kept() async throws {
        let group = #"{"groupJid":"120363041234567890@g.us","participantCount":1,"subject":"TOKEN"}"#
        for (body, call) in [
            (group, { try await $0.group(Sample.group(), of: Sample.session()).subject }),
            (#"{"data":[\#(group)]}"#, { try await $0.groups(of: Sample.session()).first?.subject }),
            (#"{"id":"01HZ0","status":"TOKEN"}"#, { try await $0.session(Sample.session()).status }),
        ] as [(String, (GatewayClient) async throws -> String?)] {
            let gateway = CannedGateway(body.replacing("TOKEN", with: Sample.secret))
            #expect(try await call(Sample.client(gateway)) == "[token]")
        }
    }

    @Test("An echoed token is masked in every answer about something else") func others() async throws {
        let bodies = [
            #"{"id":"TOKEN","status":"working"}"#,
            #"{"groupJid":"TOKEN","participantCount":1}"#, #"{"isOnWhatsApp":true,"jid":"TOKEN"}"#,
        ]
        for body in bodies {
            for call in AnyCall.reads {
                let gateway = CannedGateway(body.replacing("TOKEN", with: Sample.secret))
                let client = try Sample.client(gateway)
                do {
                    try await call.run(client)
                } catch {
                    #expect(!"\(error)".contains(Sample.secret), "\(call.testDescription)")
                }
            }
        }
    }
}
