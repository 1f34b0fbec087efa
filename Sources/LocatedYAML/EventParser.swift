import CYAML

/// Drives libyaml's event loop over the bytes of a file and feeds a tree builder.
struct EventParser {
    private let text: JoinedSurrogates
    private var builder: TreeBuilder
    private var documents = 0
    private let openEnd: Place?
    /// Characters that are read otherwise than they are shown, those that were passed left out.
    private var hidden: ArraySlice<HiddenCharacter>
    /// Behind which places of a line so many blanks stand that readers do not look for more: their width, by the place where they end.
    private let wideGaps: [Place: Int]
    /// How many of the joined pairs were passed.
    private var passedPairs = 0
    /// Where the last node ended, and the last line of which was told that something is easily overlooked.
    private var (lastEnd, warnedLine) = (Place(line: 0, column: 0), -1)

    /// Whether reading ended at an escape of no character, which half of a surrogate pair is.
    private(set) var metInvalidEscape = false
    /// The joined pairs that do not stand in double quotes, where a backslash means nothing, by their number.
    private(set) var pairsElsewhere: Set<Int> = []

    /// From so many columns on a node is easily overlooked.
    private static let farColumn = 500
    /// So many blank characters hide what stands behind them.
    private static let wideGap = 60

    /// Takes a text that is known to be UTF-8.
    init(_ text: JoinedSurrogates) {
        self.text = text
        openEnd = SourceText.openEnd(of: text.bytes)
        hidden = HiddenCharacter.all(in: text.bytes)[...]
        wideGaps = SourceText.wideGaps(in: text.bytes, atLeast: Self.wideGap)
        builder = TreeBuilder(sourceSize: text.bytes.count)
    }

    /// Reads up to the end of the document, a syntax error, or a bound.
    mutating func parse() -> YAMLReading {
        let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
        let event = UnsafeMutablePointer<yaml_event_t>.allocate(capacity: 1)
        defer {
            event.deallocate()
            parser.deallocate()
        }
        guard yaml_parser_initialize(parser) != 0 else {
            return .unreadable([YAMLProblem(line: 1, column: 1, message: "there is no memory to read the file")])
        }
        defer { yaml_parser_delete(parser) }
        // A local copy, so that lending its storage does not hold on to self.
        let source = text.bytes
        if hidden.count > HiddenCharacter.most, let last = hidden.last {
            return .unreadable([
                YAMLProblem(
                    line: last.place.line + 1, column: last.place.column + 1,
                    message:
                        "more than \(HiddenCharacter.most) characters up to here change how the file is shown; delete"
                        + " them")
            ])
        }
        let fatal = source.withUnsafeBufferPointer { buffer -> YAMLProblem? in
            yaml_parser_set_input_string(parser, buffer.baseAddress, buffer.count)
            do throws(YAMLProblem) {
                while true {
                    guard yaml_parser_parse(parser, event) != 0 else {
                        let fault = SyntaxFault(parser.pointee)
                        metInvalidEscape = fault.isInvalidEscape
                        passHidden(before: fault.index + 1)
                        return fault.problem(in: text, openEnd: openEnd)
                    }
                    defer { yaml_event_delete(event) }
                    guard try handle(event) else {
                        passHidden(before: .max)
                        return nil
                    }
                }
            } catch {
                return error
            }
        }
        return builder.finish(fatal: fatal)
    }

    /// Takes one event; false ends the reading.
    private mutating func handle(_ event: UnsafeMutablePointer<yaml_event_t>) throws(YAMLProblem) -> Bool {
        let place = place(of: event.pointee.start_mark)
        noteVisibility(of: event.pointee, at: place)
        switch event.pointee.type {
        case YAML_SCALAR_EVENT:
            let scalar = event.pointee.data.scalar
            passHidden(in: event.pointee)
            let tag = Self.string(scalar.tag)
            let isPlain = scalar.style == YAML_PLAIN_SCALAR_STYLE && tag == nil
            builder.check(tag: tag, expected: "str", at: place)
            try builder.addScalar(
                UnsafeBufferPointer(start: scalar.value, count: scalar.length), isPlain: isPlain,
                anchor: Self.string(scalar.anchor), at: place)
        case YAML_ALIAS_EVENT:
            try builder.addAlias(Self.string(event.pointee.data.alias.anchor) ?? "", at: place)
        case YAML_SEQUENCE_START_EVENT:
            let start = event.pointee.data.sequence_start
            builder.check(tag: Self.string(start.tag), expected: "seq", at: place)
            try builder.open(.sequence, anchor: Self.string(start.anchor), at: place)
        case YAML_MAPPING_START_EVENT:
            let start = event.pointee.data.mapping_start
            builder.check(tag: Self.string(start.tag), expected: "map", at: place)
            try builder.open(.mapping, anchor: Self.string(start.anchor), at: place)
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
            try builder.close()
        case YAML_DOCUMENT_START_EVENT:
            documents += 1
            if documents > 1 {
                builder.report(
                    "a second document starts here, but a file holds one; move what follows to a file of its own"
                        + " and drop the line `---`", at: place)
                return false
            }
        case YAML_STREAM_END_EVENT:
            return false
        default:
            break
        }
        return true
    }

    /// Where a mark stands in the file.
    private func place(of mark: yaml_mark_t) -> Place {
        text.place(Place(mark, openEnd: openEnd), index: Int(mark.index))
    }

    /// Passes the hidden characters and joined pairs of a text and before it.
    private mutating func passHidden(in event: yaml_event_t) {
        let style = event.data.scalar.style
        let range = Int(event.start_mark.index)..<max(Int(event.start_mark.index), Int(event.end_mark.index))
        while passedPairs < text.indices.count, text.indices[passedPairs] < range.upperBound {
            if style != YAML_DOUBLE_QUOTED_SCALAR_STYLE || text.indices[passedPairs] < range.lowerBound {
                pairsElsewhere.insert(passedPairs)
            }
            passedPairs += 1
        }
        guard !hidden.isEmpty, style == YAML_DOUBLE_QUOTED_SCALAR_STYLE || style == YAML_SINGLE_QUOTED_SCALAR_STYLE
        else {
            return
        }
        passHidden(before: range.lowerBound)
        let inside = hidden.prefix { $0.index < range.upperBound }
        hidden = hidden.dropFirst(inside.count)
        if let (message, character) = HiddenCharacter.problem(inQuotes: inside) {
            builder.report(message, at: text.place(character.place, index: character.index))
        }
    }

    /// Refuses the hidden characters that stand before an index and are left: none of them stands in quotes.
    private mutating func passHidden(before index: Int) {
        while let first = hidden.first, first.index < index {
            builder.report(first.problem, at: text.place(first.place, index: first.index))
            hidden = hidden.dropFirst()
        }
        guard index == .max else { return }
        pairsElsewhere.formUnion(passedPairs..<text.indices.count)
    }

    /// Warns of what stands so far to the right, or behind so many blank characters, that readers do not look for it.
    private mutating func noteVisibility(of event: yaml_event_t, at place: Place) {
        switch event.type {
        case YAML_SCALAR_EVENT, YAML_ALIAS_EVENT, YAML_SEQUENCE_START_EVENT, YAML_MAPPING_START_EVENT: break
        default: return
        }
        // A mapping or list without brackets begins with its first node, and takes up no room before it.
        guard event.end_mark.index > event.start_mark.index else { return }
        defer { lastEnd = self.place(of: event.end_mark) }
        guard place.line != warnedLine else { return }
        if place.column >= Self.farColumn {
            builder.warn(
                "what stands here, beyond column \(Self.farColumn), is easily overlooked; begin a new line before it",
                at: place)
            warnedLine = place.line
        } else if let width = widthOfGap(before: place) {
            builder.warn(
                "what stands here, behind \(width) characters that show nothing, is easily overlooked; move it to the left",
                at: place)
            warnedLine = place.line
        }
    }

    /// How wide a gap is before a node, where readers would not look behind it.
    private func widthOfGap(before place: Place) -> Int? {
        let gap = place.line == lastEnd.line ? place.column - lastEnd.column : 0
        return gap >= Self.wideGap ? gap : wideGaps.isEmpty ? nil : wideGaps[place]
    }

    private static func string(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        guard let pointer else { return nil }
        return String(cString: pointer)
    }
}

/// A place as libyaml counts it: from 0.
struct Place: Hashable {
    let line: Int
    let column: Int
}

extension Place {
    /// The place of a mark, which may stand behind the open end of a text, but means the end.
    init(_ mark: yaml_mark_t, openEnd: Place?) {
        if let openEnd, Int(mark.line) > openEnd.line {
            self = openEnd
        } else {
            self.init(line: Int(mark.line), column: Int(mark.column))
        }
    }
}
