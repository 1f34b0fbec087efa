import Core
import Foundation
import Reconciliation
import Reports
import Testing

@Suite("Plans in Markdown") struct PlanMarkdownTests {
    private func phone(_ number: Int) throws -> PhoneNumber {
        try #require(PhoneNumber(digits: 6_281_230_000_000 + UInt64(number)))
    }

    private func group(_ number: Int, name: String, adds: Int = 0, removes: Int = 0) throws -> GroupPlan {
        let key = GroupKey(
            gateway: .default, session: try #require(SessionID("S1")),
            group: try #require(GroupID("\(120_363_000_000_000_000 + number)@g.us")))
        let source = SourceLocation(file: "policies/a.yaml", line: 4, column: 9)
        func actions(_ operation: Core.Operation, _ count: Int, from first: Int) throws -> [PlannedAction] {
            try (0..<count).map {
                PlannedAction(
                    operation: operation, phone: try phone(first + $0), person: $0 == 0 ? "alice" : nil, source: source,
                    reason: operation == .remove ? "not in the policy" : nil)
            }
        }
        return GroupPlan(
            key: key, name: name, size: 12, limits: Limits(),
            actions: try actions(.add, adds, from: 1_000) + actions(.remove, removes, from: 5_000))
    }

    private func plan(_ groups: [GroupPlan]) -> Plan {
        Plan(policyDigest: "sha256:" + String(repeating: "ab", count: 32), groups: groups)
    }

    @Test("A Markdown plan starts with its mark and a summary, and folds one block for each group") func shape() throws
    {
        var withheld = try group(2, name: "Clinic")
        withheld.holds = [
            Hold(reason: .withheld(.remove, .rosterEmpty), phone: try phone(9), lid: nil, person: nil),
            Hold(reason: .ownAccount, phone: try phone(1), lid: nil, person: nil),
        ]
        let text = PlanMarkdown(numbers: .masked).render(
            plan([try group(1, name: "Choir", adds: 1, removes: 2), withheld, try group(3, name: "Quiet")]))
        #expect(
            text.hasPrefix(
                PlanMarkdown.mark + "\n### Plan\\: 1 to add, 2 to remove in 1 of 3 groups; 1 blocked, 1 always kept\\.")
        )
        #expect(text.contains("| Choir | 1 |  |  | 2 |  |  |"))
        #expect(text.contains("| Clinic |  |  |  |  | 1 | **blocked** |"))
        #expect(!text.contains("Quiet"))
        #expect(text.components(separatedBy: "<details>").count == 3)
        #expect(text.components(separatedBy: "</details>").count == 3)
        #expect(text.contains(#"| `+` add | \+62 812\-<!-- -->•••\-<!-- -->1000 | alice |"#))
    }

    @Test(
        "The example pipelines search for the plan's first line",
        arguments: ["github/plan.yml", "gitlab/.gitlab-ci.yml"])
    func pipelines(name: String) throws {
        let tests = try #require(#filePath.range(of: "/Tests/ReportsTests/")?.lowerBound)
        let file = #filePath[..<tests] + "/examples/running/" + name
        #expect(try String(contentsOfFile: String(file), encoding: .utf8).contains(PlanMarkdown.mark))
    }

    @Test("A Markdown plan shows numbers only if asked, also in names and reasons") func numbers() throws {
        let plan = plan([try group(1, name: "Family of +62 812-3000-1000 / 6281230001000", adds: 1)])
        let masked = PlanMarkdown(numbers: .masked).render(plan)
        #expect(!masked.contains("0001000") && !masked.contains("812-3000"))
        #expect(masked.contains("•••"))
        let bare = try MarkdownReader(phone(1_000).e164.escapedForMarkdown).text
        #expect(bare == "+6281230001000")
        #expect(PlanMarkdown(numbers: .full).render(plan).contains(try phone(1_000).e164.escapedForMarkdown))
    }

    @Test(
        "A Markdown plan stays short enough for a comment, and says how much it leaves out", arguments: [1, 40, 3_000])
    func length(count: Int) throws {
        let groups = try (0..<count).map { try group($0, name: "Group \($0)", adds: 6_000 / count, removes: 2) }
        let text = PlanMarkdown(numbers: .masked).render(plan(groups))
        #expect(text.utf16.count < 60_000)
        let shown = text.components(separatedBy: "<details>").count - 1
        #expect(shown >= 1)
        #expect(text.components(separatedBy: "</details>").count - 1 == shown)
        if count > 1 {
            #expect(text.contains("and \(count - shown) more group"))
        } else {
            let rows = text.components(separatedBy: "| `").count - 1
            #expect(text.contains("and \(6_002 - rows) more in this group"))
        }
    }

    @Test(
        "No name escapes its place in a Markdown plan",
        arguments: [
            "</summary></details><img src=x>", "a | b | c", "@everyone #1 !2", "x\n\n# y", "<!-- ", "```", "</b>&lt;",
            "[a](http://b.c)", "\u{202E}evil", String(repeating: "|", count: 7_000),
        ])
    func hostile(name: String) throws {
        var odd = try group(1, name: name, adds: 1)
        odd.actions[0].person = name
        odd.warnings = [.nameDiffers(policy: "x", subject: name)]
        let text = PlanMarkdown(numbers: .full).render(plan([odd]))
        #expect(text.utf16.count < 60_000)
        for tag in ["<details>", "</details>", "<summary>", "</summary>", "<b>", "</b>"] {
            #expect(text.components(separatedBy: tag).count <= 2)
        }
        let isLink = text.replacing(#"\]"#, with: "").contains("](")
        #expect(!text.contains("<img") && !isLink && !text.contains("@everyone"))
        for line in text.split(separator: "\n") where line.hasPrefix("| ") {
            #expect([4, 7].contains(line.count { $0 == "|" } - 1))
        }
    }
}
