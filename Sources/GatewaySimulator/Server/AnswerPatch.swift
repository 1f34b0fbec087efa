/// Replaces values of fields in a JSON text, without interpreting them.
struct AnswerPatch {
    private let values: [[UInt8]: [UInt8]]
    private let onlyFirst: Bool

    /// Describes the changes; the last change of a field counts.
    init(_ changes: [AnswerChange], onlyFirst: Bool) {
        values = Dictionary(changes.map { (Array($0.field.utf8), Array($0.json.utf8)) }, uniquingKeysWith: { $1 })
        self.onlyFirst = onlyFirst
    }

    /// Returns the changed text; the input must be as `JSONWriter` writes it, without spaces between its parts.
    func applied(to text: [UInt8]) -> [UInt8] {
        var remaining = values
        var patched: [UInt8] = []
        var index = 0
        while index < text.count {
            let end = text[index] == UInt8(ascii: "\"") ? Self.endOfText(text, from: index) : index + 1
            patched += text[index..<end]
            let isName = end - index > 1 && end < text.count && text[end] == UInt8(ascii: ":")
            let name = isName ? Array(text[(index + 1)..<(end - 1)]) : []
            index = end
            guard isName, let value = remaining[name] else { continue }
            if onlyFirst { remaining[name] = nil }
            patched.append(UInt8(ascii: ":"))
            patched += value
            index = Self.endOfValue(text, from: end + 1)
        }
        return patched
    }

    /// Returns the index after the closing quotation mark of a text.
    private static func endOfText(_ text: [UInt8], from start: Int) -> Int {
        var index = start + 1
        while index < text.count, text[index] != UInt8(ascii: "\"") {
            index += text[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(index + 1, text.count)
    }

    /// Returns the index after a value of any kind.
    private static func endOfValue(_ text: [UInt8], from start: Int) -> Int {
        var index = start
        var depth = 0
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "\""):
                index = endOfText(text, from: index)
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                guard depth > 0 else { return index }
                depth -= 1
            case UInt8(ascii: ",") where depth == 0: return index
            default: break
            }
            index += 1
        }
        return index
    }
}
