/// The nodes of one document in three flat arrays: no object and no string per node.
final class YAMLTree: Sendable {
    /// The nodes in the order of their places.
    let nodes: [NodeRecord]
    /// Indices into `nodes`: the items of sequences, the keys and values of mappings in turn.
    let children: [UInt32]
    /// The texts of all scalars.
    let text: [UInt8]
    /// What is easily overlooked.
    let warnings: [YAMLProblem]

    /// Takes what the builder gathered.
    init(nodes: [NodeRecord], children: [UInt32], text: [UInt8], warnings: [YAMLProblem]) {
        self.nodes = nodes
        self.children = children
        self.text = text
        self.warnings = warnings
    }
}

/// One node in sixteen bytes.
struct NodeRecord {
    /// Where the scalar's text begins in `text`, or the first child in `children`.
    var start: UInt32
    /// The bytes of a scalar, the items of a sequence, or the keys and values of a mapping.
    var count: UInt32
    /// The line, from 1.
    let line: UInt32
    /// The column, from 1, above two bits of kind.
    private let columnAndKind: UInt32

    /// What a node is; a scalar says in addition whether it was written plain.
    enum Kind: UInt32 {
        case plainScalar
        case quotedScalar
        case sequence
        case mapping
    }

    /// Describes a node; `line` and `column` count from 0, as libyaml's do.
    init(kind: Kind, line: Int, column: Int, start: Int = 0, count: Int = 0) {
        self.start = UInt32(truncatingIfNeeded: start)
        self.count = UInt32(truncatingIfNeeded: count)
        self.line = UInt32(truncatingIfNeeded: line + 1)
        columnAndKind = UInt32(truncatingIfNeeded: column + 1) << 2 | kind.rawValue
    }

    /// The column, from 1.
    var column: UInt32 { columnAndKind >> 2 }

    /// What the node is.
    var kind: Kind {
        switch columnAndKind & 3 {
        case 0: .plainScalar
        case 1: .quotedScalar
        case 2: .sequence
        default: .mapping
        }
    }

    /// Whether the node is a text.
    var isScalar: Bool { columnAndKind & 3 <= 1 }

    /// The part of `text` or `children` that belongs to the node.
    var range: Range<Int> { Int(start)..<Int(start) + Int(count) }
}
