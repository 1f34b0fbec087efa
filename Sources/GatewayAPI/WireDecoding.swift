import Core
import FoundationEssentials

/// A JSON answer that the contract describes.
protocol WireAnswer: Decodable {
    /// The expected shape, as the object of a sentence: `a session with …`.
    static var shape: String { get }
    /// Whether an error must not quote the body.
    static var isSecret: Bool { get }
}

extension WireAnswer {
    /// False: errors may quote most bodies.
    static var isSecret: Bool { false }
}

extension CallContext {
    /// Decodes an answer, or throws an error that says what was expected and what came.
    func decode<Answer: WireAnswer>(_ type: Answer.Type, from body: [UInt8]) throws(GatewayError) -> Answer {
        let problem: String
        if UntrustedText.firstByte(of: body) == nil {
            problem = "it is empty"
        } else if UntrustedText.firstByte(of: body) == UInt8(ascii: "<") {
            problem = "it is an HTML page, so `gateway.url` may be wrong"
        } else if String(validating: body, as: UTF8.self) == nil {
            problem = "it is not UTF-8"
        } else {
            do {
                return try JSONDecoder().decode(type, from: Data(body))
            } catch {
                problem = (error as? DecodingError).map(Self.words) ?? "it is not valid JSON"
            }
        }
        let excerpt =
            Answer.isSecret || body.isEmpty ? "" : " (it begins: \(UntrustedText.excerpt(of: body, hiding: token)))"
        throw unreadable("it should be \(Answer.shape), but \(problem)\(excerpt)")
    }

    private static func words(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, let context): return "\(position(context.codingPath + [key])) is missing"
        case .valueNotFound(_, let context): return "\(position(context.codingPath)) is null"
        case .typeMismatch(_, let context): return "\(position(context.codingPath)) has the wrong type"
        case .dataCorrupted(let context) where !context.codingPath.isEmpty:
            return "\(position(context.codingPath)) cannot be read"
        case .dataCorrupted:
            // The decoder does not distinguish the two.
            return "it is not valid JSON, or a number is out of range"
        @unknown default:
            return "it cannot be read"
        }
    }

    /// Returns a path in the answer, for example `data[3].role`.
    private static func position(_ path: [any CodingKey]) -> String {
        var text = ""
        for key in path {
            if let index = key.intValue {
                text += "[\(index)]"
            } else {
                text += text.isEmpty ? key.stringValue : ".\(key.stringValue)"
            }
        }
        return text.isEmpty ? "the whole answer" : text
    }
}

/// A value that must not make an answer unreadable: nil if another kind of value came.
struct Lenient<Value: Decodable & Equatable>: Decodable, Equatable {
    /// The value.
    let value: Value?

    /// Reads the value if it is one.
    init(from decoder: any Decoder) throws { value = try? Value(from: decoder) }
}

extension Lenient: WireAnswer where Value: WireAnswer {
    /// The shape of the value.
    static var shape: String { Value.shape }
}

extension Lenient<Int64> {
    /// The time, from milliseconds since 1970; nil if unknown.
    var moment: Timestamp? { value.flatMap { $0 > 0 ? Timestamp(milliseconds: $0) : nil } }
}

/// Digits from a text or a number.
struct Digits: Decodable, Equatable {
    /// The digits as text, with whatever else the text has.
    let text: String

    /// Reads a text or a number.
    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        text = if let number = try? value.decode(UInt64.self) { String(number) } else { try value.decode(String.self) }
    }
}
