import Core
import FoundationEssentials
import HTTPTransfer

extension Refusal {
    /// Reads an answer with an error status, whatever its body is.
    init(reading response: HTTPResponse, hiding token: GatewayToken, now: Timestamp) {
        let envelope = Self.envelope(response.body)
        let message = envelope?.message ?? Self.substitute(for: response)
        self.init(
            status: response.status,
            code: envelope?.code.map { UntrustedText.limited(token.redacted(of: $0), to: 100) },
            message: UntrustedText.limited(token.redacted(of: message), to: 500),
            details: envelope?.details.map { UntrustedText.limited(token.redacted(of: $0.compactText), to: 2_000) },
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
            return "the answer was a redirect\(host.map { " to \($0)" } ?? ""), and redirects are never followed"
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
        if text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
            return min(Int(text) ?? year, year)
        }
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
    let details: JSONValue?

    private enum CodingKeys: CodingKey {
        case error, code, message, details
    }

    init(from decoder: any Decoder) throws {
        let outer = try decoder.container(keyedBy: CodingKeys.self)
        if let inner = try? outer.nestedContainer(keyedBy: CodingKeys.self, forKey: .error) {
            code = inner.textIfPresent(.code)
            message = inner.textIfPresent(.message)
            details = try inner.decodeIfPresent(JSONValue.self, forKey: .details)
        } else {
            code = outer.textIfPresent(.code)
            message = outer.textIfPresent(.message) ?? outer.textIfPresent(.error)
            details = nil
        }
        guard code != nil || message != nil else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "no envelope"))
        }
    }
}
