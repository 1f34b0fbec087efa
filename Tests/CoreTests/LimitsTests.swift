import Core
import Testing

@Suite("Limits")
struct LimitsTests {
    @Test(
        "A share limit allows that share of the size, rounded down, and at least the floor",
        arguments: [(0, 3), (11, 3), (12, 3), (15, 3), (16, 4), (19, 4), (20, 5), (1_024, 256)]
    )
    func share(size: Int, allowed: Int) {
        #expect(Limits().removalsAllowed(inGroupOf: size) == allowed)
    }

    @Test("A number limit allows that number for any size, without the floor", arguments: [0, 2, 1_024])
    func number(size: Int) {
        #expect(Limits(removals: .count(0)).removalsAllowed(inGroupOf: size) == 0)
        #expect(Limits(removals: .count(2)).removalsAllowed(inGroupOf: size) == 2)
    }

    @Test("A share of 0 % allows nobody, and 100 % everybody", arguments: [(0, 0), (100, 7)])
    func ends(percent: Int, count: Int) {
        #expect(Allowance.percent(percent).count(ofSize: 7) == count)
    }

    @Test("Limits start from the defaults of the configuration reference")
    func defaults() {
        let limits = Limits()
        #expect(limits.removals == .percent(25) && limits.removalsPerRun == .percent(2))
        #expect([limits.removalsFloor, limits.removalsPerPerson, limits.removalsPerSource] == [3, 10, 10])
        #expect([limits.minAdmins, limits.minOtherAdmins, limits.groupSize] == [1, 1, 1_024])
    }
}

extension Limits {
    fileprivate init(removals: Allowance) {
        self.init()
        self.removals = removals
    }
}

@Suite("Sort orders")
struct OrderTests {
    @Test("A member sorts below an admin")
    func roles() {
        #expect(Role.member < .admin)
        #expect(!(Role.admin < .member))
        #expect(!(Role.member < .member))
        #expect(!(Role.admin < .admin))
    }

    @Test("A place sorts by file, line and column")
    func positions() {
        let positions = [("a", 2, 9), ("a", 10, 1), ("a", 10, 2), ("b", 1, 1)].map {
            SourceLocation(file: $0.0, line: $0.1, column: $0.2)
        }
        #expect(positions.reversed().sorted() == positions)
        #expect(positions.map(\.description) == ["a:2:9", "a:10:1", "a:10:2", "b:1:1"])
    }

    @Test("A LID sorts by number, and LID zero is invalid")
    func lids() throws {
        let nine = try #require(LID(digits: 9))
        let ten = try #require(LID(digits: 10))
        #expect(nine < ten)
        #expect(LID(digits: 0) == nil)
    }
}
