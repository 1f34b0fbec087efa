/// The path and query of a request, decoded.
struct RequestTarget: Equatable {
    /// The parts between slashes, percent-decoded; nil if an escape is broken or is not UTF-8.
    let segments: [String]?
    /// The query's parameters in order, decoded; nil if an escape is broken.
    let parameters: [Parameter]?

    /// One parameter of a query.
    struct Parameter: Equatable {
        /// The name.
        let name: String
        /// The value; empty without an equals sign.
        let value: String
    }

    /// Splits a path and query as received.
    init(_ path: String) {
        let utf8 = path.utf8
        let queryMark = utf8.firstIndex(of: UInt8(ascii: "?"))
        let pathPart = utf8[..<(queryMark ?? utf8.endIndex)]
        let parts = pathPart.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropFirst()
        segments = Self.all(parts.map { Self.decode($0, plusIsSpace: false) })
        guard let queryMark else {
            parameters = []
            return
        }
        let query = utf8[utf8.index(after: queryMark)...]
        parameters = Self.all(
            query.split(separator: UInt8(ascii: "&")).map { pair in
                let equals = pair.firstIndex(of: UInt8(ascii: "="))
                let value = equals.map { pair[pair.index(after: $0)...] } ?? pair[pair.endIndex...]
                guard let name = Self.decode(pair[..<(equals ?? pair.endIndex)], plusIsSpace: true),
                    let value = Self.decode(value, plusIsSpace: true)
                else { return nil }
                return Parameter(name: name, value: value)
            })
    }

    /// Returns the first parameter with this name.
    func parameter(_ name: String) -> String? { parameters?.first { $0.name == name }?.value }

    /// Returns a path as received, without the parameters of a name that is written without escapes.
    static func leavingOut(_ name: String, of path: String) -> String {
        let parts = path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return path }
        let kept = parts[1].split(separator: "&").filter { $0.prefix { $0 != "=" } != name }
        return "\(parts[0])?\(kept.joined(separator: "&"))"
    }

    private static func all<Element>(_ elements: [Element?]) -> [Element]? {
        let present = elements.compactMap { $0 }
        return present.count == elements.count ? present : nil
    }

    private static func decode(_ text: Substring.UTF8View, plusIsSpace: Bool) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var index = text.startIndex
        while index < text.endIndex {
            let byte = text[index]
            index = text.index(after: index)
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = digit(text, &index), let low = digit(text, &index) else { return nil }
                bytes.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ text: Substring.UTF8View, _ index: inout Substring.Index) -> UInt8? {
        guard index < text.endIndex else { return nil }
        let byte = text[index]
        index = text.index(after: index)
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return byte - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): return byte - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): return byte - UInt8(ascii: "a") + 10
        default: return nil
        }
    }
}
