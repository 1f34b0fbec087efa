import LocatedYAML

/// The claims about every reading of YAML.
enum YAMLClaims {
    /// Claims that problems and nodes are located in the text, and that a mapping has each key once.
    static func check(_ reading: YAMLReading, positions: TextPositions) {
        claim(reading.problems == reading.problems.sorted(), "the problems are out of order")
        for problem in reading.problems {
            claimOneSafeLine(problem.message)
            claim(positions.holds(line: problem.line, column: problem.column), "no such place: \(problem)")
        }
        if case .unreadable(let problems) = reading { claim(!problems.isEmpty, "a text is unreadable without a word") }
        // Aliases make a large tree from a small text; its beginning is enough.
        var budget = 2_000
        var open = reading.root.map { [$0] } ?? []
        while budget > 0, let node = open.popLast() {
            budget -= 1
            claim(positions.holds(line: node.line, column: node.column), "no such place: \(node.line):\(node.column)")
            switch node.kind {
            case .scalar: claim(node.items.isEmpty && node.pairs.isEmpty, "a text has contents")
            case .sequence: open += node.items.prefix(200)
            case .mapping:
                let keys = node.pairs.prefix(200).map(\.key)
                claim(keys.allSatisfy { $0.kind == .scalar }, "a key is no text")
                claim(Set(keys.map { Array($0.text.utf8) }).count == keys.count, "a mapping has a key twice")
                for pair in node.pairs.prefix(200) {
                    open.append(pair.key)
                    open.append(pair.value)
                }
            }
        }
    }
}
