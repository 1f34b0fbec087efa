import Core
import Foundation
import RunLedger
import Stage
import Testing

@testable import GatewaySimulator

/// One test for each trap in docs/safety.md, in its order.
@Suite("The traps of docs/safety.md") struct SafetyTests {
    /// Returns a stage with one group, whose policy wants some people.
    private func stage(
        wanted: [UInt64], admins: [UInt64] = [1], present: [UInt64] = [], more: String = "",
        configuration: String = "", change: (inout SmallWorld) throws -> Void = { _ in }
    ) throws -> Stage {
        var world = try SmallWorld()
        try world.addGroup(1, members: present)
        try change(&world)
        return try Stage(
            world.seed,
            files: [
                "policies/a.yaml": "groups:\n"
                    + (try SmallWorld.policy(1, admins: admins, members: wanted, more: more)),
                "rollcall.yaml": Stage.configuration(configuration),
            ])
    }

    private func statuses(_ stage: Stage) async throws -> [ActionStatus] {
        let ledger = try stage.ledger()
        return try await ledger.actions(of: ledger.run(matching: "last").id).map(\.status)
    }

    @Test("1: an add is confirmed by the member list, not by the gateway's answer") func accepted()
        async throws
    {
        let stage = try stage(wanted: [2, 3])
        stage.world.setAdds(of: try SmallWorld.phone(3), .declines)
        #expect(await stage.run("apply", "--yes").code == 3)
        #expect(stage.world.mutations.map(\.status) == [204, 204])
        #expect(try await statuses(stage) == [.confirmed, .declined])
    }

    @Test("2: a member with an unknown number is not a stranger") func unresolved() async throws {
        let stage = try stage(wanted: [2], present: [2, 3])
        stage.world.setNumber(of: try SmallWorld.phone(3), .hidden)
        let result = await stage.run("apply", "--yes")
        #expect(result.code == 0)
        #expect(result.output.contains("not identified"))
        #expect(stage.world.calls.isEmpty)
    }

    @Test("3: a wanted person hidden among the members is found by asking WhatsApp, not added again")
    func present() async throws {
        let stage = try stage(wanted: [2], present: [2]) { world in
            world.seed.people[1].number = .hidden
            world.seed.people[1].checkAnswersLID = true
        }
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(stage.world.calls.isEmpty)
        #expect(stage.world.journal.count { $0.path.contains("/contacts/check") } == 1)
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(stage.world.journal.count { $0.path.contains("/contacts/check") } == 1)
    }

    @Test("4: an empty or short member list removes nobody, and adds continue", arguments: [true, false]) func short(
        isEmpty: Bool
    ) async throws {
        let stage = try stage(wanted: [2, 9], present: [2, 3, 4]) { world in
            world.seed.groups[0].distortion = RosterDistortion(isEmpty: isEmpty, countOffset: isEmpty ? 0 : 2)
        }
        let result = await stage.run("apply", "--yes")
        #expect(stage.world.calls.allSatisfy { $0.hasPrefix("POST") && !$0.contains("demote") })
        #expect(try stage.world.members(1).contains("9"))
        #expect(result.code == (isEmpty ? 3 : 4))
    }

    @Test("4: a member list that lost over half of its members blocks removals for a day") func shrunk() async throws {
        let stage = try stage(wanted: [2, 3, 4, 5, 6, 7, 8], present: [2, 3, 4, 5, 6, 7, 8, 9])
        #expect(await stage.run("plan").code == 0)
        for person in 3...8 { stage.world.leave(try SmallWorld.phone(UInt64(person)), try SmallWorld.group(1)) }
        let result = await stage.run("plan")
        #expect(result.code == 4)
        #expect(result.output.contains("the gateway lists 3 members"))
        stage.clock.advance(by: .seconds(86_401))
        #expect(await stage.run("plan").code == 0)
    }

    @Test("4: each further loss blocks removals for a day again, but small losses do not")
    func shrinking() async throws {
        let stage = try stage(
            wanted: [2], present: Array(2...30), configuration: "limits: { removals: 100%, removals_per_run: 100 }")
        func shows(_ count: Int) async throws -> Int32 {
            stage.world.distort(
                try SmallWorld.group(1), RosterDistortion(missing: 30 - count, countOffset: count - 30))
            return await stage.run("apply", "--yes").code
        }
        #expect(await stage.run("plan").code == 0)
        // Of thirty members there are fourteen, then eight, then five, each for less than a day.
        for count in [14, 8, 5] {
            #expect(try await shows(count) == 4)
            stage.clock.advance(by: .seconds(20 * 3_600))
        }
        // A member more, and one fewer than that, is still the member list of twenty hours ago.
        for count in [6, 5] { #expect(try await shows(count) == 4) }
        #expect(stage.world.calls.isEmpty)
        stage.clock.advance(by: .seconds(4 * 3_600))
        #expect(await stage.run("plan").code == 0)
    }

    @Test("5: nobody is added twice in a run, however far the store lags") func absence() async throws {
        let stage = try stage(wanted: [2, 3]) { world in
            world.seed.behaviour.lag = Lag(milliseconds: 600_000)
        }
        #expect(await stage.run("apply", "--yes").code == 3)
        #expect(stage.world.calls.count == 2)
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(stage.world.calls.count == 2)
        stage.clock.advance(by: .seconds(3_600))
        #expect(await stage.run("plan").code == 0)
        let ledger = try stage.ledger()
        let runs = try await ledger.latestRuns(10)
        let first = try #require(runs.last)
        #expect(try await ledger.actions(of: first.id).map(\.status) == [.confirmed, .confirmed])
    }

    @Test(
        "6: a person who declined is tried again after growing pauses, a few times, and then gets an invite link suggested"
    )
    func declined() async throws {
        let stage = try stage(wanted: [2], configuration: "declined: { retry_after: 1d, backoff: 2, give_up_after: 3 }")
        stage.world.setAdds(of: try SmallWorld.phone(2), .declines)
        var days: [Int] = []
        for day in 0..<20 {
            let before = stage.world.calls.count
            _ = await stage.run("apply", "--yes")
            if stage.world.calls.count > before { days.append(day) }
            stage.clock.advance(by: .seconds(86_400))
        }
        #expect(days == [0, 1, 3])
        let plan = await stage.run("plan", "--invite-links")
        #expect(plan.code == 0)
        #expect(plan.output.contains("added 3 times, last on"))
        #expect(plan.output.contains("https://chat.whatsapp.com/"))
        #expect(await stage.run("apply", "--yes", "--retry-declined").code == 3)
        #expect(stage.world.calls.count == 4)
        try stage.write(
            "people: { again: \"\(try SmallWorld.phone(2).e164)\" }\ngroups:\n"
                + (try SmallWorld.policy(1)).replacing("members: []", with: "members: [again]"), to: "policies/a.yaml")
        #expect(await stage.run("apply", "--yes").code == 3)
        #expect(stage.world.calls.count == 5)
    }

    @Test("7: own account, creator and last admins stay", arguments: [OwnerForm.phone, .lid]) func protected(
        form: OwnerForm
    ) async throws {
        let creator = try SmallWorld.phone(2)
        let stage = try stage(wanted: [], admins: [5]) { world in
            world.seed.groups[0] = GroupSeed(
                id: try SmallWorld.group(1), sessions: [world.session], subject: "g", creator: creator,
                ownerForm: form, admins: try [1, 2, 3].map(SmallWorld.phone), members: try [5, 6].map(SmallWorld.phone))
        }
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(try stage.world.members(1) == ["1*", "2*", "5*"])
    }

    @Test("8: only a person seen as a member is promoted, and demotions come after") func promotion() async throws {
        let stage = try stage(wanted: [4], admins: [1, 2]) { world in
            world.seed.groups[0] = GroupSeed(
                id: try SmallWorld.group(1), sessions: [world.session], subject: "g",
                admins: try [1, 4].map(SmallWorld.phone))
            world.seed.behaviour.lag = Lag(milliseconds: 500)
        }
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(stage.world.mutations.map { $0.path.split(separator: "/").last } == ["members", "promote", "demote"])
        let reads = stage.world.journal.filter { $0.method == "GET" && $0.path.hasSuffix("/members") }
        let promotion = try #require(stage.world.mutations.dropFirst().first)
        #expect(reads.contains { $0.sequence < promotion.sequence && $0.sequence > 2 })
    }

    @Test("9: a failure stops only its reach: session, run or group", arguments: [(501, 1), (401, 1), (403, 2)])
    func reach(status: Int, calls: Int) async throws {
        var world = try SmallWorld()
        for number in 1...2 { try world.addGroup(UInt64(number)) }
        let stage = try Stage(
            world.seed,
            files: [
                "policies/a.yaml": "groups:\n" + (try SmallWorld.policy(1, members: [2, 3]))
                    + (try SmallWorld.policy(2, members: [2, 3]))
            ])
        stage.world.inject(FaultRule(method: "POST", path: "*", count: nil, fault: .status(status, code: "x")))
        #expect(await stage.run("apply", "--yes").code == (status == 401 ? 77 : 3))
        #expect(stage.world.calls.count == calls)
    }

    @Test("10: a call with a lost answer is checked before it is sent again", arguments: [true, false])
    func lostAnswer(tookEffect: Bool) async throws {
        let stage = try stage(wanted: [2])
        stage.world.inject(FaultRule(method: "POST", path: "*/members", fault: .reset(afterEffect: tookEffect)))
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(stage.world.calls.count == (tookEffect ? 1 : 2))
        #expect(try stage.world.members(1) == ["1*", "2"])
    }

    @Test("11: other groups are done when one fails, and the exit code shows the failure") func isolation()
        async throws
    {
        var world = try SmallWorld()
        for number in 1...3 { try world.addGroup(UInt64(number)) }
        var policy = "groups:\n"
        for number in 1...3 { policy += try SmallWorld.policy(UInt64(number), members: [2]) }
        let stage = try Stage(world.seed, files: ["policies/a.yaml": policy])
        stage.world.inject(
            FaultRule(method: "GET", path: "*0002%40g.us/members", count: nil, fault: .garbage("no JSON")))
        #expect(await stage.run("apply", "--yes").code == 3)
        #expect(try stage.world.members(1) == ["1*", "2"])
        #expect(try stage.world.members(2) == ["1*"])
        #expect(try stage.world.members(3) == ["1*", "2"])
    }

    @Test("11: a group that nobody manages affects no other, whatever the gateway says about it") func oddNeighbour()
        async throws
    {
        let stage = try stage(wanted: [2]) { world in
            try world.addGroup(2, members: [7]) { $0.distortion = RosterDistortion(countOffset: -50) }
        }
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(try stage.world.members(1) == ["1*", "2"])
    }

    @Test("12: the day's budget lasts across runs, and people who waited longest go first") func budget()
        async throws
    {
        let stage = try stage(wanted: [2, 3, 4, 5], configuration: "")
        try stage.write(
            Stage.configuration().replacing("settle: 1s", with: "settle: 1s, adds_per_day: 2"), to: "rollcall.yaml")
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(try stage.world.members(1) == ["1*", "2", "3"])
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(stage.world.calls.count == 2)
        // A person who is first by number waits for those who waited before.
        stage.world.leave(try SmallWorld.phone(2), try SmallWorld.group(1))
        stage.clock.advance(by: .seconds(86_401))
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(try stage.world.members(1) == ["1*", "3", "4", "5"])
    }

    @Test("13: a plan is checked against a fresh read before it is applied") func recheck() async throws {
        var world = try SmallWorld()
        for number in 1...2 { try world.addGroup(UInt64(number), members: [5, 6]) }
        let policy =
            "groups:\n" + (try SmallWorld.policy(1, members: Array(5...12)))
            + (try SmallWorld.policy(2, members: [5, 9, 10]))
        let (change, second) = (FirstChange(), try SmallWorld.group(2))
        let stage = try Stage(
            world.seed,
            files: [
                "policies/a.yaml": policy,
                "rollcall.yaml": Stage.configuration().replacing("calls_per_minute: 0", with: "calls_per_minute: 1"),
            ]
        ) { _ in change.tell() }
        // While the first group runs, somebody else adds person 9 to the second and removes person 6.
        let (joining, leaving) = (try SmallWorld.phone(9), try SmallWorld.phone(6))
        change.then {
            stage.world.join(joining, second)
            stage.world.leave(leaving, second)
        }
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(try stage.world.members(2) == ["1*", "5", "9", "10"])
        let late = stage.world.mutations.filter { $0.path.contains("0002%40g.us") }
        #expect(late.map(\.body) == [#"{"participants":["62800000010@s.whatsapp.net"]}"#])
    }

    @Test("14: limits count demotions, and apply to each group and the run") func limits() async throws {
        let stage = try stage(
            wanted: [2, 3, 4, 5], present: [6], configuration: "limits: { removals: 2, min_other_admins: 0 }"
        ) { world in
            world.seed.groups[0] = GroupSeed(
                id: try SmallWorld.group(1), sessions: [world.session], subject: "g",
                admins: try [1, 2, 3].map(SmallWorld.phone), members: try [4, 5, 6].map(SmallWorld.phone))
        }
        #expect(await stage.run("apply", "--yes").code == 4)
        #expect(await stage.run("apply", "--yes", "--accept-removals", "2").code == 4)
        #expect(stage.world.calls.isEmpty)
        try stage.write(
            Stage.configuration("limits: { removals: 50%, removals_per_run: 2, min_other_admins: 0 }"),
            to: "rollcall.yaml")
        #expect(await stage.run("apply", "--yes").code == 4)
        #expect(stage.world.calls.isEmpty)
        #expect(await stage.run("apply", "--yes", "--accept-removals", "3").code == 0)
        #expect(stage.world.calls.count == 3)
    }

    @Test("15: a preview only reads") func preview() async throws {
        let stage = try stage(wanted: [2], present: [3])
        for arguments in [["plan"], ["plan", "--invite-links"], ["plan", "--format", "json"], ["validate"]] {
            _ = await stage.run(arguments)
        }
        #expect(!stage.world.journal.isEmpty)
        #expect(stage.world.journal.allSatisfy { $0.method == "GET" })
    }

    @Test("16: all spellings of a number, on any page, are one person")
    func spellings() async throws {
        var world = try SmallWorld(people: 60)
        try world.addGroup(1, members: Array(2...60))
        world.seed.behaviour.membersPerPage = 7
        world.seed.behaviour.endOfList = .empty
        world.seed.sessions[0].device = 12
        let spelt = try (2...60).map { number -> String in
            let digits = String(try SmallWorld.phone(UInt64(number)).digits)
            return switch number % 4 {
            case 0: "\"+\(digits.prefix(2)) \(digits.dropFirst(2).prefix(3))-\(digits.dropFirst(5))\""
            case 1: "\"00\(digits)\""
            case 2: "\(digits)@s.whatsapp.net"
            default: "\"\(digits):3@c.us\""
            }
        }
        let stage = try Stage(
            world.seed,
            files: [
                "policies/a.yaml": "groups:\n"
                    + (try SmallWorld.policy(1)).replacing(
                        "members: []", with: "members: [\(spelt.joined(separator: ", "))]")
            ])
        #expect(await stage.run("apply", "--yes").output.contains("No changes"))
        #expect(stage.world.calls.isEmpty)
    }

    @Test(
        "16: nobody wanted or kept under another spelling is removed, with or without budget",
        arguments: [("members", 0), ("members", 1), ("keep", 0)])
    func otherSpelling(list: String, budget: Int) async throws {
        let other = try SmallWorld.phone(900)
        let stage = try stage(
            wanted: list == "members" ? [2, 900] : [2], present: [2, 3],
            more: list == "keep" ? "keep: [\"\(other.e164)\"]" : ""
        ) { world in world.seed.people[2].otherNumbers = [other] }
        if budget > 0 {
            // The day's budget is used up before the look-up.
            try stage.write(
                Stage.configuration().replacing("settle: 1s", with: "settle: 1s, adds_per_day: 1"), to: "rollcall.yaml")
            try stage.write(
                "groups:\n" + (try SmallWorld.policy(1, members: [2, 3, 4], more: "mode: additive")),
                to: "policies/a.yaml")
            #expect(await stage.run("apply", "--yes").code == 0)
            try stage.write("groups:\n" + (try SmallWorld.policy(1, members: [2, 4, 900])), to: "policies/a.yaml")
        }
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(try stage.world.members(1).contains("3"))
        #expect(stage.world.calls.allSatisfy { $0.hasPrefix("POST") })
    }

    @Test("17: the order of answers does not change the plan") func order() async throws {
        let stage = try stage(wanted: [2, 3, 4, 9], present: [2, 3, 4, 5, 6]) { world in
            world.seed.groups[0].distortion = RosterDistortion(rotates: true)
        }
        func plan() async -> String {
            await stage.run("plan", "--format", "json").output.split(separator: "\n")
                .filter { !$0.contains(#""id""#) && !$0.contains(#""created_at""#) }.joined(separator: "\n")
        }
        let first = await plan()
        for _ in 0..<6 { #expect(await plan() == first) }
    }

    @Test("18: rejected credentials have their own exit code", arguments: ["plan", "apply"]) func credentials(
        verb: String
    ) async throws {
        let stage = try stage(wanted: [2])
        stage.world.inject(FaultRule(path: "*", count: nil, fault: .status(401, code: "unauthorized")))
        #expect(await stage.run([verb] + (verb == "apply" ? ["--yes"] : [])).code == 77)
    }
}

@Suite("The table of docs/safety.md") struct SafetyTableTests {
    @Test("The table of docs/safety.md names only existing tests") func names() throws {
        let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let table = try String(
            contentsOf: sources.appendingPathComponent("../../docs/safety.md").standardizedFileURL, encoding: .utf8)
        let tests = try FileManager.default.contentsOfDirectory(at: sources, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "swift" }
            .map { try String(contentsOf: $0, encoding: .utf8) }.joined()
        let rows = table.split(separator: "\n").filter { $0.firstMatch(of: /^\| [0-9]+ \|/) != nil }
        #expect(rows.count == 27)
        for row in rows {
            let cell = try #require(row.split(separator: "|").dropLast(row.hasSuffix("|") ? 0 : 1).last)
            let names = cell.matches(of: /`([^`]+)`/).map(\.output.1)
            #expect(!names.isEmpty)
            for name in names { #expect(tests.contains("\"\(name)\""), "there is no test named \(name)") }
        }
    }
}

@Suite("The threat model") struct ThreatModelTests {
    @Test("The threat model names only existing suites") func names() throws {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let model = try String(
            contentsOf: tests.appendingPathComponent("../docs/threat-model.md").standardizedFileURL, encoding: .utf8)
        var files: Set<String> = []
        for path in try FileManager.default.subpathsOfDirectory(atPath: tests.path) where path.hasSuffix(".swift") {
            files.insert(String(path.split(separator: "/").last?.dropLast(".swift".count) ?? ""))
        }
        let names = model.matches(of: /`([A-Za-z]+Tests)`/).map { String($0.output.1) }
        #expect(names.count >= 10)
        for name in names { #expect(files.contains(name), "there is no suite \(name)") }
    }
}
