import Glibc

/// A character that is read otherwise than it is shown: it ends a line where none seems to end, or changes the order of a line.
struct HiddenCharacter {
    /// The character.
    let scalar: Unicode.Scalar
    /// How many characters stand before it in the file, as libyaml counts them.
    let index: Int
    /// Its place, from 0.
    let place: Place

    /// The most that are looked at in one file.
    static let most = 100_000

    /// What a bidirectional control begins or ends; nil for other characters.
    private enum Nesting { case embedding, isolate, endOfEmbedding, endOfIsolate }

    /// All of a text, in their order; at most one more than are looked at.
    static func all(in bytes: [UInt8]) -> [HiddenCharacter] {
        // Most files have none of the bytes that such characters begin with.
        let mayHaveSome = bytes.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return false }
            return [0x0D, 0xC2, 0xE2, 0xEF].contains { memchr(base, $0, bytes.count) != nil }
        }
        guard mayHaveSome else { return [] }
        var found: [HiddenCharacter] = []
        var walk = CharacterWalk(bytes: bytes)
        while let scalar = walk.next(), found.count <= most {
            if isHidden(scalar, isPair: walk.isPair) {
                found.append(HiddenCharacter(scalar: scalar, index: walk.index, place: walk.place))
            }
        }
        return found
    }

    /// What is wrong with it outside of quotes.
    var problem: String {
        switch scalar {
        case "\r":
            "a carriage return stands alone here and ends the line, which many programs do not show; end lines with a line"
                + " feed"
        case "\u{FEFF}":
            "a byte order mark (U+FEFF) stands here in the middle of the file, as it does where files were joined; delete it"
        case "\u{85}", "\u{2028}", "\u{2029}":
            "the character \(name) ends the line here, which many programs do not show; delete it"
        default:
            "the character \(name) changes the order in which the line is shown; delete it, or put the whole text that"
                + " needs it in quotes"
        }
    }

    /// What is wrong with those that stand in one pair of quotes; nil where what they begin ends there as well.
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
            "the character \(first.name) changes the order in which the rest of the line is shown; write \(end) where its"
                + " text ends, inside of the quotes, or delete it", first
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

/// Goes through the characters of a text that is well-formed UTF-8, with their places as libyaml counts them.
private struct CharacterWalk {
    private let bytes: [UInt8]
    private var offset: Int
    private var after = (index: 0, place: Place(line: 0, column: 0))
    /// How many characters stand before the one that came last.
    private(set) var index = 0
    /// Where it stands.
    private(set) var place = Place(line: 0, column: 0)
    /// Whether it is a carriage return before a line feed.
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
        (index, place) = after
        isPair = lead == 0x0D && offset < bytes.count && bytes[offset] == 0x0A
        after.index += 1
        switch value {
        case 0x0A, 0x85, 0x2028, 0x2029: after.place = Place(line: place.line + 1, column: 0)
        case 0x0D where !isPair: after.place = Place(line: place.line + 1, column: 0)
        case 0x0D: break
        default: after.place = Place(line: place.line, column: place.column + 1)
        }
        return Unicode.Scalar(value) ?? "\u{FFFD}"
    }
}
