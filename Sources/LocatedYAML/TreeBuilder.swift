/// Gathers nodes from events, follows anchors and aliases, and keeps count of what they amount to.
struct TreeBuilder {
    var nodes: [NodeRecord] = []
    var children: [UInt32] = []
    var text: [UInt8] = []
    var problems: [YAMLProblem] = []
    /// What is easily overlooked by those who read the text.
    private var warnings: [YAMLProblem] = []
    /// Key and value pairs copied by merge keys so far.
    var mergedPairs = 0
    var keys = KeyTable()
    /// Nodes that stand in for aliases that cannot be followed.
    private(set) var placeholders: Set<UInt32> = []

    /// The children gathered so far of all open nodes, the innermost last.
    private var pending: [UInt32] = []
    private var open: [OpenNode] = []
    private var anchors: [String: Anchor] = [:]
    /// What all aliases so far stand for, in nodes: what expanding them would add.
    private var expandedNodes = 0
    private var unlistedProblems = 0

    /// The most problems of one text that are listed.
    static let mostProblems = 1_000

    /// A sequence or mapping whose end is still to come.
    private struct OpenNode {
        let index: UInt32
        let firstPending: Int
        let expandedBefore: Int
        let anchor: String?
        /// The levels of nesting inside, as far as they are known.
        var height = 0
    }

    /// A node with a name.
    private struct Anchor {
        let index: UInt32
        /// Its nodes with all aliases in it expanded; nil while it is open.
        var size: Int?
        /// Its levels of nesting.
        var height = 0
    }

    /// Reserves for a source of a size in bytes; pages that stay untouched cost nothing, and to grow means to copy.
    init(sourceSize: Int) {
        text.reserveCapacity(sourceSize)
        // As many as there are where each has a line with a number.
        nodes.reserveCapacity(sourceSize / 16)
        children.reserveCapacity(sourceSize / 16)
    }

    /// Notes a problem and goes on; the place counts from 0.
    mutating func report(_ message: String, at place: Place) {
        report(YAMLProblem(line: place.line + 1, column: place.column + 1, message: message))
    }

    /// Notes a problem and goes on, as long as the list has room.
    mutating func report(_ problem: YAMLProblem) {
        if problems.count < Self.mostProblems {
            problems.append(problem)
        } else {
            unlistedProblems += 1
        }
    }

    /// Notes something that is easily overlooked, as long as the list has room.
    mutating func warn(_ message: String, at place: Place) {
        guard warnings.count < Self.mostProblems else { return }
        warnings.append(YAMLProblem(line: place.line + 1, column: place.column + 1, message: message))
    }

    /// Refuses a tag other than the one that changes nothing.
    mutating func check(tag: String?, expected: String, at place: Place) {
        guard let tag, tag != "!", tag != "tag:yaml.org,2002:\(expected)" else { return }
        let prefix = "tag:yaml.org,2002:"
        let spelling = tag.hasPrefix(prefix) ? "!!\(tag.dropFirst(prefix.count))" : tag
        let shownTag = mayBeSecret(spelling) ? "this tag" : "the tag `\(shown(spelling))`"
        report("\(shownTag) has no meaning here, where every value is read as text; delete it", at: place)
    }

    /// Adds a text.
    mutating func addScalar(
        _ bytes: UnsafeBufferPointer<UInt8>, isPlain: Bool, anchor: String?, at place: Place
    ) throws(YAMLProblem) {
        let start = text.count
        text.append(contentsOf: bytes)
        let index = UInt32(nodes.count)
        nodes.append(
            NodeRecord(
                kind: isPlain ? .plainScalar : .quotedScalar, line: place.line, column: place.column, start: start,
                count: bytes.count))
        if let anchor {
            checkAnchor(anchor, at: place)
            anchors[anchor] = Anchor(index: index, size: 1)
        }
        pending.append(index)
    }

    /// Adds another mention of a named node.
    mutating func addAlias(_ name: String, at place: Place) throws(YAMLProblem) {
        guard let anchor = anchors[name] else {
            let missing = mayBeSecret(name) ? "anchor of its name" : "`&\(shown(name))`"
            report("\(Self.alias(name)) names nothing: no \(missing) stands above it", at: place)
            addPlaceholder(at: place)
            return
        }
        guard let size = anchor.size else {
            report("\(Self.alias(name)) stands inside of what it names, which would never end", at: place)
            addPlaceholder(at: place)
            return
        }
        expandedNodes += size
        if expandedNodes > YAMLReading.mostExpandedNodes {
            throw YAMLProblem(
                line: place.line + 1, column: place.column + 1,
                message: "with \(Self.alias(name)) the aliases of this file stand for more than"
                    + " \(YAMLReading.mostExpandedNodes) nodes; write out what is meant")
        }
        try noteHeight(anchor.height, at: place)
        checkKeyPosition(isScalar: nodes[Int(anchor.index)].isScalar, at: place)
        pending.append(anchor.index)
    }

    /// Begins a sequence or a mapping.
    mutating func open(_ kind: NodeRecord.Kind, anchor: String?, at place: Place) throws(YAMLProblem) {
        if open.count >= YAMLReading.deepestNesting { throw Self.tooDeep(at: place) }
        checkKeyPosition(isScalar: false, at: place)
        let index = UInt32(nodes.count)
        nodes.append(NodeRecord(kind: kind, line: place.line, column: place.column))
        pending.append(index)
        if let anchor {
            checkAnchor(anchor, at: place)
            anchors[anchor] = Anchor(index: index, size: nil)
        }
        open.append(
            OpenNode(
                index: index, firstPending: pending.count, expandedBefore: expandedNodes, anchor: anchor))
    }

    /// Ends the innermost sequence or mapping.
    mutating func close() throws(YAMLProblem) {
        guard let node = open.popLast() else { return }
        let start = children.count
        if nodes[Int(node.index)].kind == .mapping {
            try appendPairs(Array(pending[node.firstPending...]))
        } else {
            children.append(contentsOf: pending[node.firstPending...])
        }
        pending.removeSubrange(node.firstPending...)
        nodes[Int(node.index)].start = UInt32(start)
        nodes[Int(node.index)].count = UInt32(children.count - start)
        let height = node.height + 1
        if let last = open.indices.last { open[last].height = max(open[last].height, height) }
        // The name may have been given to another node meanwhile.
        if let name = node.anchor, anchors[name]?.index == node.index {
            let size = nodes.count - Int(node.index) + expandedNodes - node.expandedBefore
            anchors[name] = Anchor(index: node.index, size: size, height: height)
        }
    }

    /// The reading, once the events have ended; a fatal problem leaves no tree.
    consuming func finish(fatal: YAMLProblem?) -> YAMLReading {
        if let fatal { problems.append(fatal) }
        problems.sort()
        if unlistedProblems > 0, let last = problems.last {
            problems.append(
                YAMLProblem(
                    line: last.line, column: last.column,
                    message: "this file has \(unlistedProblems) more problems, which are not listed"))
        }
        if fatal != nil { return .unreadable(problems) }
        guard let root = pending.first else { return problems.isEmpty ? .empty : .unreadable(problems) }
        let record = nodes[Int(root)]
        if record.kind == .plainScalar, record.count == 0, problems.isEmpty { return .empty }
        let tree = YAMLTree(nodes: nodes, children: children, text: text, warnings: warnings)
        return .document(YAMLNode(tree: tree, index: root), problems: problems)
    }

    /// Stands in for an alias that cannot be followed, so that keys and values stay in step.
    private mutating func addPlaceholder(at place: Place) {
        placeholders.insert(UInt32(nodes.count))
        pending.append(UInt32(nodes.count))
        nodes.append(NodeRecord(kind: .plainScalar, line: place.line, column: place.column))
    }

    /// An alias as a message speaks of it.
    private static func alias(_ name: String) -> String {
        mayBeSecret(name) ? "this alias" : "the alias `*\(shown(name))`"
    }

    /// Refuses a second node of one name, by which the same alias would mean one thing above it and another below.
    private mutating func checkAnchor(_ name: String, at place: Place) {
        guard let first = anchors[name].map({ nodes[Int($0.index)] }) else { return }
        let anchor = mayBeSecret(name) ? "this anchor" : "the anchor `&\(shown(name))`"
        report(
            "\(anchor) stands here a second time; the first is at line \(first.line), column \(first.column); give one"
                + " of the two another name", at: place)
    }

    private mutating func checkKeyPosition(isScalar: Bool, at place: Place) {
        guard !isScalar, let parent = open.last, nodes[Int(parent.index)].kind == .mapping,
            (pending.count - parent.firstPending).isMultiple(of: 2)
        else { return }
        report(
            "a key must be a text, but a list or a mapping stands here; look for a missing quote or comma", at: place)
    }

    private mutating func noteHeight(_ height: Int, at place: Place) throws(YAMLProblem) {
        if open.count + height > YAMLReading.deepestNesting { throw Self.tooDeep(at: place) }
        guard let last = open.indices.last else { return }
        open[last].height = max(open[last].height, height)
    }

    private static func tooDeep(at place: Place) -> YAMLProblem {
        YAMLProblem(
            line: place.line + 1, column: place.column + 1,
            message: "lists and mappings stand in one another more than \(YAMLReading.deepestNesting) levels deep here")
    }
}
