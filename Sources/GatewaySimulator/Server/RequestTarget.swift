/// The path and query of a request, decoded.
struct RequestTarget {
    /// The parts between slashes, percent-decoded; nil if an escape is broken or is not UTF-8.
    let segments: [String]?
    /// The query's parameters in order, decoded; nil if an escape is broken.
    var parameters: [(name: String, value: String)]?

    /// Splits a path and query as received.
    init(_ path: String) {
        let halves = Array(path.utf8).split(
            separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
        let parts = halves[0].split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropFirst()
        segments = Self.all(parts.map { Self.decode($0) })
        let query = (halves.count > 1 ? halves[1] : []).map { $0 == UInt8(ascii: "+") ? UInt8(ascii: " ") : $0 }
        parameters = Self.all(
            query.split(separator: UInt8(ascii: "&")).map { pair in
                let name = pair.prefix { $0 != UInt8(ascii: "=") }
                guard let value = Self.decode(pair.dropFirst(name.count + 1)), let name = Self.decode(name) else {
                    return nil
                }
                return (name, value)
            })
    }

    /// Returns the first parameter with this name; empty without an equals sign.
    func parameter(_ name: String) -> String? { parameters?.first { $0.name == name }?.value }

    /// Returns a parameter as a function reads it, nil without the parameter; refuses what the function cannot read.
    func value<Value>(
        _ name: String, _ rule: String, _ read: (String) -> Value?
    ) throws(SimulatedRefusal) -> Value? {
        guard let text = parameter(name) else { return nil }
        guard let value = read(text) else { throw .invalid("The parameter '\(name)' must be \(rule).", field: name) }
        return value
    }

    /// Returns the offset in the cursor of a list; 0 without a cursor.
    func offset(in list: String) throws(SimulatedRefusal) -> Int {
        guard let text = parameter("cursor"), !text.isEmpty else { return 0 }
        guard let cursor = PageCursor(text, list: list) else {
            throw .invalid("This list did not issue the cursor.", field: "cursor")
        }
        return cursor.offset
    }

    private static func all<Element>(_ elements: [Element?]) -> [Element]? {
        let present = elements.compactMap { $0 }
        return present.count == elements.count ? present : nil
    }

    private static func decode(_ text: ArraySlice<UInt8>) -> String? {
        let parts = text.split(separator: UInt8(ascii: "%"), omittingEmptySubsequences: false)
        var bytes = Array(parts[0])
        for part in parts.dropFirst() {
            let digits = part.prefix(2).compactMap { Character(UnicodeScalar($0)).hexDigitValue }
            guard digits.count == 2 else { return nil }
            bytes.append(UInt8(digits[0] << 4 | digits[1]))
            bytes += part.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
