/// Builds the tree from events: resolves anchors and aliases, and bounds how far they expand.
struct TreeBuilder {
    var nodes: [NodeRecord] = []
    var children: [UInt32] = []
    var text: [UInt8] = []
    var problems: [YAMLProblem] = []
    /// Valid YAML that readers easily miss.
    private var warnings: [YAMLProblem] = []
    /// The number of pairs that merge keys have copied.
    var mergedPairs = 0
    var keys = KeyIndex()
    /// Nodes in place of aliases that could not be resolved.
    private(set) var placeholders: Set<UInt32> = []

    /// The children of all open nodes, innermost last.
    private var pending: [UInt32] = []
    private var open: [OpenNode] = []
    private var anchors: [String: Anchor] = [:]
    /// The number of nodes that expanding all aliases so far would add.
    private var expandedNodes = 0
    private var unlistedProblems = 0

    /// The most problems listed for one file.
    static let maxProblems = 1_000

    /// A sequence or mapping that is not closed yet.
    private struct OpenNode {
        let index: UInt32
        let firstPending: Int
        let expandedBefore: Int
        let anchor: String?
        /// The levels of nesting inside so far.
        var height = 0
    }

    /// A node with an anchor.
    private struct Anchor {
        let index: UInt32
        /// The number of its nodes, with all aliases expanded; nil while it is open.
        var size: Int?
        /// Its levels of nesting.
        var height = 0
    }

    /// Reserves storage for this many bytes of source; unused pages cost nothing, but growing means copying.
    init(sourceSize: Int) {
        text.reserveCapacity(sourceSize)
        // Enough for a file with one number a line.
        nodes.reserveCapacity(sourceSize / 16)
        children.reserveCapacity(sourceSize / 16)
    }

    /// Adds a problem, or only counts it if the list is full.
    mutating func report(_ message: String, at position: Mark) {
        if problems.count < Self.maxProblems {
            problems.append(YAMLProblem(message, at: position))
        } else {
            unlistedProblems += 1
        }
    }

    /// Adds a warning, if the list has room.
    mutating func warn(_ message: String, at position: Mark) {
        guard warnings.count < Self.maxProblems else { return }
        warnings.append(YAMLProblem(message, at: position))
    }

    /// Reports a tag, unless it is the standard tag of this kind of node.
    mutating func check(tag: String?, expected: String, at position: Mark) {
        guard let tag, tag != "!", tag != "tag:yaml.org,2002:\(expected)" else { return }
        let prefix = "tag:yaml.org,2002:"
        let spelling = tag.hasPrefix(prefix) ? "!!\(tag.dropFirst(prefix.count))" : tag
        let shownTag = mayBeSecret(spelling) ? "this tag" : "the tag `\(shown(spelling))`"
        report("\(shownTag) is not supported, since every value is read as text; delete it", at: position)
    }

    /// Adds a scalar.
    mutating func addScalar(
        _ bytes: UnsafeBufferPointer<UInt8>, isPlain: Bool, anchor: String?, at position: Mark
    ) throws(YAMLProblem) {
        let start = text.count
        text.append(contentsOf: bytes)
        let index = UInt32(nodes.count)
        nodes.append(
            NodeRecord(
                kind: isPlain ? .plainScalar : .quotedScalar, line: position.line, column: position.column,
                start: start, count: bytes.count))
        if let anchor {
            checkAnchor(anchor, at: position)
            anchors[anchor] = Anchor(index: index, size: 1)
        }
        pending.append(index)
    }

    /// Adds an alias.
    mutating func addAlias(_ name: String, at position: Mark) throws(YAMLProblem) {
        guard let anchor = anchors[name] else {
            let missing = mayBeSecret(name) ? "its anchor" : "`&\(shown(name))`"
            report("\(Self.alias(name)) is not defined; define \(missing) above it, or delete the alias", at: position)
            addPlaceholder(at: position)
            return
        }
        guard let size = anchor.size else {
            let own = mayBeSecret(name) ? "its own anchor" : "the anchor `&\(shown(name))`"
            report(
                "\(Self.alias(name)) is inside \(own), so it would repeat without end; delete the alias", at: position)
            addPlaceholder(at: position)
            return
        }
        expandedNodes += size
        if expandedNodes > YAMLReading.maxExpandedNodes {
            throw YAMLProblem(
                "with \(Self.alias(name)), the aliases of this file expand to more than"
                    + " \(YAMLReading.maxExpandedNodes) keys and values; use fewer aliases", at: position)
        }
        try noteHeight(anchor.height, at: position)
        checkKeyPosition(isScalar: nodes[Int(anchor.index)].isScalar, at: position)
        pending.append(anchor.index)
    }

    /// Opens a sequence or a mapping.
    mutating func open(_ kind: NodeRecord.Kind, anchor: String?, at position: Mark) throws(YAMLProblem) {
        if open.count >= YAMLReading.deepestNesting { throw Self.tooDeep(at: position) }
        checkKeyPosition(isScalar: false, at: position)
        let index = UInt32(nodes.count)
        nodes.append(NodeRecord(kind: kind, line: position.line, column: position.column))
        pending.append(index)
        if let anchor {
            checkAnchor(anchor, at: position)
            anchors[anchor] = Anchor(index: index, size: nil)
        }
        open.append(OpenNode(index: index, firstPending: pending.count, expandedBefore: expandedNodes, anchor: anchor))
    }

    /// Closes the innermost sequence or mapping.
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
        // A later node may have redefined the anchor.
        if let name = node.anchor, anchors[name]?.index == node.index {
            let size = nodes.count - Int(node.index) + expandedNodes - node.expandedBefore
            anchors[name] = Anchor(index: node.index, size: size, height: height)
        }
    }

    /// Returns the reading after the last event; a fatal problem leaves no tree.
    consuming func finish(fatal: YAMLProblem?) -> YAMLReading {
        if let fatal { problems.append(fatal) }
        problems.sort()
        if unlistedProblems > 0, let last = problems.last {
            problems.append(
                YAMLProblem(
                    line: last.line, column: last.column,
                    message: "this file has \(unlistedProblems) more problems; fix these first, then run again to see"
                        + " the rest"))
        }
        if fatal != nil { return .unreadable(problems) }
        guard let root = pending.first else { return problems.isEmpty ? .empty : .unreadable(problems) }
        let record = nodes[Int(root)]
        if record.kind == .plainScalar, record.count == 0, problems.isEmpty { return .empty }
        let tree = YAMLTree(nodes: nodes, children: children, text: text, warnings: warnings)
        return .document(YAMLNode(tree: tree, index: root), problems: problems)
    }

    /// Adds a node in place of an unresolved alias, so that keys and values stay paired.
    private mutating func addPlaceholder(at position: Mark) {
        placeholders.insert(UInt32(nodes.count))
        pending.append(UInt32(nodes.count))
        nodes.append(NodeRecord(kind: .plainScalar, line: position.line, column: position.column))
    }

    /// Returns the words for an alias in a message.
    private static func alias(_ name: String) -> String {
        mayBeSecret(name) ? "this alias" : "the alias `*\(shown(name))`"
    }

    /// Reports a redefined anchor, because the same alias would mean different things above and below it.
    private mutating func checkAnchor(_ name: String, at position: Mark) {
        guard let first = anchors[name].map({ nodes[Int($0.index)] }) else { return }
        let anchor = mayBeSecret(name) ? "this anchor" : "the anchor `&\(shown(name))`"
        report(
            "\(anchor) is already defined at line \(first.line), column \(first.column); rename one of the two",
            at: position)
    }

    private mutating func checkKeyPosition(isScalar: Bool, at position: Mark) {
        guard !isScalar, let parent = open.last, nodes[Int(parent.index)].kind == .mapping,
            (pending.count - parent.firstPending).isMultiple(of: 2)
        else { return }
        report("a key must be text, but this is a list or a mapping; look for a missing quote or comma", at: position)
    }

    private mutating func noteHeight(_ height: Int, at position: Mark) throws(YAMLProblem) {
        if open.count + height > YAMLReading.deepestNesting { throw Self.tooDeep(at: position) }
        guard let last = open.indices.last else { return }
        open[last].height = max(open[last].height, height)
    }

    private static func tooDeep(at position: Mark) -> YAMLProblem {
        YAMLProblem(
            "lists and mappings are nested more than \(YAMLReading.deepestNesting) levels deep; use fewer levels",
            at: position)
    }
}

extension TreeBuilder {
    /// Appends a mapping's own keys and values to the children, then the merged ones.
    ///
    /// An own key wins over a merged one, and an earlier merged mapping wins over a later one.
    mutating func appendPairs(_ own: [UInt32]) throws(YAMLProblem) {
        let start = children.count
        var merges: [(key: UInt32, value: UInt32)] = []
        keys.begin(expecting: own.count / 2)
        for position in stride(from: 0, to: own.count - 1, by: 2) {
            let (key, value) = (own[position], own[position + 1])
            guard nodes[Int(key)].isScalar else { continue }
            if isMergeKey(key) {
                if let first = merges.first {
                    reportDuplicate(
                        of: first.key, at: key, hint: "; merge several mappings with one list: `<<: [*a, *b]`")
                }
                merges.append((key, value))
            } else if let first = keys.insert(key, nodes: nodes, text: text) {
                reportDuplicate(of: first, at: key, hint: "; keep one of the two")
            } else {
                children.append(key)
                children.append(value)
            }
        }
        for (key, value) in merges { try merge(value, for: key, isInList: false) }
        assert((children.count - start).isMultiple(of: 2))
    }

    private mutating func merge(_ value: UInt32, for key: UInt32, isInList: Bool) throws(YAMLProblem) {
        let record = nodes[Int(value)]
        switch record.kind {
        case .mapping:
            for position in stride(from: record.range.lowerBound, to: record.range.upperBound, by: 2) {
                mergedPairs += 1
                if mergedPairs > YAMLReading.maxExpandedNodes { throw tooManyMerged(key) }
                let (mergedKey, mergedValue) = (children[position], children[position + 1])
                guard keys.insert(mergedKey, nodes: nodes, text: text) == nil else { continue }
                children.append(mergedKey)
                children.append(mergedValue)
            }
        case .sequence where !isInList:
            for position in record.range { try merge(children[position], for: key, isInList: true) }
        case _ where placeholders.contains(value): break
        default:
            let position = isInList ? record : nodes[Int(key)]
            report("the merge key `<<` takes a mapping or a list of mappings, as in `<<: *name`", at: position.mark)
        }
    }

    private func isMergeKey(_ index: UInt32) -> Bool {
        let record = nodes[Int(index)]
        return record.kind == .plainScalar && record.count == 2
            && text[record.range].elementsEqual([UInt8(ascii: "<"), UInt8(ascii: "<")])
    }

    private mutating func reportDuplicate(of first: UInt32, at second: UInt32, hint: String) {
        let (first, second) = (nodes[Int(first)], nodes[Int(second)])
        let name = String(decoding: text[second.range], as: UTF8.self)
        let key = mayBeSecret(name) ? "this key" : "the key `\(shown(name))`"
        report("\(key) is already defined at line \(first.line), column \(first.column)\(hint)", at: second.mark)
    }

    private func tooManyMerged(_ key: UInt32) -> YAMLProblem {
        YAMLProblem(
            "the merge keys of this file copy more than \(YAMLReading.maxExpandedNodes) keys; use fewer merge keys",
            at: nodes[Int(key)].mark)
    }
}
