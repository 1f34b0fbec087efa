extension String {
    /// The most terminal columns that the text takes, without control characters.
    ///
    /// East Asian letters and emoji take two columns, combining marks none. Terminals differ in emoji sequences; the
    /// widest reading counts.
    package var displayWidth: Int {
        if utf8.allSatisfy({ $0 < 0x80 }) { return utf8.count }
        var width = 0
        var last: Unicode.Scalar?
        for scalar in unicodeScalars {
            width += Self.width(of: scalar, after: last)
            last = scalar
        }
        return width
    }

    /// Returns the text in at most `width` columns, shortened with `…`.
    package func shortened(toWidth width: Int) -> String {
        guard displayWidth > width else { return self }
        guard width > 0 else { return "" }
        var result = ""
        var used = 1
        for character in self {
            used += String(character).displayWidth
            if used > width { break }
            result.append(character)
        }
        return result + "…"
    }

    private static func width(of scalar: Unicode.Scalar, after last: Unicode.Scalar?) -> Int {
        // This selector turns the character before it into an emoji, which is one column wider.
        if scalar == "\u{FE0F}" { return last.map { $0.properties.isEmoji && width(of: $0) == 1 ? 1 : 0 } ?? 0 }
        return width(of: scalar)
    }

    private static func width(of scalar: Unicode.Scalar) -> Int {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return 0
        default: break
        }
        if wideRanges.contains(where: { $0.contains(scalar.value) }) { return 2 }
        // Two of these make one flag of two columns.
        if (0x1F1E6...0x1F1FF).contains(scalar.value) { return 1 }
        if scalar.properties.isEmojiPresentation { return 2 }
        return scalar.properties.isDefaultIgnorableCodePoint ? 0 : 1
    }

    /// The wide characters of Unicode Standard Annex 11, in ranges that also cover small gaps.
    private static let wideRanges: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3,
        0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6B, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18DFF,
        0x1AFF0...0x1B2FF, 0x1D300...0x1D376, 0x1F200...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1FAFF,
        0x20000...0x3FFFD,
    ]
}
