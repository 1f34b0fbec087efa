import Foundation

/// The page with the result table between two HTML comments; the rest is written by hand.
struct PerformancePage {
    let path: String

    private static let start = "<!-- the table begins: make bench writes what follows -->\n"
    private static let end = "<!-- the table ends -->\n"

    /// Replaces the table.
    func replaceTable(by table: String) throws {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        guard let start = text.range(of: Self.start), let end = text.range(of: Self.end),
            start.upperBound <= end.lowerBound
        else {
            throw Complaint("\(path) has no two comments around the table.")
        }
        let page = text[..<start.upperBound] + "\n" + table + "\n" + text[end.lowerBound...]
        try page.write(toFile: path, atomically: true, encoding: .utf8)
    }
}
