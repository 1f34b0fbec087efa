import Core
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
        SourceText.forEachCharacter(in: bytes[...]) { character in
            if found.count <= most, isHidden(character.scalar, isPair: character.isPair) {
                found.append(
                    HiddenCharacter(scalar: character.scalar, index: character.index, position: character.position))
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
            "the character \(name) reorders the line on the screen; delete it, or, if a text needs this character, put"
                + " the whole text in quotes"
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
            "the character \(first.name) reorders the rest of the line on the screen; delete it, or add \(end) before"
                + " the closing quote", first
        )
    }

    private var name: String { "U+" + hexadecimal(scalar.value, width: 4) }

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
