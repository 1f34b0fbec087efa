/// The nodes of one document in three flat arrays, without an object or string for each node.
final class YAMLTree: Sendable {
    /// The nodes, by place.
    let nodes: [NodeRecord]
    /// Indices into `nodes`: the items of sequences; for mappings, alternating keys and values.
    let children: [UInt32]
    /// The text of all scalars.
    let text: [UInt8]
    /// Valid YAML that readers easily miss.
    let warnings: [YAMLProblem]

    /// Creates a tree from what the builder collected.
    init(nodes: [NodeRecord], children: [UInt32], text: [UInt8], warnings: [YAMLProblem]) {
        self.nodes = nodes
        self.children = children
        self.text = text
        self.warnings = warnings
    }
}

/// A node in 16 bytes.
struct NodeRecord {
    /// The start of the scalar in `text`, or of the children in `children`.
    var start: UInt32
    /// The number of bytes of a scalar, items of a sequence, or keys plus values of a mapping.
    var count: UInt32
    /// The line, from 1.
    let line: UInt32
    /// The column, from 1, above two bits of kind.
    private let columnAndKind: UInt32

    /// The kinds of nodes; `plainScalar` is text without quotes.
    enum Kind: UInt32 {
        case plainScalar
        case quotedScalar
        case sequence
        case mapping
    }

    /// Creates a node; `line` and `column` count from 0, as in libyaml.
    init(kind: Kind, line: Int, column: Int, start: Int = 0, count: Int = 0) {
        self.start = UInt32(truncatingIfNeeded: start)
        self.count = UInt32(truncatingIfNeeded: count)
        self.line = UInt32(truncatingIfNeeded: line + 1)
        columnAndKind = UInt32(truncatingIfNeeded: column + 1) << 2 | kind.rawValue
    }

    /// The column, from 1.
    var column: UInt32 { columnAndKind >> 2 }

    /// The place, from 0.
    var mark: Mark { Mark(line: Int(line) - 1, column: Int(column) - 1) }

    /// The kind of the node.
    var kind: Kind {
        switch columnAndKind & 3 {
        case 0: .plainScalar
        case 1: .quotedScalar
        case 2: .sequence
        default: .mapping
        }
    }

    /// Whether the node is a scalar.
    var isScalar: Bool { columnAndKind & 3 <= 1 }

    /// The node's range in `text` or `children`.
    var range: Range<Int> { Int(start)..<Int(start) + Int(count) }
}
