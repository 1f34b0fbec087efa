import Foundation
import Testing

@Suite("Documentation: docs/architecture.md") struct ArchitectureDocumentationTests {
    /// The texts of all Swift files and headers, by file name.
    private let sources: [String: String]
    private let page: String

    init() throws {
        let root = URL(fileURLWithPath: Program.sources)
        page = try String(contentsOf: root.appendingPathComponent("docs/architecture.md"), encoding: .utf8)
        var sources: [String: String] = [:]
        for folder in ["Sources", "Tests"] {
            let files = FileManager.default.enumerator(
                at: root.appendingPathComponent(folder), includingPropertiesForKeys: nil)
            for case let file as URL in try #require(files) where ["swift", "h"].contains(file.pathExtension) {
                sources[file.lastPathComponent, default: ""] += try String(contentsOf: file, encoding: .utf8)
            }
        }
        self.sources = sources
    }

    private func quoted(in text: Substring) -> [Substring] { text.matches(of: /`([^`\n]+)`/).map(\.output.1) }

    private func isFile(_ name: Substring) -> Bool { name.hasSuffix(".swift") || name.hasSuffix(".h") }

    @Test("Every named file exists") func files() {
        let names = quoted(in: page[...]).filter(isFile).map { $0.split(separator: "/").last ?? $0 }
        #expect(names.count > 80)
        for name in Set(names) where name != "Package.swift" { #expect(sources[String(name)] != nil, "\(name)") }
    }

    @Test("Every function on the three ways is in one of the files on its line") func functions() throws {
        let start = try #require(page.range(of: "## Three ways"))
        let end = try #require(page.range(of: "## Where to begin"))
        var count = 0
        for line in page[start.upperBound..<end.lowerBound].split(separator: "\n") {
            guard line.first?.isNumber == true, let colon = line.range(of: ": ") else { continue }
            let texts = quoted(in: line).filter(isFile).map {
                sources[String($0.split(separator: "/").last ?? $0)] ?? ""
            }
            for name in quoted(in: line[colon.upperBound...]) where !isFile(name) {
                let last = name.prefix { $0 != "(" }.split(separator: ".").last ?? name
                #expect(texts.contains { $0.contains(last) }, "\(name) in: \(line)")
                count += 1
            }
        }
        #expect(count > 120)
    }
}
