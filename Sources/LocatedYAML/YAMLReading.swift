/// What came of reading a YAML text.
package enum YAMLReading: Sendable {
    /// The document's root. Problems may be known all the same: such as one key that stands twice.
    case document(YAMLNode, problems: [YAMLProblem])
    /// Nothing but spaces, comments and markers.
    case empty
    /// The text is no YAML from some place on, or must not be read; at least one problem.
    case unreadable([YAMLProblem])

    /// All that is wrong with the text, by place.
    package var problems: [YAMLProblem] {
        switch self {
        case .document(_, let problems), .unreadable(let problems): problems
        case .empty: []
        }
    }

    /// What is well-formed, and yet easily overlooked by those who read the text.
    package var warnings: [YAMLProblem] { root?.tree.warnings ?? [] }

    /// The document's root, where there is one.
    package var root: YAMLNode? {
        guard case .document(let root, _) = self else { return nil }
        return root
    }
}

extension YAMLReading {
    /// The most nodes that the aliases of one text may stand for.
    package static let mostExpandedNodes = 1_000_000

    /// The most sequences and mappings that may stand in one another.
    package static let deepestNesting = 1_000

    /// The longest text that is read, in bytes.
    package static let longestText = 1 << 29

    /// Reads the bytes of one file: UTF-8, one document, with or without a byte order mark.
    package init(parsing source: [UInt8]) {
        let bytes = SourceText.withOneMark(source)
        if let problem = SourceText.problem(in: bytes) {
            self = .unreadable([problem])
            return
        }
        var parser = EventParser(JoinedSurrogates(leaving: bytes))
        self = parser.parse()
        guard parser.metInvalidEscape else { return }
        // Only now is it known that there is half a surrogate pair in double quotes; whether each pair stands in such is
        // known when all are joined, which changes nothing of the structure.
        parser = EventParser(JoinedSurrogates(joining: bytes))
        let joined = parser.parse()
        if parser.pairsElsewhere.isEmpty {
            self = joined
        } else {
            parser = EventParser(JoinedSurrogates(joining: bytes, except: parser.pairsElsewhere))
            self = parser.parse()
        }
    }
}
