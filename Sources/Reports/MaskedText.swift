extension String {
    /// The text with every number of a person in it cut down to its end: what policies, gateways, strangers and old group ids
    /// may hold of them.
    ///
    /// A number is seven to fifteen digits, in a row or with what people put between them. The ids of groups are longer; dates,
    /// school years and internet addresses are left as they are.
    var withoutNumbersOfPeople: String {
        var result = UnicodeScalarView()
        var rest = unicodeScalars[...]
        while let first = rest.first {
            if let run = DigitRun(at: rest) {
                result.append(contentsOf: run.shown)
                rest = rest[run.end...]
            } else {
                result.append(first)
                rest.removeFirst()
            }
        }
        return String(result)
    }
}

/// Digits that stand together, with what people put between the parts of a number.
private struct DigitRun {
    /// The place behind its last digit.
    let end: String.UnicodeScalarView.Index
    private let text: Substring.UnicodeScalarView
    /// The digits that stand directly beside each other.
    private var chunks: [Substring.UnicodeScalarView] = []
    private let hasSign: Bool

    /// The run that begins where a text does, with or without a plus sign; nil where none does.
    init?(at text: Substring.UnicodeScalarView) {
        // Anything else is left at once: a long row of blanks must not be looked through from each of them.
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

    /// The run as it may be shown.
    var shown: String.UnicodeScalarView {
        let count = chunks.reduce(0) { $0 + $1.count }
        guard count >= 7, !isDates, !isAddress else { return String.UnicodeScalarView(text) }
        // Several numbers in a row, or the two parts of an old group's id.
        let isSeveral = chunks.count > 1 && chunks.allSatisfy { $0.count >= 7 }
        if chunks.count == 1 || isSeveral { return showingEach }
        var digits = String.UnicodeScalarView()
        for chunk in chunks { digits.append(contentsOf: chunk) }
        return (hasSign ? String("+").unicodeScalars : String.UnicodeScalarView()) + Self.cut(digits[...])
    }

    /// Each chunk by itself; one that is longer than any number stays.
    private var showingEach: String.UnicodeScalarView {
        var result = String.UnicodeScalarView()
        var place = text.startIndex
        for chunk in chunks {
            result.append(contentsOf: text[place..<chunk.startIndex])
            if chunk.count <= 15 {
                result.append(contentsOf: Self.cut(chunk))
            } else {
                result.append(contentsOf: chunk)
            }
            place = chunk.endIndex
        }
        return result
    }

    private static func cut(_ digits: Substring.UnicodeScalarView) -> String.UnicodeScalarView {
        var result = String("•••").unicodeScalars
        result.append(contentsOf: digits.suffix(digits.count < 9 ? 2 : 4))
        return result
    }

    /// Whether it is dates or years and what counts them: four digits of this century or the last, and parts of two at most.
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
