import Core
import Glibc

/// Checks the bytes of a file before YAML is parsed, and finds places in them.
enum SourceText {
    /// The most lines that may start with a percent sign; libyaml compares each directive with all earlier ones.
    private static let maxDirectives = 1_000

    /// The bytes of U+FEFF, which a file may start with.
    static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// Returns the bytes with at most one byte order mark at the start; each program that saves a file may add one.
    static func withOneMark(_ bytes: [UInt8]) -> [UInt8] {
        var start = 0
        while bytes[start...].starts(with: byteOrderMark + byteOrderMark) { start += 3 }
        return start == 0 ? bytes : Array(bytes[start...])
    }

    /// Returns why the bytes cannot be read as text; nil if they can.
    static func problem(in bytes: [UInt8]) -> YAMLProblem? {
        if bytes.count > YAMLReading.longestText {
            return YAMLProblem(
                line: 1, column: 1,
                message: "the file has \(bytes.count) bytes, but the limit is \(YAMLReading.longestText); split it into"
                    + " several files")
        }
        // In UTF-16 without a mark, each ASCII character has a zero byte next to it.
        let isUnmarkedUTF16 = bytes.count > 1 && (bytes[0] == 0) != (bytes[1] == 0)
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) || isUnmarkedUTF16 {
            return YAMLProblem(
                line: 1, column: 1, message: "the file is written in UTF-16; save it as UTF-8 and try again")
        }
        do {
            _ = try UTF8Span(validating: bytes.span)
        } catch {
            let offset = error.byteOffsets.lowerBound
            return problem(
                at: offset, in: bytes,
                message: "the byte 0x\(hexadecimal(UInt32(bytes[offset]), width: 2)) is not valid UTF-8;"
                    + " save the file as UTF-8 and try again")
        }
        return directiveProblem(in: bytes)
    }

    /// Returns a problem at a byte, with the line and column as libyaml counts them.
    static func problem(at offset: Int, in bytes: [UInt8], message: String) -> YAMLProblem {
        YAMLProblem(message, at: position(of: offset, in: bytes).position)
    }

    /// Returns the end of a text without a final line end; nil if it has one.
    ///
    /// For such a text libyaml reports places on one more line, which does not exist.
    static func openEnd(of bytes: [UInt8]) -> Mark? {
        guard let last = bytes.last, last != 0x0A, last != 0x0D else { return nil }
        return position(of: bytes.count, in: bytes).position
    }

    /// Returns the place of a byte, and the number of characters before it.
    static func position(of offset: Int, in bytes: [UInt8]) -> (position: Mark, index: Int) {
        var place = (position: Mark(line: 0, column: 0), index: 0)
        forEachCharacter(in: bytes.prefix(offset)) { place = ($0.after, $0.index + 1) }
        return place
    }

    /// Returns the width of each wide run of spaces and tabs (a tab counts as 8), by the place of the next character.
    static func wideGaps(in bytes: [UInt8], atLeast least: Int) -> [Mark: Int] {
        guard mayHaveGaps(bytes, atLeast: least) else { return [:] }
        var gaps: [Mark: Int] = [:]
        var (line, column, width) = (0, 0, 0)
        for byte in bytes {
            switch byte {
            case UInt8(ascii: " "): width += 1
            case UInt8(ascii: "\t"): width += 8
            case UInt8(ascii: "\n"):
                (line, column, width) = (line + 1, 0, 0)
                continue
            default:
                if width >= least { gaps[Mark(line: line, column: column)] = width }
                width = 0
            }
            if byte & 0xC0 != 0x80 { column += 1 }
        }
        return gaps
    }

    /// Whether there may be a wide run; checks for a tab, and for spaces in samples half a run apart.
    private static func mayHaveGaps(_ bytes: [UInt8], atLeast least: Int) -> Bool {
        let half = least / 2
        return bytes.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return false }
            if memchr(base, Int32(UInt8(ascii: "\t")), bytes.count) != nil { return true }
            var position = half
            while position < bytes.count {
                if bytes[position - half...position].allSatisfy({ $0 == UInt8(ascii: " ") }) { return true }
                position += half
            }
            return false
        }
    }

    /// Calls `body` with each character, the number of characters before it, its place, and the place after it, as
    /// libyaml counts them.
    ///
    /// `isPair` is true for a carriage return before a line feed.
    static func forEachCharacter(
        in bytes: ArraySlice<UInt8>,
        _ body: ((scalar: Unicode.Scalar, index: Int, position: Mark, after: Mark, isPair: Bool)) -> Void
    ) {
        let isMarked = bytes.starts(with: byteOrderMark)
        let scalars = String(decoding: isMarked ? bytes.dropFirst(3) : bytes, as: UTF8.self).unicodeScalars
        var (index, position) = (0, Mark(line: 0, column: 0))
        var next = scalars.startIndex
        while next < scalars.endIndex {
            let scalar = scalars[next]
            next = scalars.index(after: next)
            let isPair = scalar == "\r" && next < scalars.endIndex && scalars[next] == "\n"
            let after =
                switch scalar {
                case "\r" where isPair: position
                case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": Mark(line: position.line + 1, column: 0)
                default: Mark(line: position.line, column: position.column + 1)
                }
            body((scalar, index, position, after, isPair))
            (index, position) = (index + 1, after)
        }
    }

    private static func directiveProblem(in bytes: [UInt8]) -> YAMLProblem? {
        var count = 0
        var next = firstPercentSign(in: bytes, from: 0)
        while let offset = next {
            if offset == 0 || bytes[offset - 1] == 0x0A || bytes[offset - 1] == 0x0D { count += 1 }
            if count > maxDirectives {
                return problem(
                    at: offset, in: bytes,
                    message: "more than \(maxDirectives) lines start with a percent sign; delete them, since no policy"
                        + " needs them")
            }
            next = firstPercentSign(in: bytes, from: offset + 1)
        }
        return nil
    }

    /// Returns the offset of the next percent sign; nil if there is none, as in most files.
    private static func firstPercentSign(in bytes: [UInt8], from start: Int) -> Int? {
        bytes.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress,
                let found = memchr(base + start, Int32(UInt8(ascii: "%")), bytes.count - start)
            else { return nil }
            return UnsafeRawPointer(found) - base
        }
    }
}
