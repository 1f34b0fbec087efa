import Core
import Foundation

/// A JSON value whose keys are written in order, so equal values give equal bytes.
package enum JSONText: Encodable, Sendable {
    /// A text, or null.
    case string(String?)
    /// A whole number, or null.
    case number(Int?)
    /// True or false.
    case boolean(Bool)
    /// A list.
    case list([JSONText])
    /// An object.
    case object([String: JSONText])
    /// Null.
    case null

    /// Returns an object with further members; any other value as it is.
    func adding(_ others: [String: JSONText]) -> JSONText {
        if case .object(let members) = self { .object(members.merging(others) { $1 }) } else { self }
    }

    /// Encodes the value without a wrapper.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .string(let text?): try container.encode(text)
        case .number(let number?): try container.encode(number)
        case .boolean(let flag): try container.encode(flag)
        case .list(let values): try container.encode(values)
        case .object(let members): try container.encode(members)
        case .string(nil), .number(nil), .null: try container.encodeNil()
        }
    }

    /// Returns the value on several lines, keys sorted, with a final line break.
    package func rendered() -> String { encoded([.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]) + "\n" }

    /// Returns the value on one line, keys sorted.
    package func line() -> String { encoded([.sortedKeys, .withoutEscapingSlashes]) }

    private func encoded(_ formatting: JSONEncoder.OutputFormatting) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = formatting
        do {
            return String(decoding: try encoder.encode(self), as: UTF8.self).escaped
        } catch {
            // Every case has a JSON form.
            preconditionFailure("a JSON value could not be encoded: \(error)")
        }
    }
}

extension String {
    /// The same JSON with more escapes: characters that a terminal would act on, and one of two number signs, which
    /// begin a pipeline command.
    fileprivate var escaped: String {
        func isDangerous(_ index: Index) -> Bool {
            let scalar = unicodeScalars[index]
            return scalar == "#" ? isDoubled(at: index) : scalar.value >= 0x7F && Self.isDangerous(scalar)
        }
        guard unicodeScalars.indices.contains(where: isDangerous) else { return self }
        var result = ""
        for index in unicodeScalars.indices {
            let scalar = unicodeScalars[index]
            if isDangerous(index) {
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

extension SessionKey {
    /// The members of an object about the session.
    var json: [String: JSONText] { ["gateway": .string(gateway.text), "session": .string(session.text)] }
}

extension GroupKey {
    /// Returns the members of an object about the group; `id` is the name of its JID.
    func json(id: String = "group") -> [String: JSONText] { sessionKey.json.merging([id: .string(group.jid)]) { $1 } }
}
