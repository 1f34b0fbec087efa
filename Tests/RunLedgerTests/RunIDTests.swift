import Core
import RunLedger
import Testing

@Suite("Run ids") struct RunIDTests {
    @Test("A run id encodes time and randomness as the ULID specification does") func spelling() {
        let id = RunID(at: Timestamp(milliseconds: 1_469_918_176_385), randomness: (0, 0))
        #expect(id.text == "01ARYZ6S410000000000000000")
        let most = RunID(at: Timestamp(milliseconds: 0), randomness: (.max, .max))
        #expect(most.text == "0000000000ZZZZZZZZZZZZZZZZ")
        let high = RunID(at: Timestamp(milliseconds: 0), randomness: (0, 0x8000))
        #expect(high.text == "0000000000G000000000000000")
    }

    @Test("Run ids sort by time") func order() {
        let ids = [0, 1, 31, 32, 1_000_000, 1_800_000_000_000].map { RunID.random(at: Timestamp(milliseconds: $0)) }
        #expect(ids == ids.sorted())
    }

    @Test("A run id parses only from its own text", arguments: ["", "01ARYZ6S41", "01ARYZ6S4100000000000000IL", "é"])
    func refusals(text: String) {
        #expect(RunID(text) == nil)
    }
}
