import Glibc

/// A character that is read differently than it is shown: it ends or reorders a line invisibly, or is U+FEFF.
struct HiddenCharacter {
    /// The character.
    let scalar: Unicode.Scalar
    /// The number of characters before it in the file, as libyaml counts them.
    let index: Int
    /// Its place, from 0.
    let position: Mark

    /// The most hidden characters of a file that is read.
    static let most = 100_000

    /// What a bidirectional control starts or ends.
    private enum Nesting { case embedding, isolate, endOfEmbedding, endOfIsolate }

    /// Returns the hidden characters of a text, in order; at most `most + 1`.
    static func all(in bytes: [UInt8]) -> [HiddenCharacter] {
        // Most files have none of the bytes that these characters start with.
        let mayHaveSome = bytes.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return false }
            return [0x0D, 0xC2, 0xE2, 0xEF].contains { memchr(base, $0, bytes.count) != nil }
        }
        guard mayHaveSome else { return [] }
        var found: [HiddenCharacter] = []
        var walk = CharacterWalk(bytes: bytes)
        while let scalar = walk.next(), found.count <= most {
            if isHidden(scalar, isPair: walk.isPair) {
                found.append(HiddenCharacter(scalar: scalar, index: walk.index, position: walk.position))
            }
        }
        return found
    }

    /// The message for such a character outside quotes.
    var problem: String {
        switch scalar {
        case "\r":
            "a carriage return without a line feed ends the line here, but many programs do not show it; end lines with"
                + " a line feed"
        case "\u{FEFF}":
            "a byte order mark (U+FEFF) is in the middle of the file, usually because files were joined; delete it"
        case "\u{85}", "\u{2028}", "\u{2029}":
            "the character \(name) ends the line here, but many programs do not show it; delete it"
        default:
            "the character \(name) reorders the line on the screen; delete it, or put the text that needs it in quotes"
        }
    }

    /// Returns the message for the characters inside one pair of quotes; nil if each effect ends inside the quotes.
    static func problem(inQuotes characters: ArraySlice<HiddenCharacter>) -> (message: String, at: HiddenCharacter)? {
        var open: [HiddenCharacter] = []
        for character in characters {
            switch character.nesting {
            case .embedding, .isolate: open.append(character)
            case .endOfEmbedding: if open.last?.nesting == .embedding { open.removeLast() }
            case .endOfIsolate: if open.last?.nesting == .isolate { open.removeLast() }
            case nil: break
            }
        }
        guard let first = open.first else { return nil }
        let end = first.nesting == .isolate ? "U+2069" : "U+202C"
        return (
            "the character \(first.name) reorders the rest of the line on the screen; write \(end) where its text ends,"
                + " inside the quotes, or delete it", first
        )
    }

    private var name: String { "U+" + SourceText.hexadecimal(scalar.value, width: 4) }

    private var nesting: Nesting? {
        switch scalar {
        case "\u{202A}", "\u{202B}", "\u{202D}", "\u{202E}": .embedding
        case "\u{2066}"..."\u{2068}": .isolate
        case "\u{202C}": .endOfEmbedding
        case "\u{2069}": .endOfIsolate
        default: nil
        }
    }

    private static func isHidden(_ scalar: Unicode.Scalar, isPair: Bool) -> Bool {
        switch scalar {
        case "\r": !isPair
        case "\u{85}", "\u{2028}", "\u{2029}", "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}", "\u{FEFF}": true
        default: false
        }
    }
}

/// Iterates over the characters of valid UTF-8, with the places that libyaml counts.
private struct CharacterWalk {
    private let bytes: [UInt8]
    private var offset: Int
    private var after = (index: 0, position: Mark(line: 0, column: 0))
    /// The number of characters before the last one returned.
    private(set) var index = 0
    /// The place of the last character returned.
    private(set) var position = Mark(line: 0, column: 0)
    /// Whether the last character returned is a carriage return before a line feed.
    private(set) var isPair = false

    init(bytes: [UInt8]) {
        self.bytes = bytes
        offset = bytes.starts(with: SourceText.byteOrderMark) ? 3 : 0
    }

    mutating func next() -> Unicode.Scalar? {
        guard offset < bytes.count else { return nil }
        let lead = bytes[offset]
        let length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        var value = UInt32(length == 1 ? lead : lead & (0x7F >> UInt8(length)))
        for position in 1..<max(length, 1) where offset + position < bytes.count {
            value = value << 6 | UInt32(bytes[offset + position] & 0x3F)
        }
        offset += length
        (index, position) = after
        isPair = lead == 0x0D && offset < bytes.count && bytes[offset] == 0x0A
        after.index += 1
        switch value {
        case 0x0A, 0x85, 0x2028, 0x2029: after.position = Mark(line: position.line + 1, column: 0)
        case 0x0D where !isPair: after.position = Mark(line: position.line + 1, column: 0)
        case 0x0D: break
        default: after.position = Mark(line: position.line, column: position.column + 1)
        }
        return Unicode.Scalar(value) ?? "\u{FFFD}"
    }
}
