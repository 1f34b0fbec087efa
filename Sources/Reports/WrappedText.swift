extension String {
    /// Returns the text wrapped at spaces to `width` columns; a word longer than a line stays whole.
    ///
    /// The first line begins at column `start`, the others with `hanging` spaces.
    func wrapped(toWidth width: Int, from start: Int = 0, hanging: Int = 0) -> String {
        var result = ""
        var column = start
        var isAtStart = true
        var rest = self[...]
        while !rest.isEmpty {
            let gap = rest.prefix { $0 == " " }
            rest = rest[gap.endIndex...]
            let word = rest.prefix { $0 != " " }
            rest = rest[word.endIndex...]
            let wordWidth = String(word).displayWidth
            if !isAtStart, column + gap.count + wordWidth > width {
                result += "\n" + String(repeating: " ", count: hanging) + word
                column = hanging + wordWidth
            } else {
                result += gap + word
                column += gap.count + wordWidth
            }
            isAtStart = false
        }
        return result
    }
}

extension Painter {
    /// Returns a line of prose, wrapped if the terminal is too narrow for it.
    package func line(_ text: String, hanging: Int = 2) -> String {
        guard let width else { return text }
        return String(text.map { $0 == "\n" ? " " : $0 }).wrapped(toWidth: width, hanging: hanging)
    }

    /// Returns a heading: a name and its details, on two lines if the terminal is too narrow for one.
    func heading(_ name: String, _ details: String) -> String {
        guard let width, name.displayWidth + 2 + details.displayWidth > width else {
            return paint(name, .strong) + "  " + details
        }
        return paint(line(name), .strong) + "\n" + line("    " + details, hanging: 4)
    }
}
