import Core
import LocatedYAML

/// A mapping with a fixed set of keys; unknown keys are reported with a suggestion.
struct CheckedMapping {
    private let node: YAMLNode
    private let file: String
    /// Which of the mapping's text a message may repeat.
    let redaction: Redaction
    /// The known keys that unknown ones probably mean.
    private var misspeltKeys: Set<String> = []

    /// Checks the keys of a mapping; reports the node and returns nil if it is not a mapping.
    ///
    /// Keys that start with `x-` pass if extensions are allowed. `advice` says what to do about some unknown keys.
    init?(
        _ node: YAMLNode, in file: String, what: String, keys: [String], allowsExtensions: Bool = false,
        advice: [String: String] = [:], redaction: Redaction = .open, log: inout DiagnosticLog
    ) {
        self.node = node
        self.file = file
        self.redaction = redaction
        guard node.kind == .mapping else {
            log.error(
                "\(what) must be a mapping with the keys \(enumeration(keys, joinedBy: "and")), not \(described(node))",
                at: location(of: node))
            return nil
        }
        for (key, _) in node.pairs {
            let text = key.text
            if keys.contains(text) || (allowsExtensions && text.hasPrefix("x-")) { continue }
            if log.countOnly(errorIn: file) { continue }
            var suggester = SpellingSuggester()
            let meant = suggester.nearest(to: text, among: keys)
            if let meant { misspeltKeys.insert(meant) }
            // A text close to a known key is no secret.
            let isRepeated = meant != nil || redaction.repeats(text)
            let found = isRepeated ? quoted(text) : "with this name (not shown, since it may be a secret)"
            let aside = isRepeated ? Confusables.aside(on: text) : ""
            let suggestion = meant.map { "did you mean `\($0)`?" }
            let ending = advice[text] ?? suggestion ?? "the keys are \(enumeration(keys, joinedBy: "and"))"
            log.error("\(what) has no key \(found)\(aside); \(ending)", at: location(of: key))
        }
    }

    /// The start of the mapping.
    var location: SourceLocation { location(of: node) }

    /// Returns the value of a key; nil if it is absent or null.
    func value(_ key: String) -> YAMLNode? {
        guard let value = node[key], !value.isNull else { return nil }
        return value
    }

    /// Whether a key is absent or null, and no unknown key is a misspelling of it.
    func reportMissing(_ key: String) -> Bool { value(key) == nil && !misspeltKeys.contains(key) }

    /// Returns the place of the key's value; of the key, if the value is null; of the mapping, if the key is absent.
    func position(of key: String) -> SourceLocation {
        for (name, value) in node.pairs where name.text == key {
            return location(of: value.isNull ? name : value)
        }
        return location
    }

    /// Returns the place of a node of this file.
    func location(of node: YAMLNode) -> SourceLocation {
        SourceLocation(file: file, line: node.line, column: node.column)
    }

    /// Returns the text of a key's value; nil if it is absent, or reported as wrong.
    func text(_ key: String, log: inout DiagnosticLog) -> (text: String, location: SourceLocation)? {
        guard let value = value(key) else { return nil }
        guard value.kind == .scalar else {
            log.error("`\(key)` must be a single value, not \(described(value))", at: location(of: value))
            return nil
        }
        return (value.text, location(of: value))
    }
}

/// Returns the words for a node in a message.
func described(_ node: YAMLNode) -> String {
    switch node.kind {
    case .scalar where node.isNull: "an empty value"
    case .scalar: "text"
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
}
