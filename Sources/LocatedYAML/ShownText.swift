/// Escapes untrusted text for use between backticks in a message.
///
/// Cuts it to 60 characters, and escapes the characters a terminal would act on or hide.
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

/// Escapes untrusted text as one line, uncut: every character a terminal would act on or hide.
package func visible(_ text: some StringProtocol) -> String { text.unicodeScalars.map { visible($0) }.joined() }

private func visible(_ scalar: Unicode.Scalar) -> String {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: escape(scalar)
    default: String(scalar)
    }
}

private func escape(_ scalar: Unicode.Scalar) -> String { "\\u{\(String(scalar.value, radix: 16, uppercase: true))}" }
