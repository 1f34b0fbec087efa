import LocatedYAML
import Membership

/// A mapping whose keys are known beforehand: all others are noted as errors, with a suggestion.
struct CheckedMapping {
    private let node: YAMLNode
    private let file: String
    /// What of the mapping's text a message may repeat.
    let discretion: Discretion
    /// The known keys that unknown ones are probably meant to be.
    private var misspeltKeys: Set<String> = []

    /// Checks the keys of a mapping; nil, and noted, where the node is none.
    ///
    /// Keys that begin with `x-` pass if extensions are allowed.
    init?(
        _ node: YAMLNode, in file: String, what: String, keys: [String], allowsExtensions: Bool = false,
        discretion: Discretion = .open, log: inout DiagnosticLog
    ) {
        self.node = node
        self.file = file
        self.discretion = discretion
        guard node.kind == .mapping else {
            log.error(
                "\(what) takes keys and values (\(enumeration(keys, joinedBy: "and"))), not \(described(node))",
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
            // What is close to a known key is no secret.
            let isRepeated = meant != nil || discretion.repeats(text)
            let found = isRepeated ? quoted(text) : "like the one here (it may be a secret, and is not repeated)"
            log.error(
                "\(what) has no key \(found)\(isRepeated ? Lookalikes.aside(on: text) : ""); "
                    + (meant.map { "did you mean `\($0)`?" } ?? "the keys are \(enumeration(keys, joinedBy: "and"))"),
                at: location(of: key))
        }
    }

    /// Where the mapping begins.
    var location: SourceLocation { location(of: node) }

    /// The value of a key; nil where it is absent or empty.
    func value(_ key: String) -> YAMLNode? {
        guard let value = node[key], !value.isNull else { return nil }
        return value
    }

    /// Whether a key is absent, and no other is a misspelling of it, so that its absence is worth telling.
    func lacks(_ key: String) -> Bool { value(key) == nil && !misspeltKeys.contains(key) }

    /// Where the value of a key stands, or the key where the value is empty, or the mapping where the key is absent.
    func place(of key: String) -> SourceLocation {
        for (name, value) in node.pairs where name.text == key {
            return location(of: value.isNull ? name : value)
        }
        return location
    }

    /// The place of a node of this file.
    func location(of node: YAMLNode) -> SourceLocation {
        SourceLocation(file: file, line: node.line, column: node.column)
    }

    /// The text of a key's value; nil where it is absent, or noted as wrong.
    func text(_ key: String, log: inout DiagnosticLog) -> (text: String, location: SourceLocation)? {
        guard let value = value(key) else { return nil }
        guard value.kind == .scalar else {
            log.error("`\(key)` takes a single value, not \(described(value))", at: location(of: value))
            return nil
        }
        return (value.text, location(of: value))
    }
}

/// What a node is, in words.
func described(_ node: YAMLNode) -> String {
    switch node.kind {
    case .scalar where node.isNull: "nothing"
    case .scalar: "a text"
    case .sequence: "a list"
    case .mapping: "keys and values"
    }
}
