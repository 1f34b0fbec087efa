/// Gzip written by hand, to test decompression without a compressor.
enum GzipBytes {
    /// The header of a gzip member without name and time.
    static let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]

    /// Returns a member that stores at most 65,535 bytes uncompressed.
    static func stored(_ bytes: [UInt8]) -> [UInt8] {
        let length = UInt16(bytes.count)
        return header + [1] + littleEndian(length) + littleEndian(~length) + bytes
            + littleEndian(checksum(bytes)) + littleEndian(UInt32(bytes.count))
    }

    /// A part of a deflate stream that unpacks to over 150 times its size in zeros, and can repeat.
    static let expandingZeros: [UInt8] = {
        var bits = BitWriter()
        bits.append(0b010, count: 3)  // not the last block, fixed codes
        bits.appendCode(0b0011_0000, count: 8)  // one zero
        for _ in 0..<1_000 {
            bits.appendCode(0b1100_0101, count: 8)  // 258 bytes more,
            bits.appendCode(0, count: 5)  // the same as the one before
        }
        bits.appendCode(0, count: 7)  // the end of the block
        bits.append(0, count: 3)  // an empty stored block, which ends on a byte boundary
        return bits.bytes + [0, 0, 0xFF, 0xFF]
    }()

    private static func littleEndian(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }

    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var checksum: UInt32 = ~0
        for byte in bytes {
            checksum ^= UInt32(byte)
            for _ in 0..<8 { checksum = checksum & 1 == 1 ? checksum >> 1 ^ 0xEDB8_8320 : checksum >> 1 }
        }
        return ~checksum
    }
}

/// Writes bits from the least significant one up, as deflate does.
private struct BitWriter {
    private(set) var bytes: [UInt8] = []
    private var used = 8

    /// Appends a number, its lowest bit first.
    mutating func append(_ value: Int, count: Int) {
        for bit in 0..<count { append(bit: value >> bit & 1) }
    }

    /// Appends a Huffman code, its highest bit first.
    mutating func appendCode(_ code: Int, count: Int) {
        for bit in (0..<count).reversed() { append(bit: code >> bit & 1) }
    }

    private mutating func append(bit: Int) {
        if used == 8 {
            bytes.append(0)
            used = 0
        }
        bytes[bytes.count - 1] |= UInt8(bit << used)
        used += 1
    }
}
