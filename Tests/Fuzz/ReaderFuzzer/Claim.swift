import Glibc

/// Ends the process with a sentence unless a condition holds; the fuzzer then keeps the input.
func claim(_ holds: Bool, _ sentence: @autoclosure () -> String) {
    guard !holds else { return }
    giveUp("A claim does not hold: \(sentence())")
}

/// Ends the process with a sentence; the fuzzer sees a crash and keeps the input.
func giveUp(_ sentence: String) -> Never {
    writeToErrors(sentence)
    abort()
}

/// Writes a line to standard error.
func writeToErrors(_ line: String) {
    let bytes = Array("\(line)\n".utf8)
    _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
}

/// Claims that a text is one line of bounded length, without characters that a terminal acts on.
func claimOneSafeLine(_ text: String, most: Int = 1_500) {
    claim(!text.isEmpty, "a message is empty")
    claim(text.unicodeScalars.count <= most, "a message has \(text.unicodeScalars.count) characters: \(text)")
    for scalar in text.unicodeScalars {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse:
            claim(
                false,
                "the character U+\(String(scalar.value, radix: 16)) is in the message \(text.debugDescription)")
        default: break
        }
    }
}
