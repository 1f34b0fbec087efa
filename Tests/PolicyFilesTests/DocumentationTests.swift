import Core
import Foundation
import Testing

@testable import PolicyFiles

@Suite("Documentation: docs/policy.md")
struct DocumentationTests {
    /// Returns the text of a project file.
    private func text(_ name: String) throws -> String {
        let root = FilePath.folder(of: FilePath.folder(of: FixtureFolder.tests))
        return String(decoding: try DiskFile.contents(of: "\(root)/\(name)"), as: UTF8.self)
    }

    /// Returns the fenced examples: language and lines.
    private func examples() throws -> [(language: String, lines: [Substring])] {
        let text = try text("docs/policy.md")
        var examples: [(language: String, lines: [Substring])] = []
        var isInside = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                isInside.toggle()
                if isInside { examples.append((String(line.dropFirst(3)), [])) }
            } else if isInside {
                examples[examples.count - 1].lines.append(line)
            }
        }
        return examples
    }

    @Test("The examples that name their files form valid policies")
    func files() throws {
        let folder = try TemporaryFolder()
        var names: [String] = []
        for (language, lines) in try examples() {
            guard let first = lines.first, first.hasPrefix("# "), first.contains(".") else { continue }
            names.append(String(first.dropFirst(2)))
            let isTable = language == "csv"
            try folder.write(
                String(first.dropFirst(2)), lines.dropFirst(isTable ? 1 : 0).joined(separator: "\n") + "\n")
        }
        #expect(names.count == 7)
        let reading = folder.configuration()
        #expect(reading.diagnostics == [])
        let policies = PolicyReader.read(try #require(reading.configuration))
        #expect(policies.diagnostics == [])
        #expect(policies.policies?.counts == PolicyCounts(files: 6, people: 14, teams: 3, groups: 6))
    }

    @Test("The examples of a whole configuration show the defaults")
    func configurations() throws {
        var count = 0
        for (_, lines) in try examples() {
            guard let first = lines.first, first == "version: 1" || first == "gateways:" else { continue }
            count += 1
            let folder = try TemporaryFolder(["rollcall.yaml": lines.joined(separator: "\n")])
            let configuration = try #require(folder.configuration().configuration)
            #expect(configuration.limits == Limits())
            #expect(configuration.pace == Pace())
            #expect(configuration.declined == DeclinedRule())
            #expect(!configuration.allowsTablesOutside)
            #expect(configuration.readConcurrency == 8 && configuration.readTimeout == .seconds(30))
        }
        #expect(count == 2)
    }

    @Test("Every key of a schema is documented", arguments: ["config", "policy"]) func keys(schema: String) throws {
        let text = try text("docs/policy.md")
        let code = try examples().flatMap(\.lines) + text.matches(of: #/`([^`\n]+)`/#).map(\.1)
        let words = Set(code.flatMap { $0.matches(of: #/[a-z_]+/#).map { String($0.0) } })
        let keys = Self.keys(
            in: try JSONSerialization.jsonObject(
                with: Data(try self.text("Sources/Commands/Schemas/\(schema).schema.json").utf8)))
        #expect(keys.count > 25)
        #expect(keys.subtracting(words) == [])
    }

    @Test("Every configuration key has its own table row") func rows() throws {
        let rows = try text("docs/policy.md").split(separator: "\n").filter { $0.hasPrefix("| `") }
        let named = Set(rows.compactMap { $0.firstMatch(of: #/`([a-z_.…]+)`/#).map { String($0.1) } })
        let schema = try JSONSerialization.jsonObject(
            with: Data(try text("Sources/Commands/Schemas/config.schema.json").utf8))
        let properties = try #require((schema as? [String: Any])?["properties"] as? [String: Any])
        for (key, value) in properties {
            let below = (value as? [String: Any])?["properties"] as? [String: Any]
            for path in below?.keys.map({ "\(key).\($0)" }) ?? [key] { #expect(named.contains(path)) }
        }
    }

    /// Returns the names of all properties in a schema.
    private static func keys(in schema: Any) -> Set<String> {
        if let list = schema as? [Any] { return list.reduce(into: []) { $0.formUnion(keys(in: $1)) } }
        guard let object = schema as? [String: Any] else { return [] }
        let own = (object["properties"] as? [String: Any]).map { Set($0.keys) } ?? []
        return object.values.reduce(into: own) { $0.formUnion(keys(in: $1)) }
    }
}
