extension String {
    /// The text escaped for a terminal, and for a CI pipeline that reads commands from the output.
    ///
    /// Control, bidirectional and other invisible format characters become `\u{…}`. So does the first of two colons at
    /// the beginning, also after spaces, and of two number signs anywhere: both begin pipeline commands.
    package var escapedForTerminal: String {
        guard mayContainCommand || unicodeScalars.contains(where: Self.isDangerous) else { return self }
        var result = ""
        var isBeginning = true
        for index in unicodeScalars.indices {
            let scalar = unicodeScalars[index]
            let isCommand = (scalar == "#" || (scalar == ":" && isBeginning)) && isDoubled(at: index)
            if isCommand || Self.isDangerous(scalar) {
                result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
                isBeginning = false
            } else {
                result.unicodeScalars.append(scalar)
                isBeginning = isBeginning && Self.isBlank(scalar)
            }
        }
        return result
    }

    /// Returns the text in at most `most` characters, shortened with `…`.
    func cut(to most: Int) -> String {
        unicodeScalars.count <= most ? self : String(unicodeScalars.prefix(most - 1)) + "…"
    }

    /// Whether a terminal would act on the character or show nothing.
    static func isDangerous(_ scalar: Unicode.Scalar) -> Bool {
        // Most characters are ASCII, and a look-up in the Unicode tables is slow.
        if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7F }
        return isDangerousBeyondASCII(scalar)
    }

    private static func isDangerousBeyondASCII(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse: true
        // Many names need the joiners for letters and emoji, and joiners cannot reorder text.
        case .format: scalar != "\u{200C}" && scalar != "\u{200D}"
        default: false
        }
    }

    /// Whether the character at an index repeats, with only invisible characters in between.
    ///
    /// GitHub's runner ignores invisible characters when it looks for commands.
    func isDoubled(at index: String.Index) -> Bool {
        let rest = unicodeScalars[index...]
        return rest.dropFirst().first { !$0.properties.isDefaultIgnorableCodePoint } == rest.first
    }

    /// Whether the text may contain a pipeline command; a quick test that may be wrongly true.
    private var mayContainCommand: Bool {
        utf8.contains(UInt8(ascii: "#")) || unicodeScalars.first { !Self.isBlank($0) } == ":"
    }

    /// Whether a pipeline skips the character when it looks for a command at the start of a line.
    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || scalar.properties.isDefaultIgnorableCodePoint
    }
}
