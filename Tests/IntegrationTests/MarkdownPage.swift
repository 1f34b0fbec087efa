import Foundation

/// The parts of a documentation page that tests need.
struct MarkdownPage {
    /// A fenced block.
    struct Block {
        /// The language after the opening fence.
        let language: String
        /// The lines.
        let text: String
    }

    /// A table below the nearest heading.
    struct Table {
        /// The heading, without its marks.
        let heading: String
        /// The cells of the header row.
        let header: [String]
        /// The cells of the rows below the rule.
        var rows: [[String]]
    }

    /// A link to another place.
    struct Link {
        /// The line, from 1.
        let line: Int
        /// The link's target.
        let target: String
    }

    /// The fenced blocks, in order.
    private(set) var blocks: [Block] = []
    /// The tables, in order.
    private(set) var tables: [Table] = []
    /// The links outside code, in order.
    private(set) var links: [Link] = []
    /// The anchors of the headings, by GitHub's rule.
    private(set) var anchors: Set<String> = []

    /// Reads a page by path in the project.
    init(_ path: String) throws {
        let text = try String(contentsOfFile: "\(Program.sources)/\(path)", encoding: .utf8)
        var heading = ""
        var fenced: (language: String, lines: [String])?
        var isInTable = false
        for (index, line) in text.components(separatedBy: "\n").enumerated() {
            if let open = fenced {
                if line == "```" {
                    blocks.append(Block(language: open.language, text: open.lines.joined(separator: "\n")))
                    fenced = nil
                } else {
                    fenced?.lines.append(line)
                }
                continue
            }
            if line.hasPrefix("```") {
                fenced = (String(line.dropFirst(3)), [])
            } else if let title = line.wholeMatch(of: #/#{1,6} +(.+)/#) {
                heading = String(title.1)
                addAnchor(for: heading)
            }
            readLinks(of: line, at: index + 1)
            if line.hasPrefix("|") {
                readRow(line, below: heading, isFirst: !isInTable)
            }
            isInTable = line.hasPrefix("|")
        }
    }

    /// Returns the texts between backticks.
    static func code(in text: String) -> [String] { text.matches(of: #/`([^`]+)`/#).map { String($0.1) } }

    private mutating func readLinks(of line: String, at number: Int) {
        // A link in code does not count; code in a link's text does.
        let plain = line.replacing(#/`[^`]*`/#, with: "code")
        for link in plain.matches(of: #/\]\(([^()\s]+)\)/#) { links.append(Link(line: number, target: String(link.1))) }
    }

    private mutating func readRow(_ line: String, below heading: String, isFirst: Bool) {
        let cells = line.trimmingCharacters(in: CharacterSet(charactersIn: "| ")).components(separatedBy: " | ")
            .map { $0.trimmingCharacters(in: .whitespaces) }
        if isFirst {
            tables.append(Table(heading: heading, header: cells, rows: []))
        } else if !cells.allSatisfy({ $0.allSatisfy { "-:| ".contains($0) } }) || cells.joined().isEmpty {
            tables[tables.count - 1].rows.append(cells)
        }
    }

    private mutating func addAnchor(for heading: String) {
        let shown = heading.replacing(#/\[([^\]]*)\]\([^)]*\)/#) { String($0.1) }
        let kept = shown.lowercased().filter { $0.isLetter || $0.isNumber || " -_".contains($0) }
        let anchor = kept.replacing(" ", with: "-")
        var unused = anchor
        var count = 0
        while anchors.contains(unused) {
            count += 1
            unused = "\(anchor)-\(count)"
        }
        anchors.insert(unused)
    }
}
