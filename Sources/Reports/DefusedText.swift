extension String {
    /// The text with everything made visible that could steer a terminal, or a pipeline that reads the output: text from
    /// strangers stays on its line, reads as it is, and gives no orders.
    ///
    /// Control, bidirectional and other invisible format characters become `\u{…}`. So does one character of what a
    /// pipeline takes for a command: two colons where the text begins, behind blanks or not, and two number signs anywhere.
    package var defusedForTerminal: String {
        guard mayGiveOrders || unicodeScalars.contains(where: Self.isDangerous) else { return self }
        var result = ""
        var isBeginning = true
        for index in unicodeScalars.indices {
            let scalar = unicodeScalars[index]
            let isOrder = (scalar == "#" || (scalar == ":" && isBeginning)) && isDoubled(at: index)
            if isOrder || Self.isDangerous(scalar) {
                result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
                isBeginning = false
            } else {
                result.unicodeScalars.append(scalar)
                isBeginning = isBeginning && Self.isBlank(scalar)
            }
        }
        return result
    }

    /// The text in at most so many characters.
    func cut(to most: Int) -> String {
        unicodeScalars.count <= most ? self : String(unicodeScalars.prefix(most - 1)) + "…"
    }

    /// Whether a terminal would act on the character, or show nothing for it.
    static func isDangerous(_ scalar: Unicode.Scalar) -> Bool {
        // Most are of ASCII, and the table of all characters' properties is large.
        if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7F }
        return isDangerousBeyondASCII(scalar)
    }

    private static func isDangerousBeyondASCII(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse: true
        // The joiners shape letters and emoji in names of many languages and cannot reorder anything.
        case .format: scalar != "\u{200C}" && scalar != "\u{200D}"
        default: false
        }
    }

    /// Whether the character at an index stands there twice, with nothing in between that shows.
    ///
    /// GitHub's runner compares by the rules of a language, by which what does not show does not count.
    func isDoubled(at index: String.Index) -> Bool {
        let rest = unicodeScalars[index...]
        return rest.dropFirst().first { !$0.properties.isDefaultIgnorableCodePoint } == rest.first
    }

    /// Whether it is worth looking for commands.
    private var mayGiveOrders: Bool {
        utf8.contains(UInt8(ascii: "#")) || unicodeScalars.first { !Self.isBlank($0) } == ":"
    }

    /// Whether a pipeline skips the character when it looks for a command at the beginning of a line.
    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || scalar.properties.isDefaultIgnorableCodePoint
    }
}
