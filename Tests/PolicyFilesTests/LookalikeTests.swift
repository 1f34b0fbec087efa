import Core
import Testing

@testable import PolicyFiles

@Suite("Policies: lookalike names")
struct LookalikeTests {
    private func people(_ names: [String]) throws -> [String] {
        let lines = names.enumerated().map { "  \"\($1)\": +62 812-0000-\(100 + $0)\n" }.joined()
        return try policies("people:\n\(lines)groups: {1@g.us: {members: [\"\(names[0])\"]}}").diagnostics.map(
            \.description)
    }

    @Test(
        "Two names that differ only in lookalike letters give a warning",
        arguments: [
            ("alice", "\u{430}lice", "а` (U+0430)"), ("OPA", "\u{41E}\u{420}\u{410}", "О` (U+041E)"),
            ("nick", "\u{3BD}ick", nil), ("von", "\u{3BD}on", "ν` (U+03BD)"), ("ana", "ａna", "ａ` (U+FF41)"),
        ] as [(String, String, String?)])
    func twins(first: String, second: String, letter: String?) throws {
        let found = try people([first, second])
        guard let letter else {
            #expect(found.count == 1 && found.first?.contains("mixes Greek and Latin letters") == true, "\(found)")
            return
        }
        #expect(
            found == [
                "policy.yaml:4:3: warning: the name `\(second)` looks like `\(first)` at policy.yaml:3:3, but has other"
                    + " letters, such as `\(letter); rename one of the two"
            ])
    }

    @Test("A word of two scripts gives a warning, words of one script each do not")
    func mixtures() throws {
        #expect(
            try people(["ali\u{441}ia"]) == [
                "policy.yaml:3:3: warning: the name `aliсia` mixes Latin and Cyrillic letters in one word, such as `с`"
                    + " (U+0441); type it in one script"
            ])
        for name in ["Иван-IT", "Παύλος_2b", "Åse", "名前", "Володимир", "محمد.x", "René"] {
            #expect(try people([name]) == [])
        }
    }

    @Test("An unknown name or key that only looks known is reported with its odd letter")
    func unknown() throws {
        let name = try policies("people: {ana: +62 812-0000-001}\ngroups: {1@g.us: {members: [\u{430}na]}}").diagnostics
        #expect(
            name.map(\.message) == [
                "no person or team `аna`, where `а` (U+0430) only looks like another letter; did you mean `ana`?"
            ])
        let key = try policies("groups: {1@g.us: {m\u{435}mbers: [+62 812-0000-001]}}").diagnostics
        #expect(
            key.first?.message
                == "unknown key `mеmbers`, where `е` (U+0435) only looks like another letter, in a group; did you mean"
                + " `members`?")
    }

    @Test(
        "Invisible letters or marks are not allowed in a name",
        arguments: [
            "ana\u{200B}", "ana\u{AD}", "a\u{2060}na", "ana\u{FE0F}", "an\u{34F}a", "ana\u{3164}", "ana\u{115F}",
        ])
    func invisible(name: String) throws {
        #expect(try people([name]).first?.contains("contains the invisible character U+") == true)
        let entry = try policies("groups: {1@g.us: {members: [\"\(name)\", +62 812-0000-001]}}").diagnostics
        #expect(entry.first?.message.contains("contains the invisible character U+") == true)
    }
}
