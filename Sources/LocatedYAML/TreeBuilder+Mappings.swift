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
        for (key, value) in merges {
            try merge(value, for: key, isInList: false)
        }
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
            for position in record.range {
                try merge(children[position], for: key, isInList: true)
            }
        case _ where placeholders.contains(value): break
        default:
            let position = isInList ? record : nodes[Int(key)]
            report(
                YAMLProblem(
                    line: Int(position.line), column: Int(position.column),
                    message: "the merge key `<<` takes a mapping or a list of mappings, as in `<<: *name`"))
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
        report(
            YAMLProblem(
                line: Int(second.line), column: Int(second.column),
                message: "\(key) is already defined at line \(first.line), column \(first.column)\(hint)"))
    }

    private func tooManyMerged(_ key: UInt32) -> YAMLProblem {
        let record = nodes[Int(key)]
        return YAMLProblem(
            line: Int(record.line), column: Int(record.column),
            message: "the merge keys of this file copy more than \(YAMLReading.maxExpandedNodes) keys;"
                + " use fewer merge keys")
    }
}
