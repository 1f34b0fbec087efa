import Core
import Testing

@testable import PolicyFiles

@Suite("Policies: groups with only numbers and roles") struct PlainGroupTests {
    private static let people = "people: {ana: +62 812-0000-001, ben: {phone: +62 812-0000-002, lid: 77@lid}}"

    /// Returns the plain part of a policy's only group, after checking that it equals the whole group.
    private func plain(_ group: String, on day: String = "2026-01-01") throws -> DesiredRoles? {
        let reading = try policies("\(Self.people)\nteams: {crew: [ana, +62 812-0000-003]}\ngroups: {1@g.us: \(group)}")
        let set = try #require(reading.policies)
        let date = try #require(CalendarDate(parsing: day))
        let plain = set.desiredRoles(at: 0, on: date)
        if let plain { #expect(plain.saysAllOf(set.desiredGroup(at: 0, on: date))) }
        return plain
    }

    @Test("Each person counts once, with the stronger role, however many entries and teams name them")
    func roles() throws {
        var group = try #require(try plain("{name: One, admins: [ana], members: [crew, crew, +62 812-0000-004, ana]}"))
        let numbers = (1...4).compactMap { PhoneNumber(digits: 628_120_000_000 + $0) }
        #expect(group.count == 3 && group.name == "One")
        let attempts: [(Int, Role)] = [
            (0, .member), (0, .admin), (0, .admin), (1, .member), (2, .member), (3, .member), (3, .member),
        ]
        let ticked = attempts.map { position, role in group.tickOff(numbers[position], as: role) }
        #expect(ticked == [false, true, false, false, true, true, false])
    }

    @Test(
        "Dates and reasons do not matter if everybody counts",
        arguments: ["{who: ana, until: 2026-01-01}", "{who: crew, from: 2026-01-01, reason: season}"])
    func dates(entry: String) throws {
        #expect(try plain("{members: [\(entry)]}") != nil)
    }

    @Test(
        "A group that needs a closer look is not plain",
        arguments: [
            "{members: [ben]}", "{members: [88@lid]}", "{members: [ana], keep: [+62 812-0000-009]}",
            "{members: [ana], rejoin: never}", "{members: [ana, {who: crew, until: 2025-12-31}]}",
        ])
    func closerLook(group: String) throws {
        #expect(try plain(group) == nil)
    }
}

extension DesiredRoles {
    /// Returns whether a desired group says this and nothing else that matters for a comparison.
    func saysAllOf(_ group: DesiredGroup) -> Bool {
        var left = self
        guard key == group.key, name == group.name, limits == group.limits, count == group.members.count,
            group.kept.isEmpty, group.outOfTerm.isEmpty, group.rejoin == .always
        else { return false }
        return group.members.allSatisfy { member in
            guard member.person.lid == nil, let phone = member.person.phone else { return false }
            return left.tickOff(phone, as: member.role)
        }
    }
}
