/// Reads escaped Markdown as platforms show it: runs of text between tags and comments.
///
/// Knows what `defusedForMarkdown` writes, and rejects everything else that Markdown could act on.
struct MarkdownReader {
    /// Something that a renderer might act on.
    struct Live: Error {
        let character: Unicode.Scalar
    }

    /// The texts between tags and comments, in order.
    let runs: [String]

    /// Reads a line.
    init(_ markdown: String) throws {
        var runs = [""]
        var rest = Array(markdown.unicodeScalars)[...]
        func take(_ prefix: String) -> Bool {
            guard rest.starts(with: Array(prefix.unicodeScalars)) else { return false }
            rest = rest.dropFirst(prefix.unicodeScalars.count)
            return true
        }
        while let scalar = rest.first {
            if ["<!-- -->", "<span>", "</span>"].contains(where: take) {
                runs.append("")
            } else if let (_, character) = Self.entities.first(where: { take($0.name) }) {
                runs[runs.count - 1].append(character)
            } else if scalar == "\\", let next = rest.dropFirst().first, Self.isPunctuation(next) {
                runs[runs.count - 1].unicodeScalars.append(next)
                rest = rest.dropFirst(2)
            } else if Self.isHarmless(scalar) {
                runs[runs.count - 1].unicodeScalars.append(scalar)
                rest = rest.dropFirst()
            } else {
                throw Live(character: scalar)
            }
        }
        self.runs = runs
    }

    /// The whole shown text.
    var text: String { runs.joined() }

    private static let entities: [(name: String, character: String)] = [
        ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&#32;", " "), ("&#36;", "$"), ("&#92;", "\\"), ("&#124;", "|"),
        ("&#160;", "\u{A0}"), ("&#8195;", "\u{2003}"),
    ]

    private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII && !scalar.properties.isAlphabetic && !("0"..."9").contains(scalar) && scalar > " "
    }

    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        !isPunctuation(scalar) && scalar.properties.generalCategory != .control
            || "\"'(,;?".unicodeScalars.contains(scalar)
    }
}
