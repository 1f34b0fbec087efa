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
        if isHarmless(scalar) {
            shown.unicodeScalars.append(scalar)
        } else {
            shown += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
        }
    }
    return shown
}

private func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
    default: scalar != "`"
    }
}
