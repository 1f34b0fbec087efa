package import Core

/// The id of a run: a ULID, which sorts by creation time.
package struct RunID: Hashable, Sendable, Comparable {
    /// 26 characters of Crockford's base 32.
    package let text: String

    /// Accepts a ULID in upper case; nil for anything else.
    package init?(_ text: String) {
        guard text.utf8.count == 26, text.utf8.allSatisfy(Self.alphabet.contains) else { return nil }
        self.text = text
    }

    /// Creates an id from a time and 80 random bits.
    package init(at time: Timestamp, randomness: (UInt64, UInt16)) {
        let moment = UInt128(max(0, time.milliseconds)) & 0xFFFF_FFFF_FFFF
        let value = moment << 80 | UInt128(randomness.1) << 64 | UInt128(randomness.0)
        // Groups of 5 bits, the highest first.
        let characters = (0..<26).reversed().map { Self.alphabet[Int(truncatingIfNeeded: value >> ($0 * 5) & 31)] }
        text = String(decoding: characters, as: UTF8.self)
    }

    /// Creates a random id for a time.
    package static func random(at time: Timestamp) -> RunID {
        RunID(at: time, randomness: (UInt64.random(in: .min ... .max), UInt16.random(in: .min ... .max)))
    }

    /// The next id; nil after the last possible one.
    var successor: RunID? {
        var characters = Array(text.utf8)
        for index in characters.indices.reversed() {
            guard let value = Self.alphabet.firstIndex(of: characters[index]) else { return nil }
            if value < 31 {
                characters[index] = Self.alphabet[value + 1]
                return RunID(String(decoding: characters, as: UTF8.self))
            }
            characters[index] = Self.alphabet[0]
        }
        return nil
    }

    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    /// Whether one id is earlier.
    package static func < (left: RunID, right: RunID) -> Bool { left.text < right.text }
}

extension RunID: CustomStringConvertible {
    /// The text.
    package var description: String { text }
}
