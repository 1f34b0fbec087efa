import Core
import Testing

@testable import PolicyFiles

/// A generator of reproducible numbers: SplitMix64.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    /// Starts a sequence that depends only on the seed.
    init(seed: UInt64) { state = seed }

    /// The next number.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Changes a few bytes: replaces, drops or doubles them, or moves runs of them.
    mutating func mutate(_ good: [UInt8]) -> [UInt8] {
        var bytes = good
        for _ in 0..<Int.random(in: 1...5, using: &self) where !bytes.isEmpty {
            let position = Int.random(in: 0..<bytes.count, using: &self)
            switch Int.random(in: 0..<5, using: &self) {
            case 0: bytes[position] = UInt8.random(in: 0...255, using: &self)
            case 1: bytes.remove(at: position)
            case 2: bytes[position] = bytes[Int.random(in: 0..<bytes.count, using: &self)]
            case 3: bytes.removeSubrange(position..<min(position + 12, bytes.count))
            default: bytes.replaceSubrange(position..<position, with: bytes[position..<min(position + 30, bytes.count)])
            }
        }
        return bytes
    }
}

@Suite("Policies: hostile input")
struct HostileInputTests {
    private static let policy = """
        session: S1
        x-base: &base { mode: exact, rejoin: never, limits: { removals: 25% } }
        people:
          ana: +62 812-0000-001
          ben: { phone: 006281200002, lid: 77@lid }
        teams:
          crew: [ana, { who: ben, until: 2026-12-31 }]
          all: [crew, +62 812-0000-003, { csv: t.csv, column: phone, from: 2026-01-01 }]
        groups:
          1@g.us: { <<: *base, admins: [crew], members: [all] }
          2@g.us: { <<: *base, members: [all], keep: [88@lid], name: two }
        """
    private static let table = "name,phone\n\"Dewi, \"\"S\"\"\",+62 812-0000-004\nEko,0062 812-0000-005\n"

    /// Checks the rules for every reading, and asks for every group.
    private func examine(_ reading: PolicyReading, _ context: String) {
        #expect((reading.policies == nil) == reading.diagnostics.contains { $0.severity == .error }, "\(context)")
        #expect(reading.diagnostics.allSatisfy { $0.location.line >= 1 && $0.location.column >= 1 }, "\(context)")
        #expect(!reading.diagnostics.contains { $0.message.utf8.contains { $0 < 0x20 } }, "\(context)")
        guard let set = reading.policies else { return }
        for position in set.groups.indices {
            let group = set.desiredGroup(at: position, on: CalendarDate(daysSince1970: 20_000))
            #expect(Set(group.members.map(\.person)).count == group.members.count, "\(context)")
            #expect(!group.members.isEmpty || !group.outOfTerm.isEmpty || group.mayBeEmpty, "\(context)")
            let plain = set.desiredRoles(at: position, on: CalendarDate(daysSince1970: 20_000))
            #expect(plain?.saysAllOf(group) != false, "\(context)")
        }
    }

    @Test("A valid policy with changed bytes is read or refused", arguments: 0..<12)
    func policies(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let folder = try TemporaryFolder(["t.csv": Self.table])
        for _ in 0..<60 {
            let bytes = random.mutate(Array(Self.policy.utf8))
            try folder.write("p.yaml", bytes: bytes)
            examine(folder.policies(), "\(bytes)")
        }
    }

    @Test("In a file full of unknown keys, a thousand are reported and the rest counted")
    func unknownKeys() throws {
        let folder = try TemporaryFolder(["p.yaml": (0..<50_000).map { "k\($0):\n" }.joined()])
        let reading = folder.policies()
        #expect(reading.policies == nil)
        #expect(reading.diagnostics.count == 1_001)
        #expect(
            reading.diagnostics.last?.message
                == "this file has 49000 more problems; fix these first, then run again to see the rest")
    }

    @Test("A valid table with changed bytes, or random bytes, are read or refused", arguments: 0..<12)
    func tables(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let folder = try TemporaryFolder(["p.yaml": Self.policy])
        let alphabet = Array("\"\",;\t\r\n+6281200001phone \u{FEFF}é".utf8)
        for round in 0..<60 {
            let noise = (0..<Int.random(in: 0..<60, using: &random)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
            }
            let bytes = round.isMultiple(of: 2) ? random.mutate(Array(Self.table.utf8)) : Array("phone".utf8) + noise
            try folder.write("t.csv", bytes: bytes)
            examine(folder.policies(), "\(bytes)")
        }
    }

    @Test("A valid configuration with changed bytes is read or refused", arguments: 0..<12)
    func configurations(seed: UInt64) throws {
        let good = """
            gateway: { url: https://gateway.example.com, token: { env: T }, self: { S1: +62 812-0000-001 } }
            policies: [policies, "*.yaml"]
            limits: { removals: 25%, removals_floor: 3 }
            pace: { jitter: 0.5, settle: 5s }
            declined: { retry_after: 1d, backoff: 2, give_up_after: 4 }
            """
        var random = SeededGenerator(seed: seed)
        let folder = try TemporaryFolder()
        for _ in 0..<60 {
            let bytes = random.mutate(Array(good.utf8))
            try folder.write("rollcall.yaml", bytes: bytes)
            let reading = folder.configuration()
            let hasErrors = reading.diagnostics.contains { $0.severity == .error }
            #expect((reading.configuration == nil) == hasErrors, "\(bytes)")
        }
    }
}
