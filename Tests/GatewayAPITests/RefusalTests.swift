import Core
import HTTPTransfer
import Testing

@testable import GatewayAPI

@Suite("Refusals")
struct RefusalTests {
    private func refusal(_ gateway: CannedGateway) async throws -> Refusal {
        let error = try await failure(of: AnyCall.reads[0], gateway)
        guard case .refused(let call, let refusal) = error else {
            Issue.record("expected a refusal, got \(error)")
            return Refusal(status: 0, code: nil, message: "")
        }
        #expect(call == .session(try Sample.session()))
        return refusal
    }

    @Test(
        "Every status except success is a refusal, for every call",
        arguments: [100, 199, 300, 304, 400, 401, 429, 503, 999])
    func statuses(status: Int) async throws {
        for call in AnyCall.reads + AnyCall.writes {
            guard case .refused(_, let refusal) = try await failure(of: call, CannedGateway("", status: status)) else {
                Issue.record("expected a refusal")
                continue
            }
            #expect(refusal.status == status)
        }
    }

    @Test(
        "A refusal keeps the envelope's text, or something readable without an envelope",
        arguments: [
            (#"{"error":{"code":"forbidden","message":"no"}}"#, "forbidden", "no"),
            (#"{"error":{"code":"x","message":"m","details":{"b":[1,2.5,null,true],"a":"q\"\n\\\u0001"}}}"#, "x", "m"),
            (#"{"error":{"code":"x","message":"m","details":null}}"#, "x", "m"),
            (#"{"error":{"code":7,"message":"m"}}"#, nil, "m"), (#"{"error":{"code":"x"}}"#, "x", nil),
            (#"{"error":"nope"}"#, nil, "nope"), (#"{"message":"nope","code":"c"}"#, "c", "nope"),
            ("", nil, "the answer was empty"), (" \r\n", nil, "the answer was empty"),
            ("<!DOCTYPE html>", nil, "the answer was an HTML page"), ("plain words", nil, "plain words"),
            ("{}", nil, "{}"), ("[1]", nil, "[1]"), (#"{"error":7}"#, nil, #"{"error":7}"#),
            ("{broken", nil, "{broken"),
        ] as [(String, String?, String?)]
    )
    func bodies(body: String, code: String?, message: String?) async throws {
        let refusal = try await refusal(CannedGateway(body, status: 403))
        #expect(refusal.code == code)
        #expect(refusal.message == message ?? body)
        #expect(refusal.retryAfter == nil)
    }

    @Test("A refusal shortens a long text of the gateway")
    func long() async throws {
        let long = String(repeating: "e\u{301}", count: 5_000)
        let body = #"{"error":{"code":"\#(long)","message":"\#(long)","details":"\#(long)"}}"#
        let refusal = try await refusal(CannedGateway(body, status: 400))
        #expect(refusal.code?.unicodeScalars.count == 101)
        #expect(refusal.message.unicodeScalars.count == 501)
        let plain = try await self.refusal(CannedGateway(String(repeating: "a", count: 3 << 20), status: 400))
        #expect(plain.message.count == 501)
        let deep = String(repeating: #"{"error":"#, count: 100_000)
        #expect(try await self.refusal(CannedGateway(deep, status: 400)).message.count == 501)
    }

    @Test(
        "A refusal by redirect says that redirects are not followed, and names the target",
        arguments: [
            (
                "https://login.test/6281234567890?token=x",
                "the gateway redirects to login.test, and Rollcall does not follow redirects"
            ),
            ("/login", "the gateway redirects, and Rollcall does not follow redirects"),
            ("", "the gateway redirects, and Rollcall does not follow redirects"),
        ]
    )
    func redirect(location: String, message: String) async throws {
        let gateway = CannedGateway("<html>", status: 302, headers: [("location", location)])
        #expect(try await refusal(gateway).message == message)
    }

    @Test(
        "A refusal gives the time to wait, from seconds or a date",
        arguments: [
            ("0", nil, 0), ("120", nil, 120), ("99999999999999999999999", nil, 31_536_000), ("", nil, nil),
            ("-1", nil, nil), ("1.5", nil, nil), ("soon", nil, nil), ("+5", nil, nil),
            ("Mon, 23 Nov 2026 20:01:30 GMT", nil, 90), ("Mon, 23 Nov 2026 19:00:00 GMT", nil, 0),
            ("Mon, 23 Nov 2026 20:01:30 GMT", "Mon, 23 Nov 2026 20:01:00 GMT", 30),
            ("Mon, 23 Nov 2026 20:01:30 GMT", "yesterday", 90), ("Fri, 31 Dec 9999 23:59:59 GMT", nil, 31_536_000),
            ("Sun, 30 Feb 2026 20:01:30 GMT", nil, nil), ("Mon, 23 Nov 2026 20:01:30 CET", nil, nil),
            ("Mon, 23 Nov 2026 25:01:30 GMT", nil, nil), ("2026-11-23T20:01:30Z", nil, nil),
        ] as [(String, String?, Int?)]
    )
    func retryAfter(value: String, date: String?, seconds: Int?) async throws {
        let headers = [("retry-after", value)] + (date.map { [("date", $0)] } ?? [])
        #expect(try await refusal(CannedGateway("", status: 429, headers: headers)).retryAfter == seconds)
    }

    @Test(
        "A refusal hides the numbers of its message in a log",
        arguments: [
            ("447700900101@s.whatsapp.net is gone", "[number]@s.whatsapp.net is gone"),
            ("call +44 7700 900-101, please", "call +[number], please"), ("(0044) 7700.900101.", "([number]."),
            ("\u{664}\u{664}\u{667}\u{667}\u{660}\u{660}\u{661} left", "[number] left"),
            ("44\u{200B}7700\u{200B}900101", "[number]"), ("quota 3 of 20, 500 a day", "quota 3 of 20, 500 a day"),
            ("code 123456", "code 123456"), ("", ""),
        ])
    func numbers(message: String, safe: String) throws {
        let refusal = Refusal(status: 401, code: "c", message: message)
        let call = GatewayCall.session(try Sample.session())
        let expected = Refusal(status: 401, code: "c", message: safe)
        #expect(GatewayError.refused(call, refusal).withoutNumbers == .refused(call, expected))
        #expect(
            GatewayError.unreadable(call, reason: message).withoutNumbers == .unreadable(call, reason: safe))
    }
}
