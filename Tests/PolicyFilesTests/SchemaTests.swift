import Core
import Foundation
import Testing

@testable import PolicyFiles

/// A mapping whose keys both a reader and a schema know.
struct KnownMapping: CustomTestStringConvertible {
    /// The schema: `config` or `policy`.
    let schema: String
    /// Where the schema has the mapping's keys, as parts joined by slashes.
    let pointer: String
    /// A file with an unknown key in the mapping.
    let file: String

    /// A word that no reader knows.
    static let unknown = "qqqqqqqqqq"

    var testDescription: String { "\(schema) \(pointer)" }

    /// Every mapping whose keys readers check.
    static let all: [KnownMapping] = [
        ("config", "", "qqqqqqqqqq: 1"),
        ("config", "properties/csv", "csv: { qqqqqqqqqq: 1 }"),
        ("config", "properties/limits", "limits: { qqqqqqqqqq: 1 }"),
        ("config", "properties/pace", "pace: { qqqqqqqqqq: 1 }"),
        ("config", "properties/read", "read: { qqqqqqqqqq: 1 }"),
        ("config", "properties/declined", "declined: { qqqqqqqqqq: 1 }"),
        ("config", "properties/metrics", "metrics: { qqqqqqqqqq: 1 }"),
        ("config", "$defs/gateway", "gateway: { qqqqqqqqqq: 1 }"),
        ("config", "$defs/gateway/properties/refresh", "gateway: { refresh: { qqqqqqqqqq: 1 } }"),
        ("config", "properties/notify/items", "notify: [{ qqqqqqqqqq: 1 }]"),
        ("config", "properties/ping", "ping: { qqqqqqqqqq: 1 }"),
        ("config", "$defs/secret", "gateway: { token: { qqqqqqqqqq: 1 } }"),
        ("policy", "", "qqqqqqqqqq: 1"),
        ("policy", "$defs/person/then", "people: { sari: { qqqqqqqqqq: 1 } }"),
        ("policy", "$defs/terms", "teams: { leads: [{ qqqqqqqqqq: 1 }] }"),
        ("policy", "$defs/group", "groups: { 1@g.us: { qqqqqqqqqq: 1 } }"),
        ("policy", "$defs/group/properties/limits", "groups: { 1@g.us: { limits: { qqqqqqqqqq: 1 } } }"),
    ].map(KnownMapping.init)

    /// Returns the keys that the reader lists when it finds an unknown one.
    func keysOfReader() throws -> [String] {
        let folder = try TemporaryFolder(["\(schema == "config" ? "rollcall" : "policy").yaml": file])
        let diagnostics = schema == "config" ? folder.configuration().diagnostics : folder.policies().diagnostics
        for message in diagnostics.map(\.message) {
            guard let list = message.firstMatch(of: /(?:the keys are|`token` takes either) ([^;]*)/) else { continue }
            return list.output.1.matches(of: /`([^`]+)`/).map { String($0.output.1) }
        }
        return []
    }
}

/// A schema in the folder `schemas`, as JSON.
private struct SchemaFile {
    let root: [String: Any]

    init(_ name: String) throws {
        let project = FilePath.folder(of: FilePath.folder(of: FixtureFolder.tests))
        let bytes = try DiskFile.contents(of: "\(project)/Sources/Commands/Schemas/\(name).schema.json")
        root = try #require(JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }

    /// Returns the value at a place.
    func value(at pointer: String) -> [String: Any]? {
        pointer.split(separator: "/").reduce(root) { value, part in value?[String(part)] as? [String: Any] }
    }

    /// Returns the places of all mappings that accept only the listed keys.
    func closedMappings() -> Set<String> {
        var found: Set<String> = []
        var open: [(pointer: [String], value: Any)] = [([], root)]
        while let (pointer, value) = open.popLast() {
            guard let object = value as? [String: Any] else { continue }
            if object["properties"] != nil, object["additionalProperties"] as? Bool == false {
                found.insert(pointer.joined(separator: "/"))
            }
            open += object.map { (pointer + [$0.key], $0.value) }
        }
        return found
    }
}

@Suite("Schemas: the readers' keys")
struct SchemaTests {
    @Test("A schema has the reader's keys, and describes each", arguments: KnownMapping.all)
    func keys(mapping: KnownMapping) throws {
        let schema = try #require(try SchemaFile(mapping.schema).value(at: mapping.pointer))
        #expect(schema["additionalProperties"] as? Bool == false)
        let properties = try #require(schema["properties"] as? [String: [String: Any]])
        let keys = try mapping.keysOfReader()
        #expect(!keys.isEmpty)
        #expect(properties.keys.sorted() == keys.sorted())
        for (key, property) in properties {
            #expect((property["description"] as? String)?.isEmpty == false, "\(key) has no description")
        }
    }

    @Test("Every mapping of a schema has a reader under test", arguments: ["config", "policy"])
    func mappings(name: String) throws {
        let asked = KnownMapping.all.filter { $0.schema == name }.map(\.pointer)
        #expect(try SchemaFile(name).closedMappings() == Set(asked))
    }

    @Test("The defaults in the schema are the reader's")
    func defaults() throws {
        let folder = try TemporaryFolder([
            "rollcall.yaml": "gateway: { url: https://gateway.example.com }\npolicies: [policies]"
        ])
        let standard = try #require(folder.configuration().configuration)
        let schema = try SchemaFile("config")
        var text = "gateway: { url: https://gateway.example.com }\n"
        for (key, property) in try #require(schema.value(at: "properties")) {
            let property = try #require(property as? [String: Any])
            if let value = property["default"] {
                text += try "\(key): \(json(value))\n"
            } else if let members = property["properties"] as? [String: [String: Any]] {
                let defaults = try members.compactMap { member, value in
                    try value["default"].map { try "\(member): \(json($0))" }
                }
                if !defaults.isEmpty { text += "\(key): { \(defaults.joined(separator: ", ")) }\n" }
            }
        }
        #expect(text.contains("group_size: 1024") && text.contains("settle: \"5s\""))
        try folder.write("rollcall.yaml", text)
        let reading = folder.configuration()
        #expect(reading.diagnostics == [])
        var written = try #require(reading.configuration)
        written.policyLocations = standard.policyLocations
        #expect(written == standard)
    }

    private func json(_ value: Any) throws -> String {
        String(decoding: try JSONSerialization.data(withJSONObject: value, options: .fragmentsAllowed), as: UTF8.self)
    }
}
