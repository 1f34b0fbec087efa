/// Writes JSON text directly, without building a tree.
struct JSONWriter {
    /// The text so far, in UTF-8.
    private(set) var bytes: [UInt8] = []
    /// True to omit fields without a value instead of writing null.
    var omitsNulls = false
    private var needsComma = false

    /// Writes an object; the closure writes its fields.
    mutating func object(_ fields: (inout JSONWriter) -> Void) { nested("{", "}", fields) }

    /// Writes an array; the closure writes its elements.
    mutating func array(_ elements: (inout JSONWriter) -> Void) { nested("[", "]", elements) }

    /// Writes the name of the next field.
    mutating func key(_ name: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: [UInt8(ascii: "\""), UInt8(ascii: ":")])
        needsComma = false
    }

    /// Writes a text, escaped.
    mutating func string(_ text: String) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(contentsOf: [UInt8(ascii: "\\"), byte])
            case 0..<0x20:
                bytes.append(contentsOf: #"\u00"#.utf8)
                bytes.append(contentsOf: [Self.hexadecimal(byte >> 4), Self.hexadecimal(byte & 15)])
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes an integer.
    mutating func integer(_ number: Int64) { raw(String(number)) }

    /// Writes true or false.
    mutating func boolean(_ value: Bool) { raw(value ? "true" : "false") }

    /// Writes null.
    mutating func null() { raw("null") }

    /// Writes a text field; without a text it is null or omitted.
    mutating func field(_ name: StaticString, _ text: String?) {
        if text == nil, omitsNulls { return }
        key(name)
        if let text { string(text) } else { null() }
    }

    /// Writes a number field; without a number it is null or omitted.
    mutating func field(_ name: StaticString, _ number: Int64?) {
        if number == nil, omitsNulls { return }
        key(name)
        if let number { integer(number) } else { null() }
    }

    /// Writes the `data` field of a list, whose entries the closure writes; an empty list can be null.
    mutating func data<Entries: Collection>(
        _ entries: Entries, emptyIsNull: Bool, _ write: (Entries.Element, inout JSONWriter) -> Void
    ) {
        guard emptyIsNull, entries.isEmpty else { return list("data", entries, write) }
        key("data")
        null()
    }

    /// Writes a field with a list, whose entries the closure writes.
    mutating func list<Entries: Sequence>(
        _ name: StaticString, _ entries: Entries, _ write: (Entries.Element, inout JSONWriter) -> Void
    ) {
        key(name)
        array { writer in for entry in entries { write(entry, &writer) } }
    }

    /// Writes a field with a list of objects, whose fields the closure writes.
    mutating func listOfObjects<Entries: Sequence>(
        _ name: StaticString, _ entries: Entries, _ fields: (Entries.Element, inout JSONWriter) -> Void
    ) {
        list(name, entries) { entry, writer in writer.object { fields(entry, &$0) } }
    }

    /// Writes a Boolean field.
    mutating func field(_ name: StaticString, _ value: Bool) {
        key(name)
        boolean(value)
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

    private static func hexadecimal(_ digit: UInt8) -> UInt8 {
        digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
    }
}
