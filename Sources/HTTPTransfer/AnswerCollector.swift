/// An answer as libcurl delivers it, with limits on its size.
struct AnswerCollector {
    /// The fields of the final answer, names in lower case, without those of interim answers and trailers.
    private(set) var headers: [(name: String, value: String)] = []
    /// The decompressed body.
    private(set) var body: [UInt8] = []
    /// The limit in bytes that was exceeded; nil if none was.
    private(set) var exceededLimit: Int?

    private let headerLimit: Int
    private let bodyLimit: Int
    private var headerBytes = 0
    private var isInsideHeaders = false

    init(headerLimit: Int, bodyLimit: Int) {
        self.headerLimit = headerLimit
        self.bodyLimit = bodyLimit
    }

    /// Takes one header line, including the status line and the empty last line; false if the header is too large.
    mutating func take(header line: UnsafeRawBufferPointer) -> Bool {
        headerBytes += line.count
        guard headerBytes <= headerLimit else {
            exceededLimit = headerLimit
            return false
        }
        var text = line[...]
        while let last = text.last, last == UInt8(ascii: "\r") || last == UInt8(ascii: "\n") { text.removeLast() }
        if text.isEmpty {
            isInsideHeaders = false
        } else if !isInsideHeaders {
            guard text.starts(with: "HTTP/".utf8) else { return true }
            isInsideHeaders = true
            headers = []
        } else if let colon = text.firstIndex(of: UInt8(ascii: ":")) {
            let name = String(decoding: text[..<colon], as: UTF8.self).lowercased()
            headers.append((name, Self.trimmed(text[text.index(after: colon)...])))
        }
        return true
    }

    /// Takes a part of the body; false if the body is too large.
    mutating func take(body bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count <= bodyLimit - body.count else {
            exceededLimit = bodyLimit
            return false
        }
        if body.isEmpty { body.reserveCapacity(min(announcedLength, Self.maxReserved)) }
        body.append(contentsOf: bytes)
        return true
    }

    /// The most bytes reserved because of a `Content-Length` alone.
    private static let maxReserved = 1 << 20

    /// The `Content-Length`, compressed or not; 0 if there is none.
    private var announcedLength: Int {
        headers.last { $0.name == "content-length" }.flatMap { Int($0.value) }.map { max(0, $0) } ?? 0
    }

    private static func trimmed(_ bytes: Slice<UnsafeRawBufferPointer>) -> String {
        func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        var text = bytes.drop(while: isSpace)
        while let last = text.last, isSpace(last) { text.removeLast() }
        return String(decoding: text, as: UTF8.self)
    }
}
