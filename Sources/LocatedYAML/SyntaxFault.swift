import CYAML
import Core

/// An error of libyaml, turned into a sentence that says how to fix it.
struct SyntaxFault {
    private let kind: yaml_error_type_t
    private let problem: String
    private let problemMark: yaml_mark_t
    private let offset: Int
    private let value: Int
    private let context: String?
    private let contextLine: Int

    /// The problem if libyaml cannot get the memory that it needs.
    static let outOfMemory = YAMLProblem(line: 1, column: 1, message: "out of memory while reading the file")

    /// libyaml's words for an invalid escape, such as half of a surrogate pair.
    private static let invalidEscape = "found invalid Unicode character escape code"

    /// Copies the parser's words, because they are freed with it.
    init(_ parser: yaml_parser_t) {
        kind = parser.error
        problem = parser.problem.map { String(cString: $0) } ?? "no reason given"
        problemMark = parser.problem_mark
        offset = Int(parser.problem_offset)
        value = Int(parser.problem_value)
        context = parser.context.map { String(cString: $0) }
        contextLine = Int(parser.context_mark.line) + 1
    }

    /// Whether the fault is an invalid escape.
    var isInvalidEscape: Bool { problem == Self.invalidEscape }

    /// The number of characters before the fault.
    var index: Int { kind == YAML_READER_ERROR ? 0 : Int(problemMark.index) }

    /// Returns the problem with its place in the file.
    func problem(in text: JoinedSurrogates, openEnd: Mark?) -> YAMLProblem {
        switch kind {
        case YAML_READER_ERROR where value >= 0:
            let name = "U+\(hexadecimal(UInt32(truncatingIfNeeded: value), width: 4))"
            return readerProblem(
                in: text, message: "the control character \(name) is not allowed in YAML; delete it (\(problem))")
        case YAML_READER_ERROR: return readerProblem(in: text, message: "the file cannot be read: \(problem)")
        case YAML_MEMORY_ERROR: return Self.outOfMemory
        default:
            let position = text.position(Mark(problemMark, openEnd: openEnd), index: Int(problemMark.index))
            // libyaml points at the digits after `\u`.
            let column = isInvalidEscape ? max(0, position.column - 2) : position.column
            return YAMLProblem(line: position.line + 1, column: column + 1, message: "\(advice) (\(words))")
        }
    }

    private func readerProblem(in text: JoinedSurrogates, message: String) -> YAMLProblem {
        let found = SourceText.position(of: offset, in: text.bytes)
        let position = text.position(found.position, index: found.index)
        return YAMLProblem(message, at: position)
    }

    /// libyaml's own words.
    private var words: String {
        guard let context, !context.isEmpty else { return problem }
        let origin = contextLine == Int(problemMark.line) + 1 ? "" : " from line \(contextLine)"
        return "\(problem), \(context)\(origin)"
    }

    /// The usual cause, and how to fix it.
    private var advice: String {
        switch problem {
        case "found character that cannot start any token":
            "invalid YAML: indent with spaces, not tabs, and put text that starts with @, %, ` or a tab in quotes"
        case "mapping values are not allowed in this context":
            "invalid YAML: either the line is indented too far, or text that contains `: ` needs quotes"
        case "did not find expected key", "did not find expected '-' indicator", "could not find expected ':'":
            "invalid YAML: look for a missing colon, quote or dash, and for indentation that differs from the lines"
                + " above"
        case "did not find expected ',' or ']'", "did not find expected ',' or '}'":
            "invalid YAML: look for a missing comma or closing bracket"
        case "did not find expected <document start>":
            "invalid YAML: text follows the end of the document; look for a line `...`, or for a bracket that is closed"
                + " too early"
        case Self.invalidEscape:
            #"invalid YAML: this escape is only half of a character, or no character; write the character itself, or"#
                + #" its whole number, as in "\U0001F600""#
        case "did not find expected hexdecimal number":
            #"invalid YAML: in double quotes, \x takes two hexadecimal digits, \u four and \U eight"#
        case "found unknown escape character":
            "invalid YAML: a backslash in double quotes starts an escape; double it, or use single quotes"
        case "found unexpected end of stream": "invalid YAML: a quote or bracket is never closed"
        default: "invalid YAML"
        }
    }
}
