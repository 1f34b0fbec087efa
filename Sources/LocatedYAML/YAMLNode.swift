/// A node of a YAML document: a tree and an index, cheap to copy.
///
/// An alias is the node of its anchor, with the anchor's index and place.
package struct YAMLNode: Sendable {
    let tree: YAMLTree
    let index: UInt32

    /// The kinds of nodes.
    package enum Kind: Hashable, Sendable {
        /// Text; numbers, dates and booleans are text too.
        case scalar
        /// A list.
        case sequence
        /// Keys with values.
        case mapping
    }

    private var record: NodeRecord { tree.nodes[Int(index)] }

    /// The kind of the node.
    package var kind: Kind {
        switch record.kind {
        case .plainScalar, .quotedScalar: .scalar
        case .sequence: .sequence
        case .mapping: .mapping
        }
    }

    /// The line, from 1.
    package var line: Int { Int(record.line) }

    /// The column in characters, from 1.
    package var column: Int { Int(record.column) }

    /// Whether the node is text without quotes, which may mean null or be a merge key.
    package var isPlain: Bool { record.kind == .plainScalar }

    /// Whether the node is null: empty, `~` or `null`, without quotes.
    package var isNull: Bool {
        let record = record
        guard record.kind == .plainScalar else { return false }
        switch record.count {
        case 0: return true
        case 1: return tree.text[Int(record.start)] == UInt8(ascii: "~")
        case 4: return ["null", "Null", "NULL"].contains { tree.text[record.range].elementsEqual($0.utf8) }
        default: return false
        }
    }

    /// The text of a scalar; empty for a sequence or a mapping.
    package var text: String {
        let record = record
        guard record.isScalar else { return "" }
        return String(decoding: tree.text[record.range], as: UTF8.self)
    }

    /// Passes the UTF-8 bytes of a scalar to the closure; none for a sequence or a mapping.
    package func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
        let record = record
        return try tree.text.withUnsafeBufferPointer { text in
            try body(UnsafeBufferPointer(rebasing: text[record.isScalar ? record.range : 0..<0]))
        }
    }

    /// Whether the node is a scalar with exactly this text.
    package func hasText(_ expected: StaticString) -> Bool {
        let record = record
        guard record.isScalar, Int(record.count) == expected.utf8CodeUnitCount else { return false }
        return expected.withUTF8Buffer { $0.elementsEqual(tree.text[record.range]) }
    }

    /// The items of a sequence; none for a scalar or a mapping.
    package var items: LazyMapCollection<Range<Int>, YAMLNode> {
        (record.kind == .sequence ? record.range : 0..<0).lazy.map { [tree] in
            YAMLNode(tree: tree, index: tree.children[$0])
        }
    }

    /// The keys and values of a mapping, own before merged; none for a scalar or a sequence.
    ///
    /// Keys are unique scalars.
    package var pairs: LazyMapCollection<Range<Int>, (key: YAMLNode, value: YAMLNode)> {
        let range = record.kind == .mapping ? record.range : 0..<0
        return (0..<range.count / 2).lazy.map { [tree] position in
            let first = range.lowerBound + position * 2
            return (
                YAMLNode(tree: tree, index: tree.children[first]), YAMLNode(tree: tree, index: tree.children[first + 1])
            )
        }
    }

    /// The value of a key, found by linear search; nil if there is none.
    package subscript(key: String) -> YAMLNode? {
        pairs.first { pair in pair.key.withBytes { $0.elementsEqual(key.utf8) } }?.value
    }
}
