import Core
import GatewayAPI
import HTTPTransfer

/// Uses the bytes as a gateway's answers to one call.
///
/// The first byte selects the call and the second one the status, both by remainder. Then follows a line with up to
/// three header fields between tabs (`Retry-After`, `Date`, `Location`), and then the pages, separated by the byte
/// 0x1E.
enum FuzzedGateway {
    private static let secret = "wa_s3cr3t.token"
    private static let statuses = [200, 200, 200, 204, 301, 400, 401, 403, 404, 409, 429, 500, 503]

    /// Makes the call twice.
    static func attempt(_ bytes: [UInt8]) {
        guard bytes.count >= 2, let asking = Asking.shared else { return }
        let call = asking.calls[Int(bytes[0]) % asking.calls.count]
        let line = bytes[2...].prefix { $0 != 0x0A }
        let names = ["retry-after", "date", "location"]
        let values = line.split(separator: 0x09, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        let headers = zip(names, values).filter { !$0.1.isEmpty }.map { (name: $0.0, value: $0.1) }
        let pages = bytes[line.endIndex...].dropFirst().split(separator: 0x1E, omittingEmptySubsequences: false)
        let responses = pages.map {
            HTTPResponse(status: statuses[Int(bytes[1]) % statuses.count], headers: headers, body: Array($0))
        }
        let first = asking.outcome(of: call, responses, secret: secret)
        claim(first == asking.outcome(of: call, responses, secret: secret), "a second read ends differently")
        switch first {
        case .failure(let error): check(error)
        case .success(let answer): claim(answer != nil, "an answer outside the contract was accepted")
        }
    }

    private static func check(_ error: GatewayError) {
        switch error {
        case .unreadable(_, let reason):
            claimOneSafeLine(reason, most: 800)
            claim(!hides(reason), "a reason holds the token: \(reason)")
        case .refused(_, let refusal):
            claim((100...999).contains(refusal.status) && refusal.status != 200, "a successful answer was refused")
            claim((refusal.code?.unicodeScalars.count ?? 0) <= 101, "a code is too long")
            claim(refusal.message.unicodeScalars.count <= 501, "a message is too long")
            claim((0...31_536_000).contains(refusal.retryAfter ?? 0), "a pause of \(refusal.retryAfter ?? 0) s")
            claim(!hides(refusal.code), "a code holds the token")
            claim(!hides(refusal.message), "a message holds the token")
        case .noAnswer, .cancelled: claim(false, "an answer that arrived is reported as missing")
        }
    }

    private static func hides(_ text: String?) -> Bool {
        guard let text else { return false }
        let bytes = Array(text.utf8)
        let secret = Array(secret.utf8)
        return bytes.indices.contains { bytes[$0...].starts(with: secret) }
    }
}

/// A call to try.
struct TriedCall: Sendable {
    /// Makes the call; returns nil if its result violates the contract.
    let run: @Sendable (GatewayClient) async throws(GatewayError) -> Answer?
}

/// The result of a call.
enum Answer: Hashable, Sendable {
    case session(SessionRecord)
    case sessions([SessionRecord])
    case groups([GroupRecord])
    case group(GroupRecord)
    case roster(Roster)
    case contacts([ContactRecord])
    case contact(ContactRecord)
    case check(NumberCheck)
    case text(String)
    case status(Int)
}

/// Every read call, with one session, group and person.
struct Asking: Sendable {
    /// The calls; stored inputs depend on their order.
    let calls: [TriedCall]

    /// Created once; nil would be a defect of this harness, which would then try nothing.
    static let shared = Asking()

    private init?() {
        guard let session = SessionID("01HZ0"), let group = GroupID("120363041234567890@g.us"),
            let phone = PhoneNumber(digits: 6_281_234_567_890), let lid = LID(digits: 205_227_043_110_953)
        else { return nil }
        calls = [
            TriedCall { client throws(GatewayError) in
                let record = try await client.session(session)
                return record.id == session && record.ratePerMinute != 0 ? .session(record) : nil
            },
            TriedCall { client throws(GatewayError) in
                let records = try await client.sessions()
                let isInOrder = zip(records, records.dropFirst()).allSatisfy { $0.id < $1.id }
                return isInOrder ? .sessions(records) : nil
            },
            TriedCall { client throws(GatewayError) in
                let records = try await client.groups(of: session)
                let isInOrder = zip(records, records.dropFirst()).allSatisfy { $0.id < $1.id }
                return isInOrder && records.allSatisfy { $0.participantCount ?? 0 >= 0 } ? .groups(records) : nil
            },
            TriedCall { client throws(GatewayError) in
                let record = try await client.group(group, of: session)
                return record.id == group && record.participantCount ?? 0 >= 0 ? .group(record) : nil
            },
            TriedCall { client throws(GatewayError) in
                let roster = try await client.members(of: group, of: session)
                let isInOrder = zip(roster.members, roster.members.dropFirst()).allSatisfy { $0.account < $1.account }
                return isInOrder && roster.foreignEntryCount >= 0 ? .roster(roster) : nil
            },
            TriedCall { client throws(GatewayError) in
                let records = try await client.contacts(of: session, in: group)
                let isInOrder = zip(records, records.dropFirst()).allSatisfy { $0.lid <= $1.lid }
                return isInOrder && Set(records).count == records.count ? .contacts(records) : nil
            },
            TriedCall { client throws(GatewayError) in
                let record = try await client.contact(lid, of: session)
                return record.lid == lid ? .contact(record) : nil
            },
            TriedCall { client throws(GatewayError) in
                let check = try await client.check(phone, of: session)
                return check.isOnWhatsApp || check.account == nil ? .check(check) : nil
            },
            TriedCall { client throws(GatewayError) in
                let link = try await client.inviteLink(of: group, of: session)
                let isSafe = link.utf8.count <= 160 && link.utf8.allSatisfy { (0x21...0x7E).contains($0) }
                return isSafe && link.hasPrefix("https://chat.whatsapp.com/") ? .text(link) : nil
            },
            TriedCall { client throws(GatewayError) in
                let status = try await client.change(.add, [.phone(phone)], in: group, of: session)
                return (200...299).contains(status) ? .status(status) : nil
            },
        ]
    }

    /// Makes one call and waits for the result on this thread.
    func outcome(of call: TriedCall, _ responses: [HTTPResponse], secret: String) -> Result<Answer?, GatewayError> {
        let transfer = CannedTransfer(responses)
        let result = Outcome()
        guard let url = try? HTTPURL(gateway: "https://gateway.test"), let token = GatewayToken(secret)
        else {
            giveUp("The harness cannot make a client.")
        }
        let client = GatewayClient(url: url, token: token, transfer: transfer, time: StoppedClock())
        // Nothing suspends, so the task has ended when this returns, and all of it runs on the fuzzer's thread.
        Task.immediate {
            do throws(GatewayError) {
                result.value = .success(try await call.run(client))
            } catch {
                result.value = .failure(error)
            }
        }
        guard let value = result.value else {
            giveUp("The reading was suspended.")
        }
        claim(transfer.count <= responses.count + 1, "\(transfer.count) requests for \(responses.count) pages")
        return value
    }
}

/// The result of a task; written and read on one thread.
private final class Outcome: @unchecked Sendable {
    var value: Result<Answer?, GatewayError>?
}

/// Returns the answers in order, repeats the last one, and checks each request; used on one thread.
private final class CannedTransfer: HTTPExchanging, @unchecked Sendable {
    private let responses: [HTTPResponse]
    private(set) var count = 0

    init(_ responses: [HTTPResponse]) { self.responses = responses }

    func exchange(_ request: HTTPRequest) async throws(TransferError) -> HTTPResponse {
        do throws(TransferError) {
            _ = try request.checkedOrigin()
        } catch {
            claim(false, "a request breaks the rules of HTTP: \(error)")
        }
        defer { count += 1 }
        return responses[min(count, responses.count - 1)]
    }
}

/// A clock that never moves.
private struct StoppedClock: TimeSource {
    func now() -> Timestamp { Timestamp(milliseconds: 1_795_000_000_000) }

    func sleep(for duration: Duration) async throws {}
}
