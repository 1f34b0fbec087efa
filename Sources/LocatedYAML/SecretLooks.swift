/// Whether a text may be a token or a password, by its looks, so that no message repeats it.
///
/// Three things give one away: a word that begins as the gateway's keys and login tokens do, a password before an `@`,
/// and a word of letters and digits that nobody would choose for a name.
package func mayBeSecret(_ text: String) -> Bool {
    if let end = text.utf8.lastIndex(of: UInt8(ascii: "@")), text.utf8[..<end].contains(UInt8(ascii: ":")) {
        return true
    }
    return text.utf8.split { Script($0) == nil }.contains { word in
        let rest = text.utf8[word.startIndex...]
        return rest.starts(with: "wa_".utf8) || rest.starts(with: "eyJ".utf8) || isRandom(word)
    }
}

/// Whether a word looks thrown together: endless, or turning from letters to digits or capitals more than once.
private func isRandom(_ word: Substring.UTF8View) -> Bool {
    let scripts = word.map { Script($0) }
    if scripts.count > 24 { return scripts.contains { $0 != .digit } }
    return scripts.count > 8 && zip(scripts, scripts.dropFirst()).count(where: !=) > 1
}

/// The kinds of characters that a word is made of.
private enum Script {
    case small
    case capital
    case digit

    /// Nil for what parts words; letters beyond ASCII do, since no token has them.
    init?(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"): self = .small
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): self = .capital
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self = .digit
        default: return nil
        }
    }
}
