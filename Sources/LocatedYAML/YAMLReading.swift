/// The result of reading a YAML file.
package enum YAMLReading: Sendable {
    /// The document's root, and problems that do not prevent reading, such as a duplicate key.
    case document(YAMLNode, problems: [YAMLProblem])
    /// The file has only spaces, comments and markers.
    case empty
    /// The file is invalid YAML, or exceeds a bound; at least one problem.
    case unreadable([YAMLProblem])

    /// All problems, by place.
    package var problems: [YAMLProblem] {
        switch self {
        case .document(_, let problems), .unreadable(let problems): problems
        case .empty: []
        }
    }

    /// Valid YAML that readers easily miss.
    package var warnings: [YAMLProblem] { root?.tree.warnings ?? [] }

    /// The document's root, if there is one.
    package var root: YAMLNode? {
        guard case .document(let root, _) = self else { return nil }
        return root
    }
}

extension YAMLReading {
    /// The most nodes that the aliases of one file may expand to.
    package static let maxExpandedNodes = 1_000_000

    /// The most levels of nested sequences and mappings.
    package static let deepestNesting = 1_000

    /// The largest file, in bytes.
    package static let longestText = 1 << 29

    /// Reads one file: UTF-8, one document, with or without a byte order mark.
    package init(parsing source: [UInt8]) {
        let bytes = SourceText.withOneMark(source)
        if let problem = SourceText.problem(in: bytes) {
            self = .unreadable([problem])
            return
        }
        var parser = EventParser(JoinedSurrogates(leaving: bytes))
        self = parser.parse()
        guard parser.metInvalidEscape else { return }
        // A `\ud83d` was found. Read again with all pairs joined, which keeps the structure and shows which pairs are
        // outside double quotes; then join only the others.
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

/// A problem in a YAML file, with its place.
package struct YAMLProblem: Error, Hashable, Sendable, Comparable {
    /// The line, from 1.
    package let line: Int
    /// The column in characters, from 1.
    package let column: Int
    /// One sentence: what was found, and how to fix it.
    package let message: String

    /// Creates a problem; its line and column count from 1.
    init(line: Int, column: Int, message: String) {
        self.line = line
        self.column = column
        self.message = message
    }

    /// Creates a problem at a place that counts from 0.
    init(_ message: String, at position: Mark) {
        self.init(line: position.line + 1, column: position.column + 1, message: message)
    }

    /// By place, then by message.
    package static func < (left: YAMLProblem, right: YAMLProblem) -> Bool {
        (left.line, left.column, left.message) < (right.line, right.column, right.message)
    }
}

extension YAMLProblem: CustomStringConvertible {
    /// `line:column: message`.
    package var description: String { "\(line):\(column): \(message)" }
}
