/// Whether a text looks like a token or a password; no message may repeat such a text.
///
/// It does if a word starts like a gateway key (`wa_`) or login token (`eyJ`), if there is a `:` before an `@`, or if a
/// word looks random.
package func mayBeSecret(_ text: String) -> Bool {
    if let end = text.utf8.lastIndex(of: UInt8(ascii: "@")), text.utf8[..<end].contains(UInt8(ascii: ":")) {
        return true
    }
    return text.utf8.split { Script($0) == nil }.contains { word in
        let rest = text.utf8[word.startIndex...]
        return rest.starts(with: "wa_".utf8) || rest.starts(with: "eyJ".utf8) || isRandom(word)
    }
}

/// Whether a word looks random: very long, or switching between lower case, upper case and digits more than once.
private func isRandom(_ word: Substring.UTF8View) -> Bool {
    let scripts = word.map { Script($0) }
    if scripts.count > 24 { return scripts.contains { $0 != .digit } }
    return scripts.count > 8 && zip(scripts, scripts.dropFirst()).count(where: !=) > 1
}

/// The kinds of characters in a word.
private enum Script {
    case small
    case capital
    case digit

    /// Nil for word separators; letters outside ASCII count as such, since no token has them.
    init?(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"): self = .small
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): self = .capital
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self = .digit
        default: return nil
        }
    }
}
