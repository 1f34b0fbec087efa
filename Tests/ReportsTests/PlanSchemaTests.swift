import Core
import Foundation
import Reconciliation
import Reports
import RunLedger
import Testing

@Suite("The plan schema") struct PlanSchemaTests {
    /// The schema as JSON.
    private func schema() throws -> [String: Any] {
        let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try object(Data(contentsOf: project.appendingPathComponent("Sources/Commands/Schemas/plan.schema.json")))
    }

    private func object(_ data: Data) throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    /// Returns a plan with one of everything.
    private func plan() throws -> Plan {
        let key = GroupKey(
            gateway: .default, session: try #require(SessionID("S1")), group: try #require(GroupID("1@g.us")))
        let phone = try #require(PhoneNumber(digits: 6_281_230_000_001))
        let group = GroupPlan(
            key: key, name: nil, limits: Limits(),
            actions: [
                PlannedAction(
                    operation: .add, phone: phone, source: SourceLocation(file: "policies/a.yaml", line: 4, column: 9))
            ],
            holds: [Hold(reason: .keep, phone: phone)], warnings: [.foreignEntryCount(1)], fault: .notAdmin)
        return Plan(policyDigest: "sha256:" + String(repeating: "ab", count: 32), groups: [group])
    }

    /// Returns the plan as saved.
    private func saved() throws -> [String: Any] {
        let text = PlanFile.text(
            of: try plan(), id: try #require(RunID("01ARZ3NDEKTSV4RRFFQ69G5FAV")),
            createdAt: Timestamp(milliseconds: 0), acceptsRemovals: false, retriesDeclined: false)
        return try object(Data(text.utf8))
    }

    @Test("The schema has a plan's keys, and requires all except those of saved plans") func keys() throws {
        let schema = try schema()
        let saved = try saved()
        let printed = try object(
            Data(
                PlanJSON.document(
                    try plan(), id: try #require(RunID("01ARZ3NDEKTSV4RRFFQ69G5FAV")),
                    createdAt: Timestamp(milliseconds: 0)
                ).rendered().utf8))
        let properties = try #require(schema["properties"] as? [String: [String: Any]])
        #expect(properties.keys.sorted() == saved.keys.sorted())
        #expect((schema["required"] as? [String])?.sorted() == printed.keys.sorted())
        let onlySaved = Set(saved.keys).subtracting(printed.keys)
        #expect(onlySaved == ["digest", "accepts_removals", "retries_declined"])
        #expect((schema["dependentRequired"] as? [String: [String]])?.keys.sorted() == onlySaved.sorted())

        let group = try #require((saved["groups"] as? [[String: Any]])?.first)
        let definitions = try #require(schema["$defs"] as? [String: [String: Any]])
        let parts: [(schema: [String: Any]?, value: Any?)] = [
            (properties["summary"], saved["summary"]), (definitions["group"], group),
            (definitions["action"], (group["actions"] as? [Any])?.first),
            (definitions["hold"], (group["holds"] as? [Any])?.first),
            (definitions["warning"], (group["warnings"] as? [Any])?.first), (definitions["error"], group["error"]),
        ]
        for (schema, value) in parts {
            let keys = try #require(value as? [String: Any]).keys.sorted()
            #expect((schema?["properties"] as? [String: Any])?.keys.sorted() == keys)
            #expect((schema?["required"] as? [String])?.sorted() == keys)
        }
    }

    @Test("The schema knows every operation, and the format") func words() throws {
        let schema = try schema()
        let format = (schema["properties"] as? [String: [String: Any]])?["format"]?["const"] as? String
        #expect(try saved()["format"] as? String == format)
        let action = (schema["$defs"] as? [String: [String: Any]])?["action"]?["properties"] as? [String: [String: Any]]
        #expect(action?["op"]?["enum"] as? [String] == Core.Operation.allCases.map(\.rawValue))
    }
}
