import Core
import Foundation
import GatewayAPI
import HTTPTransfer
import Testing

/// A gateway that returns answers from a list, in order, and records the requests.
final class CannedGateway: HTTPExchanging, @unchecked Sendable {
    private let lock = NSLock()
    private var answers: [Result<HTTPResponse, TransferError>]
    private var asked: [HTTPRequest] = []

    /// Takes the answers in order; the last one repeats.
    init(_ answers: [Result<HTTPResponse, TransferError>]) { self.answers = answers }

    /// Answers with JSON and a status.
    convenience init(_ bodies: String..., status: Int = 200, headers: [(String, String)] = []) {
        self.init(
            bodies.map { body in
                .success(
                    HTTPResponse(
                        status: status, headers: headers.map { (name: $0.0, value: $0.1) }, body: Array(body.utf8)
                    )
                )
            }
        )
    }

    /// The requests so far.
    var requests: [HTTPRequest] { lock.withLock { asked } }

    func exchange(_ request: HTTPRequest) async throws(TransferError) -> HTTPResponse {
        let answer = lock.withLock {
            asked.append(request)
            return answers.count > 1 ? answers.removeFirst() : answers[0]
        }
        return try answer.get()
    }
}

/// A clock that never moves.
struct StoppedClock: TimeSource {
    let moment: Timestamp

    func now() -> Timestamp { moment }

    func sleep(for duration: Duration) async throws {}
}

/// Sample requests of this module's tests.
enum Sample {
    static let secret = "wa_s3cr3t.token"

    static func session() throws -> SessionID { try #require(SessionID("01HZ0")) }

    static func group() throws -> GroupID { try #require(GroupID("120363041234567890@g.us")) }

    static func phone() throws -> PhoneNumber { try PhoneNumber(parsing: "+6281234567890") }

    static func lid() throws -> LID { try #require(LID(digits: 205_227_043_110_953)) }

    /// Returns a client of a gateway, at 2026-11-23T20:00:00Z.
    static func client(_ transfer: any HTTPExchanging, url: String = "https://gateway.test") throws -> GatewayClient {
        GatewayClient(
            url: try HTTPURL(gateway: url), token: try #require(GatewayToken(secret)), transfer: transfer,
            time: StoppedClock(moment: try #require(Timestamp(iso8601: "2026-11-23T20:00:00.000Z")))
        )
    }
}

/// Any client call, as a value that tests can run.
struct AnyCall: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let run: @Sendable (GatewayClient) async throws -> Void

    static let reads: [AnyCall] = [
        AnyCall(testDescription: "session") { _ = try await $0.session(Sample.session()) },
        AnyCall(testDescription: "sessions") { _ = try await $0.sessions() },
        AnyCall(testDescription: "groups") { _ = try await $0.groups(of: Sample.session()) },
        AnyCall(testDescription: "group") { _ = try await $0.group(Sample.group(), of: Sample.session()) },
        AnyCall(testDescription: "members") { _ = try await $0.members(of: Sample.group(), of: Sample.session()) },
        AnyCall(testDescription: "contacts") { _ = try await $0.contacts(of: Sample.session(), in: Sample.group()) },
        AnyCall(testDescription: "contact") { _ = try await $0.contact(Sample.lid(), of: Sample.session()) },
        AnyCall(testDescription: "check") { _ = try await $0.check(Sample.phone(), of: Sample.session()) },
        AnyCall(testDescription: "invite") { _ = try await $0.inviteLink(of: Sample.group(), of: Sample.session()) },
    ]

    static let writes = [Operation.add, .remove, .promote, .demote].map { operation in
        AnyCall(testDescription: operation.rawValue) {
            try await $0.change(operation, [.phone(Sample.phone())], in: Sample.group(), of: Sample.session())
        }
    }
}

/// Returns the error of a call; success fails the test.
func failure(of call: AnyCall, _ gateway: CannedGateway) async throws -> GatewayError {
    let client = try Sample.client(gateway)
    return try #require(await #expect(throws: GatewayError.self) { try await call.run(client) })
}

/// Returns why an answer could not be read; anything else fails the test.
func unreadable(_ body: String, _ run: @escaping @Sendable (GatewayClient) async throws -> Void) async throws -> String
{
    let error = try await failure(of: AnyCall(testDescription: "", run: run), CannedGateway(body))
    guard case .unreadable(_, let reason) = error else {
        Issue.record("expected an unreadable answer, got \(error)")
        return ""
    }
    return reason
}
