import Core
import Goldens
import Reconciliation
import Reports
import RunLedger
import Testing

@Suite("The plan page") struct PlanPageTests {
    private func page(_ plan: Plan, numbers: NumberDisplay = .masked) throws -> String {
        let now = SampleReport.noon(4)
        return PlanPage(
            plan, id: RunID(at: now, randomness: (4, 0)), numbers: numbers, madeAt: now, version: "1.2.3"
        ).render()
    }

    @Test("The plan page shows each group's changes, blocked changes, and reasons") func golden() throws {
        let text = try page(try SamplePlan().plan()).unstyled
        #expect(GoldenFolder().complaint(about: text, as: "plan-page") == nil)
        let reader = try page(Plan(policyDigest: SamplePlan.policyDigest, groups: [])).unstyled
        #expect(GoldenFolder().complaint(about: reader, as: "plan-page-empty") == nil)
    }

    @Test(
        "Untrusted text does not change the structure of the plan page",
        arguments: [
            "<script>alert(1)</script>", "\"\u{301} onload=alert(1) x=\"", "' onload='x", "</style><b>", "]]> --> <!--",
            "{{style}} {{{style}}} {{#rows}}", "&lt;b&gt;", "\u{202E}\u{0}\r\n", "` `` `", "</bdi></details>",
        ])
    func hostileText(text: String) throws {
        let plain = try page(try SamplePlan().plan())
        let hostile = try page(try SamplePlan(text: text).plan())
        for mark in ["<", ">", "\"", "\n"] {
            func count(_ page: String) -> Int { page.unicodeScalars.count { String($0) == mark } }
            // Only code in a message can be added by a text.
            func codes(_ page: String) -> Int { page.ranges(of: "<code>").count }
            let code = mark == "<" || mark == ">" ? 2 * (codes(hostile) - codes(plain)) : 0
            #expect(count(hostile) == count(plain) + code, "\(mark)")
        }
        #expect(!hostile.unicodeScalars.contains("\u{202E}"))
    }

    @Test("The plan page loads and runs nothing, and allows only its own style sheet") func selfContained() throws {
        var plan = try SamplePlan().plan()
        plan.groups[0].inviteLink = nil
        let text = try page(plan)
        for part in [
            "http:", "https:", "<script", "<iframe", "<object", " style=", " src=", "url(", "@import", "javascript:",
        ] {
            #expect(!text.contains(part), "\(part)")
        }
        #expect(text.contains("default-src 'none'; style-src 'sha256-"))
        #expect(text.ranges(of: "<style>").count == 1)
    }

    @Test("The plan page shows people's numbers only if asked") func numbers() throws {
        var plan = try SamplePlan(text: "call 6281234567899").plan()
        // A link would be useless otherwise.
        plan.groups[0].inviteLink = nil
        let masked = try page(plan)
        #expect(!masked.contains("28123456789"))
        #expect(masked.contains("+62 812-•••-7891"))
        let full = try page(plan, numbers: .full)
        #expect(full.contains("+6281234567891"))
        #expect(full.contains("call 6281234567899"))
    }

    @Test("The plan page says how much a large plan leaves out") func bounds() throws {
        let sample = try #require(try SamplePlan().plan().groups.first)
        let removal = try #require(sample.actions.last)
        func group(_ actions: Int) -> GroupPlan {
            GroupPlan(
                key: sample.key, name: "Choir", size: 3, limits: Limits(),
                actions: Array(repeating: removal, count: actions))
        }
        let one = try page(Plan(policyDigest: SamplePlan.policyDigest, groups: [group(2_003)]))
        #expect(one.contains("And 3 more in this group."))
        let many = try page(
            Plan(policyDigest: SamplePlan.policyDigest, groups: Array(repeating: group(1_999), count: 13)))
        #expect(many.ranges(of: "<details class=\"planned\"").count == 10)
        #expect(many.contains("And 3 groups more; rollcall plan shows all."))
        // Whatever does not fit the page is counted, without a link.
        #expect(many.ranges(of: "<th role=\"rowheader\" scope=\"row\"><bdi>").count == 3)
    }

    @Test("People blocked for one reason share a row") func holds() throws {
        var group = try #require(try SamplePlan().plan().groups.first)
        group.holds = (1...150).compactMap { LID(digits: 100_000_000_000_000 + $0) }
            .map { Hold(reason: .unresolved, lid: $0) }
        group.actions = []
        let text = try page(Plan(policyDigest: SamplePlan.policyDigest, groups: [group]))
        #expect(text.ranges(of: "<span class=\"badge interrupted\">not identified</span>").count == 1)
        #expect(text.ranges(of: /[0-9]@lid/).count == 100)
        #expect(text.contains("<td role=\"cell\" data-label=\"Who\">150 accounts</td>"))
        #expect(text.contains("<li>and 50 more</li>"))
    }
}
