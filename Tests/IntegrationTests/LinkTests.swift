import Foundation
import Testing

@Suite("Links in the documentation") struct LinkTests {
    /// The pages, by path in the project.
    private static let pages: [String] = {
        let files = FileManager.default
        func below(_ folder: String) -> [String] {
            let names = files.enumerator(atPath: "\(Program.sources)/\(folder)")?.allObjects ?? []
            return names.compactMap { $0 as? String }.filter { $0.hasSuffix(".md") }.map { "\(folder)/\($0)" }.sorted()
        }
        return ["README.md", "CONTRIBUTING.md"] + below("docs") + below("examples")
    }()

    @Test("Links in the documentation lead to existing files and headings", arguments: pages)
    func leadSomewhere(page: String) throws {
        let folder = URL(fileURLWithPath: "\(Program.sources)/\(page)").deletingLastPathComponent()
        for link in try MarkdownPage(page).links where link.target.firstMatch(of: #/^[a-z]+:/#) == nil {
            let parts = link.target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(
                String.init)
            let target = parts[0].isEmpty ? page : try path(of: parts[0], from: folder)
            let file = "\(Program.sources)/\(target)"
            #expect(FileManager.default.fileExists(atPath: file), "\(page):\(link.line): \(link.target)")
            if parts.count == 2, target.hasSuffix(".md"), FileManager.default.fileExists(atPath: file) {
                #expect(try MarkdownPage(target).anchors.contains(parts[1]), "\(page):\(link.line): \(link.target)")
            }
        }
    }

    @Test("Links are found in all pages that a reader starts with") func pagesAreFound() throws {
        #expect(Self.pages.contains("docs/guide.md") && Self.pages.contains("examples/running/README.md"))
        #expect(try MarkdownPage("README.md").links.count > 10)
        let guide = try MarkdownPage("docs/guide.md")
        #expect(guide.links.contains { $0.target == "#your-first-group" })
        #expect(guide.anchors.contains("the-same-with-a-real-gateway"))
    }

    @Test("The README lists every page of docs") func listed() throws {
        let named = Set(try MarkdownPage("README.md").links.map(\.target))
        #expect(Self.pages.filter { $0.hasPrefix("docs/") && !named.contains($0) } == [])
    }

    /// Returns a path in the project; fails for a link out of it.
    private func path(of target: String, from folder: URL) throws -> String {
        let whole = folder.appendingPathComponent(target).standardizedFileURL.path
        let root = "\(Program.sources)/"
        #expect(whole.hasPrefix(root), "\(target) leads out of the project")
        return String(whole.dropFirst(root.count))
    }
}
