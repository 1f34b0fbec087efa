import LocatedYAML

/// Parses a text.
func reading(_ text: String) -> YAMLReading { YAMLReading(parsing: Array(text.utf8)) }

/// Returns the problems of a text, as `line:column: message`.
func problems(_ text: String) -> [String] { reading(text).problems.map(\.description) }

/// Returns a tree in one line, in flow style.
func outline(_ node: YAMLNode?) -> String {
    guard let node else { return "nothing" }
    return switch node.kind {
    case .scalar: node.isNull ? "~" : node.isPlain ? node.text : "\"\(node.text)\""
    case .sequence: "[" + node.items.map { outline($0) }.joined(separator: ", ") + "]"
    case .mapping: "{" + node.pairs.map { "\(outline($0.key)): \(outline($0.value))" }.joined(separator: ", ") + "}"
    }
}
