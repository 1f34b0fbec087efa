import FoundationEssentials
import Membership

/// A body of JSON that the contract describes.
protocol WireAnswer: Decodable, Sendable {
    /// What the contract promises, as the object of a sentence: `a session with …`.
    static var shape: String { get }
    /// Whether the body must not be quoted in an error.
    static var isSecret: Bool { get }
}

extension WireAnswer {
    /// Most bodies may be quoted.
    static var isSecret: Bool { false }
}

/// Why a body is not what the contract promises.
struct WireFault: Error {
    /// One sentence.
    let sentence: String
}

/// Reads JSON from a stranger.
enum WireDecoding {
    /// Reads an answer, or says in one sentence what was expected and what came.
    static func decode<Answer: WireAnswer>(_ type: Answer.Type, from body: [UInt8]) throws(WireFault) -> Answer {
        let expected = "The answer should be \(Answer.shape), "
        guard let first = ForeignText.firstByte(of: body) else {
            throw WireFault(sentence: "\(expected)but it is empty.")
        }
        guard first != UInt8(ascii: "<") else {
            throw WireFault(sentence: "\(expected)but it is an HTML page: is the gateway's URL right?")
        }
        guard String(validating: body, as: UTF8.self) != nil else {
            throw WireFault(sentence: "\(expected)but it is not UTF-8.")
        }
        do {
            return try JSONDecoder().decode(type, from: Data(body))
        } catch let error as DecodingError {
            throw WireFault(sentence: "\(expected)but \(words(for: error)).")
        } catch {
            throw WireFault(sentence: "\(expected)but it is no valid JSON.")
        }
    }

    private static func words(for error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, let context):
            return "\(place(context.codingPath + [key])) is missing"
        case .valueNotFound(_, let context):
            return "\(place(context.codingPath)) is null"
        case .typeMismatch(_, let context):
            return "\(place(context.codingPath)) is of another type"
        case .dataCorrupted(let context) where !context.codingPath.isEmpty:
            return "\(place(context.codingPath)) cannot be read"
        case .dataCorrupted:
            // The decoder does not tell the two apart.
            return "it is no valid JSON, or holds a number out of range"
        @unknown default:
            return "it cannot be read"
        }
    }

    /// A place in the answer, for example `data[3].role`.
    private static func place(_ path: [any CodingKey]) -> String {
        var text = ""
        for key in path {
            if let index = key.intValue {
                text += "[\(index)]"
            } else {
                text += text.isEmpty ? key.stringValue : ".\(key.stringValue)"
            }
        }
        return text.isEmpty ? "the whole of it" : text
    }
}

extension KeyedDecodingContainer {
    /// A text where there is one; whatever else stands there counts as nothing.
    func textIfAny(_ key: Key) -> String? {
        // A label only: an odd one is no reason to lose the rest.
        try? decodeIfPresent(String.self, forKey: key)
    }

    /// A moment in milliseconds since 1970 where there is one; whatever else stands there tells nothing.
    func momentIfAny(_ key: Key) -> Timestamp? {
        let number = try? decodeIfPresent(Int64.self, forKey: key)
        return number.flatMap { $0 > 0 ? Timestamp(milliseconds: $0) : nil }
    }

    /// Digits, as a text or as a number.
    func digitsIfPresent(_ key: Key) throws -> String? {
        if let number = try? decodeIfPresent(UInt64.self, forKey: key) { return String(number) }
        return try decodeIfPresent(String.self, forKey: key)
    }
}
