import CYAML

/// Reads a file with libyaml and passes its events to a tree builder.
struct EventParser {
    private let text: JoinedSurrogates
    private var builder: TreeBuilder
    private var documents = 0
    /// The end of a text without a final line end; see `SourceText.openEnd`.
    private let openEnd: Mark?
    /// The hidden characters that are not checked yet.
    private var hidden: ArraySlice<HiddenCharacter>
    /// The width of each gap so wide that readers miss what follows, by the place where the gap ends.
    private let wideGaps: [Mark: Int]
    /// The number of joined pairs checked so far.
    private var passedPairs = 0
    /// The end of the last node, and the last line that has a warning.
    private var (lastEnd, warnedLine) = (Mark(line: 0, column: 0), -1)

    /// Whether reading stopped at an invalid escape, such as half of a surrogate pair.
    private(set) var metInvalidEscape = false
    /// The joined pairs outside double quotes, where a backslash is plain text, by their index.
    private(set) var pairsElsewhere: Set<Int> = []

    /// Readers easily miss a node from this column on.
    private static let farColumn = 500
    /// Readers easily miss what follows this many blanks.
    private static let wideGap = 60

    /// The text must be valid UTF-8.
    init(_ text: JoinedSurrogates) {
        self.text = text
        openEnd = SourceText.openEnd(of: text.bytes)
        hidden = HiddenCharacter.all(in: text.bytes)[...]
        wideGaps = SourceText.wideGaps(in: text.bytes, atLeast: Self.wideGap)
        builder = TreeBuilder(sourceSize: text.bytes.count)
    }

    /// Reads to the end of the document, or to the first syntax error or exceeded bound.
    mutating func parse() -> YAMLReading {
        let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
        let event = UnsafeMutablePointer<yaml_event_t>.allocate(capacity: 1)
        defer {
            event.deallocate()
            parser.deallocate()
        }
        guard yaml_parser_initialize(parser) != 0 else {
            return .unreadable([SyntaxFault.outOfMemory])
        }
        defer { yaml_parser_delete(parser) }
        // A local copy, so that borrowing its storage does not borrow self.
        let source = text.bytes
        if hidden.count > HiddenCharacter.most, let last = hidden.last {
            let message =
                "the file has more than \(HiddenCharacter.most) characters that are invisible or reorder text, such as"
                + " U+202E; open the file in an editor that shows these characters, and delete them"
            return .unreadable([YAMLProblem(message, at: last.position)])
        }
        let fatal = source.withUnsafeBufferPointer { buffer -> YAMLProblem? in
            yaml_parser_set_input_string(parser, buffer.baseAddress, buffer.count)
            do throws(YAMLProblem) {
                while true {
                    guard yaml_parser_parse(parser, event) != 0 else {
                        let fault = SyntaxFault(parser.pointee)
                        metInvalidEscape = fault.isInvalidEscape
                        checkHiddenCharacters(before: fault.index + 1)
                        return fault.problem(in: text, openEnd: openEnd)
                    }
                    defer { yaml_event_delete(event) }
                    guard try handle(event) else {
                        checkHiddenCharacters(before: .max)
                        return nil
                    }
                }
            } catch {
                return error
            }
        }
        return builder.finish(fatal: fatal)
    }

    /// Handles one event; false means stop.
    private mutating func handle(_ event: UnsafeMutablePointer<yaml_event_t>) throws(YAMLProblem) -> Bool {
        let position = position(of: event.pointee.start_mark)
        warnIfEasilyMissed(of: event.pointee, at: position)
        switch event.pointee.type {
        case YAML_SCALAR_EVENT:
            let scalar = event.pointee.data.scalar
            checkHiddenCharacters(in: event.pointee)
            let tag = Self.string(scalar.tag)
            let isPlain = scalar.style == YAML_PLAIN_SCALAR_STYLE && tag == nil
            builder.check(tag: tag, expected: "str", at: position)
            try builder.addScalar(
                UnsafeBufferPointer(start: scalar.value, count: scalar.length), isPlain: isPlain,
                anchor: Self.string(scalar.anchor), at: position)
        case YAML_ALIAS_EVENT: try builder.addAlias(Self.string(event.pointee.data.alias.anchor) ?? "", at: position)
        case YAML_SEQUENCE_START_EVENT:
            let start = event.pointee.data.sequence_start
            builder.check(tag: Self.string(start.tag), expected: "seq", at: position)
            try builder.open(.sequence, anchor: Self.string(start.anchor), at: position)
        case YAML_MAPPING_START_EVENT:
            let start = event.pointee.data.mapping_start
            builder.check(tag: Self.string(start.tag), expected: "map", at: position)
            try builder.open(.mapping, anchor: Self.string(start.anchor), at: position)
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: try builder.close()
        case YAML_DOCUMENT_START_EVENT:
            documents += 1
            if documents > 1 {
                builder.report(
                    "a second document starts here, but a file has only one; move it to its own file and delete the"
                        + " line `---`", at: position)
                return false
            }
        case YAML_STREAM_END_EVENT: return false
        default: break
        }
        return true
    }

    /// Returns the place of a mark in the file.
    private func position(of mark: yaml_mark_t) -> Mark {
        text.position(Mark(mark, openEnd: openEnd), index: Int(mark.index))
    }

    /// Checks the hidden characters and joined pairs up to the end of this scalar.
    private mutating func checkHiddenCharacters(in event: yaml_event_t) {
        let style = event.data.scalar.style
        let range = Int(event.start_mark.index)..<max(Int(event.start_mark.index), Int(event.end_mark.index))
        while passedPairs < text.indices.count, text.indices[passedPairs] < range.upperBound {
            if style != YAML_DOUBLE_QUOTED_SCALAR_STYLE || text.indices[passedPairs] < range.lowerBound {
                pairsElsewhere.insert(passedPairs)
            }
            passedPairs += 1
        }
        guard !hidden.isEmpty, style == YAML_DOUBLE_QUOTED_SCALAR_STYLE || style == YAML_SINGLE_QUOTED_SCALAR_STYLE
        else { return }
        checkHiddenCharacters(before: range.lowerBound)
        let inside = hidden.prefix { $0.index < range.upperBound }
        hidden = hidden.dropFirst(inside.count)
        if let (message, character) = HiddenCharacter.problem(inQuotes: inside) {
            builder.report(message, at: text.position(character.position, index: character.index))
        }
    }

    /// Reports the remaining hidden characters before this index, which are all outside quotes.
    private mutating func checkHiddenCharacters(before index: Int) {
        while let first = hidden.first, first.index < index {
            builder.report(first.problem, at: text.position(first.position, index: first.index))
            hidden = hidden.dropFirst()
        }
        guard index == .max else { return }
        pairsElsewhere.formUnion(passedPairs..<text.indices.count)
    }

    /// Warns if the node is far to the right, or after a wide gap.
    private mutating func warnIfEasilyMissed(of event: yaml_event_t, at position: Mark) {
        switch event.type {
        case YAML_SCALAR_EVENT, YAML_ALIAS_EVENT, YAML_SEQUENCE_START_EVENT, YAML_MAPPING_START_EVENT: break
        default: return
        }
        // A mapping or list without brackets has no width of its own; its first node is checked.
        guard event.end_mark.index > event.start_mark.index else { return }
        defer { lastEnd = self.position(of: event.end_mark) }
        guard position.line != warnedLine else { return }
        if position.column >= Self.farColumn {
            builder.warn(
                "readers easily miss text beyond column \(Self.farColumn); start a new line before it", at: position)
            warnedLine = position.line
        } else if let width = widthOfGap(before: position) {
            builder.warn("readers easily miss text after \(width) blanks; move it to the left", at: position)
            warnedLine = position.line
        }
    }

    /// Returns the width of the gap before a node; nil if readers would not miss the node.
    private func widthOfGap(before position: Mark) -> Int? {
        let gap = position.line == lastEnd.line ? position.column - lastEnd.column : 0
        return gap >= Self.wideGap ? gap : wideGaps.isEmpty ? nil : wideGaps[position]
    }

    private static func string(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        guard let pointer else { return nil }
        return String(cString: pointer)
    }
}

/// A line and column, from 0, as libyaml counts.
struct Mark: Hashable {
    let line: Int
    let column: Int
}

extension Mark {
    /// Moves a mark that is after the open end of the text to that end.
    init(_ mark: yaml_mark_t, openEnd: Mark?) {
        if let openEnd, Int(mark.line) > openEnd.line {
            self = openEnd
        } else {
            self.init(line: Int(mark.line), column: Int(mark.column))
        }
    }
}
