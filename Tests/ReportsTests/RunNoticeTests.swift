import Core
import Foundation
import Goldens
import PolicyFiles
import RunLedger
import Testing

@testable import Reconciliation
@testable import Reports

@Suite("Run notices") struct RunNoticeTests {
    /// Returns a notice of the sample plan's run with a status.
    private func notice(
        _ status: RunStatus = .incomplete, code: Int32 = 3, text: String = "Larkhill", errors: [String] = []
    ) throws -> RunNotice {
        let plan = try SamplePlan(text: text).plan()
        let groups = plan.groups.map { group in
            let actions = group.actions.enumerated().map { index, _ in
                index == 0
                    ? ActionOutcome(status: .declined, errorCode: "declined", error: "\(text) never showed")
                    : ActionOutcome(status: .confirmed)
            }
            let status: GroupRunStatus =
                if group.fault != nil { .failed } else if group.isWithheld { .withheld } else { .changed }
            return GroupOutcome(
                plan: group, actions: actions, status: status, errorCode: group.fault?.code,
                error: group.fault?.message)
        }
        let start = SampleReport.noon(4)
        return RunNotice(
            run: RunID(at: start, randomness: (4, 0)), command: "apply", host: "night-watch", version: "1.2.3",
            startedAt: start, finishedAt: start.advanced(byMilliseconds: 75_000), status: status, exitCode: code,
            errors: errors, outcome: RunOutcome(groups: groups))
    }

    @Test("A notice shows what was done and which groups need attention, as JSON, for Slack and as text") func golden()
        throws
    {
        let notice = try notice()
        #expect(GoldenFolder().complaint(about: notice.json() + "\n", as: "notice-json") == nil)
        #expect(GoldenFolder().complaint(about: notice.slack() + "\n", as: "notice-slack") == nil)
        #expect(GoldenFolder().complaint(about: notice.text() + "\n", as: "notice-text") == nil)
    }

    @Test("A notice contains no person's number") func numbers() throws {
        let notice = try notice(
            text: "call +62 812-3456-7899 or 6281234567898",
            errors: ["policies/a.yaml:3:4: error: +6281234567897 stands twice"])
        for document in [notice.json(), notice.slack(), notice.text()] {
            for digits in ["3456-789", "8123456789"] { #expect(!document.contains(digits)) }
            #expect(document.contains("•••"))
        }
    }

    @Test(
        "Untrusted text in a notice mentions nobody, links nothing and stays in its place",
        arguments: [
            "<!channel>", "@everyone", "[a](https://b.example)", "![](http://b.example/x.png)", "<https://b|c>",
            "a\n\"b",
            "www.evil.example/x", "#general ~town-square", "` www.evil.example",
            "\u{202E}\u{1B}[2J", "&lt;",
        ])
    func hostile(text: String) throws {
        let slack = try #require(
            try JSONSerialization.jsonObject(with: Data(notice(text: text).slack().utf8)) as? [String: Any])
        let message = try #require(slack["text"] as? String)
        for mark in ["<", ">", "](", "://", "@everyone", "\u{1B}", "\u{202E}", "www.evil", "#general", "~town"] {
            #expect(!message.contains(mark))
        }
        let lines = { (text: String) in text.split(separator: "\n").count }
        let expected = lines(try notice().text())
        #expect(lines(message) == expected)
        let json = try #require(
            try JSONSerialization.jsonObject(with: Data(notice(text: text).json().utf8)) as? [String: Any])
        let groups = try #require(json["groups"] as? [[String: Any]])
        #expect(groups[0]["name"] as? String == text)
    }

    @Test("A notice is sent for changes, blocked changes and failures") func occasions() throws {
        #expect(try notice().occasions == [.changes, .failure, .withheld])
        #expect(try notice(.withheld, code: 4).occasions == [.changes, .withheld])
        var quiet = try notice(.succeeded, code: 0)
        quiet.outcome = RunOutcome(groups: [])
        #expect(quiet.occasions == [])
        // Code 4 without a blocked removal: the member list of a group with `mode: exact` cannot be trusted.
        quiet.status = .withheld
        #expect(quiet.occasions == [.withheld])
        for status in [RunStatus.failed, .interrupted, .stale, .incomplete] {
            quiet.status = status
            #expect(quiet.occasions == [.failure])
        }
    }

    @Test("A notice says how much a bad night leaves out") func bounds() throws {
        var notice = try notice(errors: (1...30).map { "policies/a.yaml:\($0):1: error: wrong" })
        let group = try #require(notice.outcome?.groups.first)
        notice.outcome = RunOutcome(groups: Array(repeating: group, count: 60))
        #expect(notice.text().contains("\nand 50 groups more\n"))
        #expect(notice.text().contains("\nand 20 more\n"))
        let json = try #require(
            try JSONSerialization.jsonObject(with: Data(notice.json().utf8)) as? [String: Any])
        #expect((json["groups"] as? [Any])?.count == 50)
        #expect(json["groups_left_out"] as? Int == 10)
    }
}
