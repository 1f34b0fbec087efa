extension String {
    /// The text with every phone number reduced to its last digits, for people who know it: `•••7890`.
    package var withMaskedNumbers: String { replacingNumbers { "•••" + String($0.suffix($0.count < 9 ? 2 : 4)) } }

    /// The text with every phone number replaced by `[number]`, for logs.
    package var withoutNumbers: String { replacingNumbers { _ in "[number]" } }

    /// Returns the text with every phone number replaced, separators included.
    ///
    /// A phone number has seven to fifteen digits, with or without separators. Group ids are longer and stay. Dates,
    /// school years and IP addresses stay too.
    private func replacingNumbers(_ replace: (String.UnicodeScalarView) -> String) -> String {
        var result = UnicodeScalarView()
        var rest = unicodeScalars[...]
        while let first = rest.first {
            if let run = DigitRun(at: rest) {
                result.append(contentsOf: run.replaced(by: replace))
                rest = rest[run.end...]
            } else {
                result.append(first)
                rest.removeFirst()
            }
        }
        return String(result)
    }
}

/// Digits with the separators that people put between the parts of a number.
private struct DigitRun {
    /// The index after the last digit.
    let end: String.UnicodeScalarView.Index
    private let text: Substring.UnicodeScalarView
    /// The digits between separators.
    private var chunks: [Substring.UnicodeScalarView] = []
    private let hasSign: Bool

    /// Reads a run at the start of a text, with or without a plus sign; nil if there is none.
    init?(at text: Substring.UnicodeScalarView) {
        // A quick exit: scanning on from each of many spaces would take quadratic time.
        guard let first = text.first, first == "+" || Self.isDigit(first) else { return nil }
        hasSign = first == "+"
        var rest = hasSign ? text.dropFirst() : text
        var end = rest.startIndex
        while true {
            let between = rest.prefix(while: Self.isBetween)
            let chunk = rest[between.endIndex...].prefix(while: Self.isDigit)
            guard !chunk.isEmpty else { break }
            chunks.append(chunk)
            end = chunk.endIndex
            rest = rest[end...]
        }
        guard !chunks.isEmpty else { return nil }
        self.end = end
        self.text = text[..<end]
    }

    /// Returns the run, replaced if it is a phone number; a plus sign stays.
    func replaced(by replace: (String.UnicodeScalarView) -> String) -> String.UnicodeScalarView {
        let count = chunks.reduce(0) { $0 + $1.count }
        guard count >= 7, !isDates, !isAddress else { return String.UnicodeScalarView(text) }
        // Several numbers in a row, or the two parts of an old group id.
        if chunks.count == 1 || chunks.allSatisfy({ $0.count >= 7 }) { return replacedEach(by: replace) }
        var digits = String.UnicodeScalarView()
        for chunk in chunks { digits.append(contentsOf: chunk) }
        return (hasSign ? String("+").unicodeScalars : String.UnicodeScalarView()) + replace(digits).unicodeScalars
    }

    /// Returns the run with each chunk replaced on its own; a chunk longer than any phone number stays.
    private func replacedEach(by replace: (String.UnicodeScalarView) -> String) -> String.UnicodeScalarView {
        var result = String.UnicodeScalarView()
        var position = text.startIndex
        for chunk in chunks {
            result.append(contentsOf: text[position..<chunk.startIndex])
            result.append(
                contentsOf: chunk.count <= 15
                    ? replace(String.UnicodeScalarView(chunk)).unicodeScalars : String.UnicodeScalarView(chunk))
            position = chunk.endIndex
        }
        return result
    }

    /// Whether it is dates or years: four digits that begin with 19 or 20, and other parts of at most two digits.
    private var isDates: Bool {
        guard !hasSign, chunks.contains(where: Self.isYear) else { return false }
        return chunks.allSatisfy { $0.count <= 2 || Self.isYear($0) }
    }

    private static func isYear(_ chunk: Substring.UnicodeScalarView) -> Bool {
        chunk.count == 4 && (chunk.starts(with: "19".unicodeScalars) || chunk.starts(with: "20".unicodeScalars))
    }

    /// Whether it is an IPv4 address.
    private var isAddress: Bool {
        guard !hasSign, chunks.count == 4, text.count(where: { $0 == "." }) == 3,
            text.allSatisfy({ $0 == "." || ("0"..."9").contains($0) })
        else { return false }
        return chunks.allSatisfy { chunk in UInt8(String(chunk)) != nil && (chunk.count == 1 || chunk.first != "0") }
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII ? ("0"..."9").contains(scalar) : scalar.properties.numericType == .decimal
    }

    private static func isBetween(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return " -.()/_\t\r\n".unicodeScalars.contains(scalar) }
        return switch scalar.properties.generalCategory {
        case .spaceSeparator, .dashPunctuation, .format, .nonspacingMark, .connectorPunctuation: true
        default: scalar == "·"
        }
    }
}
