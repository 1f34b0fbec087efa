import Core
import Foundation
import GatewayAPI
import HTTPTransfer

/// Reading member lists from memory, one after another on one thread, with the program's own reader.
struct DecodeWork: Work {
    private static let entries = 1_000

    func measure(with bench: Bench) async throws -> Section {
        var rows: [Row] = []
        for (name, nicknamed) in [("plain letters", false), ("nicknames in any script", true)] {
            // More than the caches hold.
            let bodies = (0..<bench.scaled(100)).map { group in
                let members = (0..<Self.entries).map { $0 == 0 ? 0 : group * Self.entries + $0 }
                return Array(PlanWorld.roster(group, members, nicknamed: nicknamed).utf8)
            }
            let (ours, foundation) = try await rates(bodies, bench)
            let row = Row("\(name): the client's reader, checks and sorting included", ours)
                .share("JSONDecoder, two fields", foundation)
            rows.append(nicknamed ? row : row.atLeast(200e6))
        }
        return Section(title: "member lists decoded on one core, \(Self.entries) entries each", rows: rows)
    }

    /// Returns the bytes a second that our client reads, and those that Foundation reads.
    private func rates(_ bodies: [[UInt8]], _ bench: Bench) async throws -> (ours: Figure, foundation: Figure) {
        guard let session = SessionID("S1"), let token = GatewayToken("wa_bench") else {
            throw Complaint("Invalid session or token.")
        }
        let client = GatewayClient(
            url: try HTTPURL(gateway: "http://127.0.0.1:9"), token: token,
            transfer: StoredAnswers(bodies), time: StandingTime())
        let size = Double(bodies.reduce(0) { $0 + $1.count })
        var rates: (ours: [Double], foundation: [Double]) = ([], [])
        for round in 0...bench.runs {
            bench.sayRound(round, of: bench.runs, "decode")
            let start = ContinuousClock.now
            for group in bodies.indices {
                guard let id = GroupID(People.group(group)) else { throw Complaint("Invalid group id.") }
                let roster = try await client.members(of: id, of: session)
                guard roster.members.count == Self.entries else { throw Complaint("A member list lost members.") }
            }
            let middle = ContinuousClock.now
            for body in bodies {
                let page = try JSONDecoder().decode(DecodedPage.self, from: Data(body))
                guard page.data.count == Self.entries else { throw Complaint("JSONDecoder lost members.") }
            }
            let end = ContinuousClock.now
            guard round > 0 else { continue }
            rates.ours.append(size / ((middle - start) / .seconds(1)))
            rates.foundation.append(size / ((end - middle) / .seconds(1)))
        }
        return (Figure(rates.ours, .bytesPerSecond), Figure(rates.foundation, .bytesPerSecond))
    }
}

/// Answers each request for a member list with a stored body.
private struct StoredAnswers: HTTPExchanging {
    private let answers: [String: HTTPResponse]

    init(_ bodies: [[UInt8]]) {
        var answers: [String: HTTPResponse] = [:]
        for (group, body) in bodies.enumerated() {
            let jid = People.group(group).replacing("@", with: "%40")
            answers["http://127.0.0.1:9/api/v1/sessions/S1/groups/\(jid)/members"] = HTTPResponse(
                status: 200, headers: [("content-type", "application/json")], body: body)
        }
        self.answers = answers
    }

    func exchange(_ request: HTTPRequest) async throws(TransferError) -> HTTPResponse {
        guard let answer = answers[request.url] else { throw .unreachable("No answer is stored for this request.") }
        return answer
    }
}

/// A clock that never moves: nothing is paced or read again.
private struct StandingTime: TimeSource {
    func now() -> Timestamp { Timestamp(milliseconds: 0) }
    func sleep(for duration: Duration) async throws {}
}

/// The two fields of a member that the comparison decodes.
private struct DecodedPage: Decodable {
    let data: [Entry]

    struct Entry: Decodable {
        let lid: String
        let role: String
    }
}
