/// Gzip of a text after many spaces, made in small parts without a compressor.
///
/// A stream is the header, one `megabyte` for each MiB, and the ending.
enum GzipPadding {
    /// The header of a gzip member without name and time.
    static let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]

    /// A part of a deflate stream that unpacks to 1 MiB of spaces and can repeat.
    static let megabyte: [UInt8] = {
        // The order of bits: numbers from the lowest, codes from the highest.
        let start = "010"  // not the last block, fixed codes
        let literal = "01010000"  // a space
        let copy = "11000101" + "00000"  // 258 bytes more, the same as the one before
        let end = "0000000" + "000"  // the end of the block, and an empty stored block, which ends on a byte boundary
        let bits = Array(
            (start + String(repeating: literal, count: 64) + String(repeating: copy, count: 4_064) + end).utf8)
        let bytes = stride(from: 0, to: bits.count, by: 8).map { start in
            bits[start..<min(start + 8, bits.count)].reversed().reduce(0 as UInt8) { $0 << 1 | $1 & 1 }
        }
        return bytes + [0, 0, 0xFF, 0xFF]
    }()

    /// Returns the part after the spaces: the text, stored uncompressed, and the checksum and length.
    static func ending(_ text: [UInt8], afterMegabytes megabytes: Int) -> [UInt8] {
        let spaces = UInt64(megabytes) << 20
        var bytes: [UInt8] = []
        for start in stride(from: 0, to: text.count, by: 65_535) {
            let part = text[start..<min(start + 65_535, text.count)]
            let length = UInt16(part.count)
            bytes += [0] + littleEndian(length) + littleEndian(~length) + part
        }
        bytes += [1, 0, 0, 0xFF, 0xFF]
        var register = ChecksumRun.register(after: spaces, of: space)
        for byte in text { register = ChecksumRun.step(register ^ UInt32(byte)) }
        let length = UInt32(truncatingIfNeeded: spaces &+ UInt64(text.count))
        return bytes + littleEndian(~register) + littleEndian(length)
    }

    private static let space = UInt8(ascii: " ")

    private static func littleEndian(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }
}

/// The effect of a run of equal bytes on the CRC-32 register: a linear map plus a constant.
///
/// Two runs of one length combine into a run of twice the length, so a gigabyte takes thirty steps.
private struct ChecksumRun {
    private var columns: [UInt32]
    private var constant: UInt32

    /// Returns the register after `count` equal bytes from the start.
    static func register(after count: UInt64, of byte: UInt8) -> UInt32 {
        var run = ChecksumRun(columns: (0..<32).map { step(1 << $0) }, constant: step(UInt32(byte)))
        var register = ~0 as UInt32
        var left = count
        while left > 0 {
            if left & 1 == 1 { register = run.mapped(register) ^ run.constant }
            run = ChecksumRun(
                columns: run.columns.map { run.mapped($0) }, constant: run.mapped(run.constant) ^ run.constant)
            left >>= 1
        }
        return register
    }

    /// Returns the register after the byte that was added to its lowest bits.
    static func step(_ register: UInt32) -> UInt32 {
        (0..<8).reduce(register) { sum, _ in sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
    }

    private func mapped(_ register: UInt32) -> UInt32 {
        columns.indices.reduce(0) { register >> $1 & 1 == 1 ? $0 ^ columns[$1] : $0 }
    }
}
