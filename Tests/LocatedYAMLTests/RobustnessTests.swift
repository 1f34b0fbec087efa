import LocatedYAML
import Testing

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
}

@Suite("YAML: hostile input")
struct RobustnessTests {
    /// Visits every node, and checks that each place is inside the text.
    private func walk(_ reading: YAMLReading, lines: Int) -> Bool {
        var visited = 0
        func visit(_ node: YAMLNode) -> Bool {
            visited += 1
            guard node.line >= 1, node.line <= lines, node.column >= 1, visited < 2_000_000 else { return false }
            return node.items.allSatisfy(visit) && node.pairs.allSatisfy { $0.key.kind == .scalar && visit($0.value) }
        }
        let positionsHold = reading.problems.allSatisfy { $0.line >= 1 && $0.line <= lines && $0.column >= 1 }
        return positionsHold && reading.root.map(visit) ?? true
    }

    @Test("Random bytes are read or refused, and every place is inside the text", arguments: 0..<20)
    func randomBytes(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let alphabet = Array("ab:- \n\n{}[],&*!|>'\"%@`#~<\t\r?.0é\u{2028}".utf8)
        for _ in 0..<400 {
            let length = Int.random(in: 0..<120, using: &random)
            let bytes = (0..<length).map { _ in
                Bool.random(using: &random) || seed.isMultiple(of: 4)
                    ? alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
                    : UInt8.random(in: 0...(seed.isMultiple(of: 2) ? 255 : 127), using: &random)
            }
            #expect(walk(YAMLReading(parsing: bytes), lines: bytes.count + 2), "\(bytes)")
        }
    }

    @Test("A valid file with changed, dropped or doubled bytes is read or refused", arguments: 0..<20)
    func mutations(seed: UInt64) {
        let good = Array(
            """
            base: &base {mode: exact, limits: {removals: 5}}
            x: "\\ud83d\\ude00 \u{202B}\u{2028}"
            people: {alice: "+62 812", budi: {phone: '+62', lid: 1@lid}}
            groups:
              x@g.us: {<<: [*base, {a: 1}], members: [alice, &b budi, *b]}
              y@g.us:
                <<: *base
                note: |
                  text
            """.utf8)
        var random = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let position = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[position] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: position)
                case 2: bytes.insert(bytes[Int.random(in: 0..<bytes.count, using: &random)], at: position)
                default:
                    bytes.replaceSubrange(position..<position, with: bytes[position..<min(position + 20, bytes.count)])
                }
            }
            #expect(walk(YAMLReading(parsing: bytes), lines: bytes.count + 2), "\(bytes)")
        }
    }
}
