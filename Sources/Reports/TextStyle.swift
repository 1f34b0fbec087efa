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

    /// Returns the text with the style's escape sequences around it.
    func applied(to text: String) -> String { "\u{1B}[\(code)m\(text)\u{1B}[0m" }
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

    func paint(_ text: String, _ style: TextStyle) -> String { usesColor ? style.applied(to: text) : text }
}
