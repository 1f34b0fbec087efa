import Core
import Goldens
import Testing

@testable import PolicyFiles

@Suite("Malformed files: the messages")
struct MalformedFileTests {
    @Test("Many malformed cases exist, each with its golden text")
    func cases() {
        #expect(FixtureFolder.cases("policies").count + FixtureFolder.cases("configurations").count >= 50)
    }

    @Test("A malformed policy gives its golden messages", arguments: FixtureFolder.cases("policies"))
    func policy(name: String) {
        let folder = "\(FixtureFolder.tests)/Fixtures/policies"
        let reading: PolicyReading
        if name.hasSuffix(".yaml") {
            reading = PolicyReader.read(patterns: [name], relativeTo: folder)
        } else if let configuration = ConfigurationReader.read(
            path: "\(folder)/\(name)/rollcall.yaml", environment: [:]
        ).configuration {
            reading = PolicyReader.read(configuration)
        } else {
            reading = PolicyReader.read(patterns: ["."], relativeTo: "\(folder)/\(name)")
        }
        #expect(reading.policies == nil)
        #expect(reading.diagnostics == reading.diagnostics.sorted())
        compare(reading.diagnostics, with: "policies/\(name)", folder: "\(folder)/\(name)/")
    }

    @Test("A malformed configuration gives its golden messages", arguments: FixtureFolder.cases("configurations"))
    func configuration(name: String) {
        let folder = "\(FixtureFolder.tests)/Fixtures/configurations/"
        let reading = ConfigurationReader.read(path: folder + name, environment: [:])
        #expect(reading.outcome == .invalid)
        compare(reading.diagnostics, with: "configurations/\(name)", folder: folder)
    }

    @Test("No message repeats a secret", arguments: FixtureFolder.cases("configurations"))
    func secrets(name: String) {
        let path = "\(FixtureFolder.tests)/Fixtures/configurations/\(name)"
        let messages = ConfigurationReader.read(path: path, environment: [:]).diagnostics.map(\.message).joined()
        for secret in ["0123456789", "hunter2", "eyJ", "sk9T"] {
            #expect(!messages.contains(secret))
        }
    }

    private func compare(_ diagnostics: [Diagnostic], with name: String, folder: String) {
        // The project's folder differs from machine to machine.
        let text = diagnostics.map { $0.description.replacing(folder, with: "") + "\n" }.joined()
        #expect(GoldenFolder().complaint(about: text, as: name) == nil)
    }
}
