extension Sequence<UInt8> {
    /// The bytes as small hexadecimal digits, two for each.
    package var hexadecimalText: String {
        map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}
