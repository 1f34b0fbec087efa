/// How a piece of text is set off on a terminal that shows colours.
package enum TextStyle: Sendable {
    /// Something gained.
    case added
    /// Something raised.
    case changed
    /// Something lowered.
    case lowered
    /// Something taken away, or gone wrong.
    case removed
    /// Something to look at.
    case caution
    /// Something of less weight.
    case faint
    /// A heading.
    case strong

    private var code: String {
        switch self {
        case .added: "32"
        case .changed: "36"
        case .removed: "1;31"
        case .lowered, .caution: "33"
        case .faint: "2"
        case .strong: "1"
        }
    }

    /// The text with the style's escape sequences around it.
    func applied(to text: String) -> String { "\u{1B}[\(code)m\(text)\u{1B}[0m" }
}

/// Sets text in styles, or leaves it plain where no colours are wanted.
package struct Painter: Sendable {
    private let usesColor: Bool
    /// How many columns the terminal has that the text goes to; nil where it goes elsewhere, and lines may be of any length.
    let width: Int?

    /// Paints only where colours are wanted.
    package init(usesColor: Bool, width: Int? = nil) {
        self.usesColor = usesColor
        self.width = width
    }

    func paint(_ text: String, _ style: TextStyle) -> String { usesColor ? style.applied(to: text) : text }
}
