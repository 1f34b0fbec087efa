package import Core
import FoundationEssentials
package import HTTPTransfer

/// Why a gateway call failed.
package enum GatewayError: Error, Hashable, Sendable {
    /// The gateway answered with an error status.
    case refused(GatewayCall, Refusal)
    /// The gateway answered with success, but the answer cannot be used; the reason is a clause after "because".
    case unreadable(GatewayCall, reason: String)
    /// No answer came; the fault says whether the request may have reached the gateway.
    case noAnswer(GatewayCall, TransferError)
    /// The task or the run was cancelled, or the deadline is over.
    case cancelled(GatewayCall)
}

/// An error answer of the gateway.
package struct Refusal: Hashable, Sendable {
    /// The HTTP status.
    package let status: Int
    /// The code in the error body, for example `forbidden`; nil if the body has none.
    package let code: String?
    /// The message in the error body, or the start of another body; untrusted text.
    package let message: String
    /// Seconds to wait, from either form of `Retry-After`; nil if it is missing.
    package var retryAfter: Int?
}

extension GatewayError {
    /// The call that failed.
    package var call: GatewayCall {
        switch self {
        case .refused(let call, _), .unreadable(let call, _), .noAnswer(let call, _), .cancelled(let call): call
        }
    }

    /// What the failure means for this call and the next ones.
    package var kind: FailureKind {
        switch self {
        case .refused(_, let refusal): FailureKind(status: refusal.status)
        case .unreadable: .unreadable
        case .noAnswer(_, let fault): fault.kind
        case .cancelled: .cancelled
        }
    }
}

extension GatewayError {
    /// The same error without phone numbers from the gateway's text, for logs.
    package var withoutNumbers: GatewayError {
        switch self {
        case .refused(let call, let refusal):
            .refused(
                call,
                Refusal(
                    status: refusal.status, code: refusal.code?.withoutNumbers, message: refusal.message.withoutNumbers,
                    retryAfter: refusal.retryAfter))
        case .unreadable(let call, let reason): .unreadable(call, reason: reason.withoutNumbers)
        case .noAnswer, .cancelled: self
        }
    }
}

extension Refusal {
    /// Reads an answer with an error status, whatever its body is.
    init(reading response: HTTPResponse, hiding token: GatewayToken, now: Timestamp) {
        let envelope = Self.envelope(response.body)
        let message = envelope?.message ?? Self.substitute(for: response)
        self.init(
            status: response.status,
            code: envelope?.code.map { UntrustedText.limited(token.redacted(of: $0), to: 100) },
            message: UntrustedText.limited(token.redacted(of: message), to: 500),
            retryAfter: Self.retryAfter(response, now: now)
        )
    }

    /// Reads the error envelope; nil if the body is not one or exceeds 1 MiB.
    private static func envelope(_ body: [UInt8]) -> WireEnvelope? {
        guard UntrustedText.firstByte(of: body) == UInt8(ascii: "{"), body.count <= 1 << 20 else { return nil }
        // `substitute` describes everything else.
        return try? JSONDecoder().decode(WireEnvelope.self, from: Data(body))
    }

    /// Describes a body that is not an envelope.
    private static func substitute(for response: HTTPResponse) -> String {
        if (300...399).contains(response.status) {
            let host = response.header("location").flatMap { try? HTTPURL($0) }?.origin.host
            return "the gateway redirects\(host.map { " to \($0)" } ?? ""), and Rollcall does not follow redirects"
        }
        switch UntrustedText.firstByte(of: response.body) {
        case nil: return "the answer was empty"
        case UInt8(ascii: "<"): return "the answer was an HTML page"
        default: return UntrustedText.start(of: response.body)
        }
    }

    /// Returns `Retry-After` in seconds, from a number or a date, at most a year so that sums cannot overflow.
    private static func retryAfter(_ response: HTTPResponse, now: Timestamp) -> Int? {
        let year = 31_536_000
        guard let text = response.header("retry-after"), !text.isEmpty else { return nil }
        if text.utf8.allSatisfy(\.isDigit) { return min(Int(text) ?? year, year) }
        guard let moment = HTTPDate.moment(text) else { return nil }
        // The date counts from the server's clock, if it sent its time.
        let reference = response.header("date").flatMap(HTTPDate.moment) ?? now
        let milliseconds = max(0, moment.milliseconds - reference.milliseconds)
        return Int(min((milliseconds + 999) / 1_000, Int64(year)))
    }
}

/// The contract's error envelope, or one of two other common forms.
private struct WireEnvelope: Decodable {
    let code: String?
    let message: String?

    private enum CodingKeys: CodingKey {
        case error, code, message
    }

    init(from decoder: any Decoder) throws {
        let outer = try decoder.container(keyedBy: CodingKeys.self)
        let inner = try? outer.nestedContainer(keyedBy: CodingKeys.self, forKey: .error)
        // Only texts count, because an odd value must not hide the other one.
        func text(_ key: CodingKeys) -> String? { try? (inner ?? outer).decodeIfPresent(String.self, forKey: key) }
        code = text(.code)
        message = text(.message) ?? (try? outer.decodeIfPresent(String.self, forKey: .error))
        guard code != nil || message != nil else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "no envelope"))
        }
    }
}

/// The dates of HTTP header fields.
package enum HTTPDate {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// Reads `Sun, 06 Nov 1994 08:49:37 GMT`, the only form still in use; nil for anything else.
    package static func moment(_ text: String) -> Timestamp? {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 6, words[0].utf8.count == 4, words[0].hasSuffix(","), words[5] == "GMT",
            let day = number(words[1], digits: 2), let month = months.firstIndex(of: String(words[2])),
            let year = number(words[3], digits: 4), let date = CalendarDate(year: year, month: month + 1, day: day)
        else { return nil }
        let time = words[4].split(separator: ":", omittingEmptySubsequences: false)
        guard time.count == 3, let hour = number(time[0], digits: 2), let minute = number(time[1], digits: 2),
            let second = number(time[2], digits: 2), hour < 24, minute < 60, second <= 60
        else { return nil }
        let seconds = ((date.daysSince1970 * 24 + hour) * 60 + minute) * 60 + second
        return Timestamp(milliseconds: Int64(seconds) * 1_000)
    }

    private static func number(_ text: Substring, digits: Int) -> Int? {
        guard text.utf8.count == digits, text.utf8.allSatisfy(\.isDigit) else { return nil }
        return Int(text)
    }
}
