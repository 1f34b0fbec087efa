import Foundation
import GatewaySimulator
import Membership
import Stage
import Synchronization
import Testing

/// A random world whose people hide, decline and are not there, and whose store lags; run for several nights.
private struct HardDays {
    let number: UInt64
    let world: RandomWorld
    let hidden: Set<PhoneNumber>
    let budget = 6

    init(_ number: UInt64) throws {
        self.number = number
        var world = try RandomWorld(number)
        var generator = SeededGenerator(seed: number &* 977)
        let members = Set(world.seed.groups.flatMap { $0.members.map(\.phone) })
        let creators = Set(world.seed.groups.compactMap(\.creator))
        var hidden: Set<PhoneNumber> = []
        for index in world.seed.people.indices {
            let person = world.seed.people[index]
            // The own accounts stay as they are.
            if person.phone.digits < 62_800_000_100 { continue }
            world.seed.people[index].checkAnswersLID = Int.random(in: 0..<3, using: &generator) == 0
            if Int.random(in: 0..<6, using: &generator) == 0, !creators.contains(person.phone) {
                world.seed.people[index].number = Bool.random(using: &generator) ? .hidden : .absent
                hidden.insert(person.phone)
            }
            switch Int.random(in: 0..<8, using: &generator) {
            case 0: world.seed.people[index].adds = .declines
            case 1 where !members.contains(person.phone): world.seed.people[index].isOnWhatsApp = false
            default: break
            }
        }
        world.seed.behaviour.lag = Lag(
            milliseconds: [0, 300, 900, 5_000].randomElement(using: &generator) ?? 0,
            reads: Int.random(in: 0...2, using: &generator))
        for index in world.seed.groups.indices where Int.random(in: 0..<5, using: &generator) == 0 {
            world.seed.groups[index].distortion =
                [
                    RosterDistortion(lacksOwnAccount: true), RosterDistortion(countOffset: 2),
                    RosterDistortion(isEmpty: true),
                    RosterDistortion(missing: 3),
                ].randomElement(using: &generator) ?? RosterDistortion()
        }
        self.world = world
        self.hidden = hidden
    }

    var configuration: String {
        """
        gateway: { url: "http://127.0.0.1:1" }
        policies: [policies]
        pace: { calls_per_minute: 60, settle: 1s, adds_per_day: \(budget) }
        limits: { removals: 50%, removals_floor: 2, min_admins: 1 }
        """
    }
}

@Suite("Night after night in a hard world") struct HardDaysTests {
    private static let day: Int64 = 86_400_000

    /// How many worlds are tried: a hundred and fifty, or as many as `ROLLCALL_WORLDS` says.
    private static let worlds: ClosedRange<UInt64> =
        1...max(1, ProcessInfo.processInfo.environment["ROLLCALL_WORLDS"].flatMap(UInt64.init) ?? 150)

    @Test("nobody is wronged, nothing is hammered, and in the end there is nothing to do", arguments: worlds)
    func nights(number: UInt64) async throws {
        let days = try HardDays(number)
        let adminless = Mutex<[String]>([])
        let stage = try Stage(
            days.world.seed,
            files: ["policies/all.yaml": days.world.policy, "rollcall.yaml": days.configuration]
        ) { change in
            let tookAnAdmin = change.effects.contains { $0.outcome == .demoted || $0.outcome == .removed }
            if tookAnAdmin, change.group.admins.isEmpty {
                adminless.withLock { $0.append("\(change.group.id) after call \(change.sequence)") }
            }
        }
        let distorted = Set(days.world.seed.groups.filter { $0.distortion != RosterDistortion() }.map(\.id))
        for night in 0..<12 {
            let before = stage.world.mutations.count
            let result = await stage.run("apply", "--yes")
            #expect(
                [0, 3, 4].contains(result.code), "world \(number), night \(night): \(result.code)\n\(result.errors)")
            let calls = stage.world.mutations.dropFirst(before)
            for entry in calls where entry.method == "DELETE" || entry.path.hasSuffix("demote") {
                for effect in entry.effects where night < 2 {
                    #expect(!distorted.contains(effect.group), "world \(number): \(entry.path) on a doubtful roster")
                }
            }
            let added = calls.filter { $0.path.hasSuffix("/members") }.flatMap(\.effects)
            #expect(
                Set(added.map { "\($0.group) \($0.phone)" }).count == added.count,
                "world \(number), night \(night): someone was added twice")
            if night == 1 { for group in distorted { stage.world.distort(group, RosterDistortion()) } }
            stage.clock.advance(by: .seconds(26 * 3_600))
        }
        #expect(adminless.withLock { $0 }.isEmpty, "world \(number)")
        checkJournal(of: stage, days)

        // Whoever WhatsApp declines is tried less and less often, and given up in the end.
        for _ in 0..<8 {
            stage.clock.advance(by: .seconds(20 * 86_400))
            _ = await stage.run("apply", "--yes")
        }
        stage.world.clearJournal()
        let last = await stage.run("apply", "--yes")
        #expect(stage.world.mutations.isEmpty, "world \(number) does not come to rest:\n\(last.output)")
        #expect(await plan(stage) == plan(stage), "world \(number)")
    }

    private func plan(_ stage: Stage) async -> String {
        await stage.run("plan", "--format", "json").output.split(separator: "\n")
            .filter { !$0.contains(#""id""#) && !$0.contains(#""created_at""#) }.joined(separator: "\n")
    }

    /// What must hold of every call that was ever sent.
    private func checkJournal(of stage: Stage, _ days: HardDays) {
        let number = days.number
        var sentAdds: [Substring: [Int64]] = [:]
        var declined: [String: [Int64]] = [:]
        for entry in stage.world.mutations {
            let session = entry.path.split(separator: "/")[3]
            for effect in entry.effects {
                // A creator whom a doubtful roster does not show may be added: that takes nothing from anyone.
                let mayBeAdded =
                    entry.path.hasSuffix("/members") && stage.world.trueGroup(effect.group)?.creator == effect.phone
                #expect(
                    mayBeAdded || days.world.untouchable[effect.group]?.contains(effect.phone) == false,
                    "world \(number): \(entry.path) names someone who is never to be touched")
                if entry.method == "DELETE" {
                    #expect(
                        !days.hidden.contains(effect.phone)
                            || days.world.policy.contains(effect.phone.e164),
                        "world \(number): \(entry.path) removes someone whose number nobody could know")
                }
                guard entry.path.hasSuffix("/members") else { continue }
                sentAdds[session, default: []].append(entry.time.milliseconds)
                if effect.outcome == .declined {
                    declined["\(effect.group) \(effect.phone)", default: []].append(entry.time.milliseconds)
                }
            }
        }
        for times in sentAdds.values {
            for (index, time) in times.enumerated() {
                let inWindow = times[...index].count { $0 > time - Self.day }
                #expect(inWindow <= days.budget, "world \(number): \(inWindow) adds in 24 hours")
            }
        }
        for (who, times) in declined {
            #expect(times.count <= 4, "world \(number): \(who) was tried \(times.count) times")
            for (index, pair) in zip(times, times.dropFirst()).enumerated() {
                let least = Self.day << Int64(index)
                #expect(pair.1 - pair.0 >= least, "world \(number): \(who) was tried again too soon")
            }
        }
    }
}
