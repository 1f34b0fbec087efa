import Membership
import Testing

@testable import PolicyFiles

@Suite("Documentation: docs/policy.md")
struct DocumentationTests {
    /// The fenced examples: language and lines.
    private func examples() throws -> [(language: String, lines: [Substring])] {
        let root = FilePath.folder(of: FilePath.folder(of: FixtureFolder.tests))
        let text = String(decoding: try DiskFile.contents(of: root + "/docs/policy.md"), as: UTF8.self)
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

    @Test("the examples that name their files are a set of policies without a mistake")
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

    @Test("the examples of a whole configuration say what the defaults are")
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
}
