import LocatedYAML

/// What of a file's text a message may repeat.
enum Discretion {
    /// Whatever does not look like a secret: readers of a policy need to see the names and numbers that it is made of.
    case open
    /// Only what looks like a name, a number or a length of time: in a configuration a token may stand anywhere by mistake.
    case reserved

    /// A text between backticks, or words that only point at it.
    func mention(_ text: String) -> String {
        repeats(text) ? quoted(text) : "what stands here (it may be a secret, and is not repeated)"
    }

    /// Whether a message may repeat a text.
    func repeats(_ text: String) -> Bool {
        guard !mayBeSecret(text) else { return false }
        switch self {
        case .open: return true
        case .reserved: return text.unicodeScalars.count <= 40 && text.unicodeScalars.allSatisfy(Self.isPlain)
        }
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case " ", "_", "-", ".", ",", "+", "%", "(", ")", "0"..."9": true
        default: scalar.properties.isAlphabetic
        }
    }
}
