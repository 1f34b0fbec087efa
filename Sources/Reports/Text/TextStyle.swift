/// The style of a text on a terminal that shows colours.
package enum TextStyle: Sendable {
    /// An add.
    case added
    /// A promotion.
    case changed
    /// A demotion.
    case lowered
    /// A removal or an error.
    case removed
    /// A warning.
    case caution
    /// Less important text.
    case faint
    /// A heading.
    case strong

    /// The parameters of the escape sequence that begins the style.
    fileprivate var code: String {
        switch self {
        case .added: "32"
        case .changed: "36"
        case .removed: "1;31"
        case .lowered, .caution: "33"
        case .faint: "2"
        case .strong: "1"
        }
    }
}

/// Applies styles if colours are on.
package struct Painter: Sendable {
    private let usesColor: Bool
    /// The columns of the terminal; nil if the output is not a terminal and lines may have any length.
    let width: Int?

    /// Creates a painter that uses colours or not.
    package init(usesColor: Bool, width: Int? = nil) {
        self.usesColor = usesColor
        self.width = width
    }

    /// Returns the text in a style.
    func paint(_ text: String, _ style: TextStyle) -> String {
        usesColor ? "\u{1B}[\(style.code)m\(text)\u{1B}[0m" : text
    }
}

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

    /// Returns a line of prose in a style: a beginning, then an untrusted text.
    func note(_ beginning: String, _ text: String, _ style: TextStyle, hanging: Int = 6) -> String {
        paint(line(beginning + text.escapedForTerminal, hanging: hanging), style)
    }

    /// Returns a heading: a name and its details, on two lines if the terminal is too narrow for one.
    func heading(_ name: String, _ details: String) -> String {
        guard let width, name.displayWidth + 2 + details.displayWidth > width else {
            return paint(name, .strong) + "  " + details
        }
        return paint(line(name), .strong) + "\n" + line("    " + details, hanging: 4)
    }
}
