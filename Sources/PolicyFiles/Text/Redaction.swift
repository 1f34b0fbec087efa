import LocatedYAML

/// Which text of a file a message may repeat.
enum Redaction {
    /// Everything that does not look like a secret; for policies, whose readers need names and numbers.
    case open
    /// Only what looks like a name, number or duration; for configurations, where a token may be anywhere by mistake.
    case plainWordsOnly

    /// Returns the text between backticks, or words that do not repeat it.
    func mention(_ text: String) -> String {
        repeats(text) ? quoted(text) : "the value here (not shown, since it may be a secret)"
    }

    /// Whether a message may repeat a text.
    func repeats(_ text: String) -> Bool {
        guard !mayBeSecret(text) else { return false }
        switch self {
        case .open: return true
        case .plainWordsOnly: return text.unicodeScalars.count <= 40 && text.unicodeScalars.allSatisfy(Self.isPlain)
        }
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case " ", "_", "-", ".", ",", "+", "%", "(", ")", "0"..."9": true
        default: scalar.properties.isAlphabetic
        }
    }
}
