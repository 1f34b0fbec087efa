import Core

/// Writes JSON text directly, without building a tree.
struct JSONWriter {
    /// The text so far, in UTF-8.
    private(set) var bytes: [UInt8] = []
    private var needsComma = false
    /// True to omit fields without a value instead of writing null.
    let omitsNulls: Bool
    /// Texts that replace the values of fields, by name; written as they are, JSON or not.
    var replacements: [String: String] = [:]
    /// True to replace only the first field of each name.
    var replacesOnlyFirst = false

    /// Creates an empty text.
    init(omitsNulls: Bool = false) { self.omitsNulls = omitsNulls }

    /// Writes an object; the closure writes its fields.
    mutating func object(_ fields: (inout JSONWriter) -> Void) { nested("{", "}", fields) }

    /// Writes a field with an object, whose fields the closure writes.
    mutating func object(_ name: StaticString, _ fields: (inout JSONWriter) -> Void) {
        field(name) { $0.object(fields) }
    }

    /// Writes a field with a list of objects, whose fields the closure writes.
    mutating func list<Entries: Sequence>(
        _ name: StaticString, _ entries: Entries, _ fields: (Entries.Element, inout JSONWriter) -> Void
    ) {
        field(name) { writer in
            writer.nested("[", "]") { writer in
                for entry in entries { writer.object { fields(entry, &$0) } }
            }
        }
    }

    /// Writes a text field; without a text it is null or omitted.
    mutating func field(_ name: StaticString, _ text: String?) {
        if text != nil || !omitsNulls { field(name) { $0.value(text) } }
    }

    /// Writes a field with a number or a Boolean; without a value it is null or omitted.
    mutating func field(_ name: StaticString, _ value: (some LosslessStringConvertible)?) {
        if value != nil || !omitsNulls { field(name) { $0.raw(value?.description ?? "null") } }
    }

    /// Writes a field, whose value the closure writes.
    mutating func field(_ name: StaticString, _ write: (inout JSONWriter) -> Void) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: [UInt8(ascii: "\""), UInt8(ascii: ":")])
        needsComma = false
        guard !replacements.isEmpty, let text = replacements[name.description] else { return write(&self) }
        if replacesOnlyFirst { replacements[name.description] = nil }
        raw(text)
    }

    /// Writes a text, escaped, or null.
    mutating func value(_ text: String?) {
        guard let text else { return raw("null") }
        separate()
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(contentsOf: [UInt8(ascii: "\\"), byte])
            case 0..<0x20: bytes.append(contentsOf: "\\u00\([byte].hexadecimalText)".utf8)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func nested(_ open: Unicode.Scalar, _ close: Unicode.Scalar, _ body: (inout JSONWriter) -> Void) {
        separate()
        bytes.append(UInt8(ascii: open))
        needsComma = false
        body(&self)
        bytes.append(UInt8(ascii: close))
        needsComma = true
    }

    private mutating func raw(_ text: String) {
        separate()
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }
}
