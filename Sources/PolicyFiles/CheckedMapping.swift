import LocatedYAML
import Membership

/// A mapping whose keys are known beforehand: all others are noted as errors, with a suggestion.
struct CheckedMapping {
    private let node: YAMLNode
    private let file: String

    /// Checks the keys of a mapping; nil, and noted, where the node is none.
    ///
    /// Keys that begin with `x-` pass if extensions are allowed.
    init?(
        _ node: YAMLNode, in file: String, what: String, keys: [String], allowsExtensions: Bool = false,
        log: inout DiagnosticLog
    ) {
        self.node = node
        self.file = file
        guard node.kind == .mapping else {
            log.error(
                "\(what) takes keys and values (\(alternatives(keys))), not \(described(node))",
                at: location(of: node))
            return nil
        }
        for (key, _) in node.pairs {
            let text = key.text
            if keys.contains(text) || (allowsExtensions && text.hasPrefix("x-")) { continue }
            var suggester = SpellingSuggester()
            let hint = suggester.hint(for: text, among: keys)
            log.error(
                "\(what) has no key \(quoted(text))"
                    + (hint.isEmpty ? "; the keys are \(alternatives(keys))" : hint), at: location(of: key))
        }
    }

    /// Where the mapping begins.
    var location: SourceLocation { location(of: node) }

    /// The value of a key; nil where it is absent or empty.
    func value(_ key: String) -> YAMLNode? {
        guard let value = node[key], !value.isNull else { return nil }
        return value
    }

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
            log.error("`\(key)` takes a text, not \(described(value))", at: location(of: value))
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
