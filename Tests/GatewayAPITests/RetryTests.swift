import Core
import HTTPTransfer
import Testing

@testable import GatewayAPI

/// Returns one answer after the other, and counts the requests.
private final class Sequence: HTTPExchanging {
    private let answers: Guarded<(left: [Result<HTTPResponse, TransferError>], seen: Int)>

    init(_ answers: [Result<HTTPResponse, TransferError>]) { self.answers = Guarded((answers, 0)) }

    var seen: Int { answers.withLock { $0.seen } }

    func exchange(_ request: HTTPRequest) async throws(TransferError) -> HTTPResponse {
        let next = answers.withLock { state -> Result<HTTPResponse, TransferError> in
            state.seen += 1
            return state.left.isEmpty ? .failure(.malformed("asked too often")) : state.left.removeFirst()
        }
        return try next.get()
    }
}

/// A clock that records the requested pauses.
private final class Pauses: TimeSource {
    private let pauses = Guarded<[Duration]>([])

    var all: [Duration] { pauses.withLock { $0 } }

    func now() -> Timestamp { Timestamp(milliseconds: 1_795_435_200_000) }

    func sleep(for duration: Duration) async throws { pauses.withLock { $0.append(duration) } }
}

@Suite("Failed reads") struct RetryTests {
    private static let good = HTTPResponse(
        status: 200, body: Array(#"{"groupJid":"120363000000000001@g.us","participantCount":2}"#.utf8))

    private func client(_ transfer: Sequence, _ pauses: Pauses) throws -> GatewayClient {
        GatewayClient(
            url: try HTTPURL(gateway: "https://gateway.example.com"),
            token: try #require(GatewayToken("wa_x")), transfer: transfer, time: pauses,
            retries: RetryPolicy(
                attempts: 4, firstPause: .milliseconds(500), longestPause: .seconds(15), random: { 0.5 }))
    }

    private func read(_ client: GatewayClient) async throws -> GroupRecord {
        try await client.group(
            try #require(GroupID("120363000000000001@g.us")), of: try #require(SessionID("S1")))
    }

    @Test(
        "A read is retried if it may succeed next time",
        arguments: [
            .failure(.unreachable("down")), .failure(.timedOut("late")), .failure(.interrupted("broken")),
            .success(HTTPResponse(status: 429)), .success(HTTPResponse(status: 500)),
            .success(HTTPResponse(status: 502)), .success(HTTPResponse(status: 503)),
            .success(HTTPResponse(status: 504)), .success(HTTPResponse(status: 408)),
            .success(HTTPResponse(status: 507)), .success(HTTPResponse(status: 520)),
            .success(HTTPResponse(status: 503, headers: [("retry-after", "0")])),
            .success(HTTPResponse(status: 429, headers: [("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT")])),
        ] as [Result<HTTPResponse, TransferError>])
    func again(failure: Result<HTTPResponse, TransferError>) async throws {
        let (transfer, pauses) = (Sequence([failure, failure, failure, .success(Self.good)]), Pauses())
        #expect(try await read(client(transfer, pauses)).participantCount == 2)
        #expect(pauses.all == [.milliseconds(250), .milliseconds(500), .milliseconds(1_000)])
    }

    @Test("A read stops after the last attempt, with the last error") func givenUp() async throws {
        let down = Result<HTTPResponse, TransferError>.success(HTTPResponse(status: 503))
        let (transfer, pauses) = (Sequence([down, down, down, down]), Pauses())
        await #expect(throws: GatewayError.self) { try await read(client(transfer, pauses)) }
        #expect(transfer.seen == 4)
    }

    @Test("A read is not retried if the answer would be the same", arguments: [400, 401, 403, 404, 422, 501])
    func final(status: Int) async throws {
        let (transfer, pauses) = (Sequence([.success(HTTPResponse(status: status)), .success(Self.good)]), Pauses())
        await #expect(throws: GatewayError.self) { try await read(client(transfer, pauses)) }
        #expect(transfer.seen == 1)
    }

    @Test("A retry waits as long as the gateway asks, up to a limit", arguments: [("7", true), ("3600", false)])
    func retryAfter(seconds: String, isPatient: Bool) async throws {
        let busy = HTTPResponse(status: 503, headers: [("retry-after", seconds)])
        let (transfer, pauses) = (Sequence([.success(busy), .success(Self.good)]), Pauses())
        if isPatient {
            #expect(try await read(client(transfer, pauses)).participantCount == 2)
            #expect(pauses.all == [.seconds(7)])
        } else {
            await #expect(throws: GatewayError.self) { try await read(client(transfer, pauses)) }
            #expect(transfer.seen == 1)
        }
    }

    @Test("The client never repeats a change") func changes() async throws {
        let (transfer, pauses) = (Sequence([.success(HTTPResponse(status: 503))]), Pauses())
        let group = try #require(GroupID("120363000000000001@g.us"))
        await #expect(throws: GatewayError.self) {
            try await client(transfer, pauses).change(
                .add, [.phone(try #require(PhoneNumber(digits: 6_281_234_567_890)))], in: group,
                of: try #require(SessionID("S1")))
        }
        #expect(transfer.seen == 1)
    }
}
