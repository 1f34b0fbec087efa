extension Transfer {
    /// Takes one header line, including the status line and the empty last line; false if the header is too large.
    func take(header line: UnsafeRawBufferPointer) -> Bool {
        headerBytes += line.count
        guard headerBytes <= settings.headerLimit else {
            exceededLimit = settings.headerLimit
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
    func take(body bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count <= settings.responseLimit - body.count else {
            exceededLimit = settings.responseLimit
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
