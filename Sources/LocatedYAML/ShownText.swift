/// A text of unknown origin, fit to stand between backticks in one line of a message.
///
/// Long texts are cut, and characters that a terminal would act on or hide are written as escapes.
package func shown(_ text: some StringProtocol) -> String {
    let most = 60
    var shown = ""
    for (count, scalar) in text.unicodeScalars.enumerated() {
        if count == most {
            shown += "…"
            break
        }
        shown += scalar == "`" ? escape(scalar) : visible(scalar)
    }
    return shown
}

/// A text of unknown origin as one line, whole, in which characters that a terminal would act on or hide are escapes.
package func visible(_ text: some StringProtocol) -> String { text.unicodeScalars.map { visible($0) }.joined() }

private func visible(_ scalar: Unicode.Scalar) -> String {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: escape(scalar)
    default: String(scalar)
    }
}

private func escape(_ scalar: Unicode.Scalar) -> String {
    "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
}
