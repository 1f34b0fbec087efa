extension String {
    /// The text with everything that could steer a terminal made visible: control, bidirectional and other
    /// invisible format characters become `\u{…}`, so that text from strangers stays on its line and reads as it is.
    package var defusedForTerminal: String {
        guard unicodeScalars.contains(where: Self.isDangerous) else { return self }
        var result = ""
        for scalar in unicodeScalars {
            if Self.isDangerous(scalar) {
                result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// Whether a terminal would act on the character, or show nothing for it.
    static func isDangerous(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse: true
        // The joiners shape letters and emoji in names of many languages and cannot reorder anything.
        case .format: scalar != "\u{200C}" && scalar != "\u{200D}"
        default: false
        }
    }
}
