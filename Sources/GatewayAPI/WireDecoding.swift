import Core
import FoundationEssentials

/// A JSON answer that the contract describes.
protocol WireAnswer: Decodable, Sendable {
    /// The expected shape, as the object of a sentence: `a session with …`.
    static var shape: String { get }
    /// Whether an error must not quote the body.
    static var isSecret: Bool { get }
}

extension WireAnswer {
    /// False: errors may quote most bodies.
    static var isSecret: Bool { false }
}

/// Why a body does not match the contract.
struct WireFault: Error {
    /// One sentence.
    let sentence: String
}

/// Decodes untrusted JSON.
enum WireDecoding {
    /// Decodes an answer, or throws one sentence with what was expected and what came.
    static func decode<Answer: WireAnswer>(_ type: Answer.Type, from body: [UInt8]) throws(WireFault) -> Answer {
        let expected = "The answer should be \(Answer.shape), "
        guard let first = UntrustedText.firstByte(of: body) else {
            throw WireFault(sentence: "\(expected)but it is empty.")
        }
        guard first != UInt8(ascii: "<") else {
            throw WireFault(sentence: "\(expected)but it is an HTML page. Check gateway.url.")
        }
        guard String(validating: body, as: UTF8.self) != nil else {
            throw WireFault(sentence: "\(expected)but it is not UTF-8.")
        }
        do {
            return try JSONDecoder().decode(type, from: Data(body))
        } catch let error as DecodingError {
            throw WireFault(sentence: "\(expected)but \(words(for: error)).")
        } catch {
            throw WireFault(sentence: "\(expected)but it is not valid JSON.")
        }
    }

    private static func words(for error: DecodingError) -> String {
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

extension KeyedDecodingContainer {
    /// Returns a text, or nil if there is none or another value.
    func textIfPresent(_ key: Key) -> String? {
        // Only for labels: an odd one must not make the answer unreadable.
        try? decodeIfPresent(String.self, forKey: key)
    }

    /// Returns a time from milliseconds since 1970, or nil if there is none or another value.
    func momentIfPresent(_ key: Key) -> Timestamp? {
        let number = try? decodeIfPresent(Int64.self, forKey: key)
        return number.flatMap { $0 > 0 ? Timestamp(milliseconds: $0) : nil }
    }

    /// Returns digits from a text or a number.
    func digitsIfPresent(_ key: Key) throws -> String? {
        if let number = try? decodeIfPresent(UInt64.self, forKey: key) { return String(number) }
        return try decodeIfPresent(String.self, forKey: key)
    }
}
