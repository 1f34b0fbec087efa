/// The files as a power cut would leave them at each request of a program, from a trace of its system calls.
///
/// Only writes before the start of a successful sync count; a power cut may lose all others.
struct DiskReplay {
    /// One change request, with the files as a power cut would leave them.
    struct Sending {
        /// The request's first line.
        let request: String
        /// The files' contents by path.
        let files: [String: [UInt8]]
    }

    /// The requests in the order of sending.
    private(set) var sendings: [Sending] = []
    private var files: [String: [UInt8]]
    private var pending: [String: [Write]] = [:]
    private var begun: [Substring: Begun] = [:]

    private struct Write {
        let offset: Int
        let bytes: [UInt8]
    }

    /// A call that another thread's line interrupts in the trace.
    private struct Begun {
        let text: Substring
        let writes: Int
    }

    /// A part of the trace that cannot be parsed.
    struct Unreadable: Error {
        let line: String
    }

    /// Replays the output of `strace -f -y -xx` on files with these initial contents.
    init(trace: String, files: [String: [UInt8]]) throws {
        self.files = files
        for line in trace.split(separator: "\n") {
            guard let space = line.firstIndex(of: " ") else { throw Unreadable(line: String(line)) }
            let (thread, text) = (line[..<space], line[space...].drop { $0 == " " })
            if text.hasSuffix("<unfinished ...>") {
                let path = Self.path(in: text)
                begun[thread] = Begun(text: text.dropLast(16), writes: pending[path, default: []].count)
                if text.hasPrefix("sendto(") { send(text) }
            } else if text.hasPrefix("<... ") {
                guard let start = begun.removeValue(forKey: thread), let end = text.firstRange(of: "resumed>")
                else { throw Unreadable(line: String(line)) }
                if start.text.hasPrefix("sendto(") { continue }
                try take(start.text + text[end.upperBound...], writes: start.writes)
            } else if text.hasPrefix("sendto(") {
                send(text)
            } else {
                try take(text, writes: nil)
            }
        }
    }

    /// Applies a finished call; a sync covers this many of the writes before it, nil for all.
    private mutating func take(_ text: Substring, writes: Int?) throws {
        let path = Self.path(in: text)
        guard files[path] != nil else { return }
        if text.hasPrefix("fdatasync(") || text.hasPrefix("fsync(") {
            guard text.hasSuffix("= 0") else { return }
            let all = pending[path, default: []]
            let reached = all.prefix(writes ?? all.count)
            for write in reached { apply(write, to: path) }
            pending[path] = Array(all.dropFirst(reached.count))
        } else if text.hasPrefix("pwrite64(") {
            let bytes = Self.quoted(text)
            let numbers = (text.split(separator: "\"").last ?? "").split { !$0.isNumber }.compactMap { Int($0) }
            guard numbers.count == 3, numbers[0] == bytes.count, numbers[2] == bytes.count else {
                throw Unreadable(line: String(text.suffix(80)))
            }
            pending[path, default: []].append(Write(offset: numbers[1], bytes: bytes))
        }
    }

    private mutating func apply(_ write: Write, to path: String) {
        var content = files[path] ?? []
        let end = write.offset + write.bytes.count
        if content.count < end { content += [UInt8](repeating: 0, count: end - content.count) }
        content.replaceSubrange(write.offset..<end, with: write.bytes)
        files[path] = content
    }

    private mutating func send(_ text: Substring) {
        let request = String(decoding: Self.quoted(text), as: UTF8.self)
        guard request.hasPrefix("POST ") || request.hasPrefix("DELETE ") else { return }
        sendings.append(Sending(request: String(request.prefix { !$0.isNewline }), files: files))
    }

    /// Returns the path of the call's first descriptor.
    private static func path(in text: Substring) -> String {
        guard let start = text.utf8.firstIndex(of: UInt8(ascii: "<")),
            let end = text.utf8.firstIndex(of: UInt8(ascii: ">")), start < end
        else { return "" }
        return String(decoding: bytes(of: text[start..<end]), as: UTF8.self)
    }

    private static func quoted(_ text: Substring) -> [UInt8] {
        guard let start = text.utf8.firstIndex(of: UInt8(ascii: "\"")),
            let end = text.utf8.lastIndex(of: UInt8(ascii: "\""))
        else { return [] }
        return bytes(of: text[start..<end])
    }

    /// Returns the bytes of a text that writes each as `\x` and two digits; skips everything else.
    private static func bytes(of text: Substring) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let backslash = rest.firstIndex(of: UInt8(ascii: "\\")) {
            let digits = rest[backslash...].dropFirst(2).prefix(2)
            bytes.append(UInt8(Substring(digits), radix: 16) ?? 0)
            rest = rest[digits.endIndex...]
        }
        return bytes
    }
}
