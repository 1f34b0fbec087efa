import CYAML

/// Drives libyaml's event loop over the bytes of a file and feeds a tree builder.
struct EventParser {
    private let bytes: [UInt8]
    private var builder: TreeBuilder
    private var documents = 0
    private let openEnd: Place?

    /// Takes bytes that are known to be UTF-8.
    init(bytes: [UInt8]) {
        self.bytes = bytes
        openEnd = SourceText.openEnd(of: bytes)
        builder = TreeBuilder(sourceSize: bytes.count)
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
        let source = bytes
        let fatal = source.withUnsafeBufferPointer { buffer -> YAMLProblem? in
            yaml_parser_set_input_string(parser, buffer.baseAddress, buffer.count)
            do throws(YAMLProblem) {
                while true {
                    guard yaml_parser_parse(parser, event) != 0 else {
                        return SyntaxFault(parser.pointee).problem(in: source, openEnd: openEnd)
                    }
                    defer { yaml_event_delete(event) }
                    guard try handle(event) else { return nil }
                }
            } catch {
                return error
            }
        }
        return builder.finish(fatal: fatal)
    }

    /// Takes one event; false ends the reading.
    private mutating func handle(_ event: UnsafeMutablePointer<yaml_event_t>) throws(YAMLProblem) -> Bool {
        let place = Place(event.pointee.start_mark, openEnd: openEnd)
        switch event.pointee.type {
        case YAML_SCALAR_EVENT:
            let scalar = event.pointee.data.scalar
            let tag = Self.text(scalar.tag)
            let isPlain = scalar.style == YAML_PLAIN_SCALAR_STYLE && tag == nil
            builder.check(tag: tag, expected: "str", at: place)
            try builder.addScalar(
                UnsafeBufferPointer(start: scalar.value, count: scalar.length), isPlain: isPlain,
                anchor: Self.text(scalar.anchor), at: place)
        case YAML_ALIAS_EVENT:
            try builder.addAlias(Self.text(event.pointee.data.alias.anchor) ?? "", at: place)
        case YAML_SEQUENCE_START_EVENT:
            let start = event.pointee.data.sequence_start
            builder.check(tag: Self.text(start.tag), expected: "seq", at: place)
            try builder.open(.sequence, anchor: Self.text(start.anchor), at: place)
        case YAML_MAPPING_START_EVENT:
            let start = event.pointee.data.mapping_start
            builder.check(tag: Self.text(start.tag), expected: "map", at: place)
            try builder.open(.mapping, anchor: Self.text(start.anchor), at: place)
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

    private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        guard let pointer else { return nil }
        return String(cString: pointer)
    }
}

/// A place as libyaml counts it: from 0.
struct Place {
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
