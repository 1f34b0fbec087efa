import LocatedYAML
import Testing

@Suite("YAML: structure and places")
struct StructureTests {
    @Test(
        "A text becomes a tree in which every scalar is text",
        arguments: [
            ("a: 1\nb: [x, 'y', \"z\"]\n", "{a: 1, b: [x, \"y\", \"z\"]}"),
            ("phone: +62812", "{phone: +62812}"),
            (
                "- 0x1F\n- 1e400\n- 123456789012345678901234567890\n- yes\n- 2026-12-31",
                "[0x1F, 1e400, 123456789012345678901234567890, yes, 2026-12-31]"
            ),
            ("a:\nb: ~\nc: null\nd: 'null'\ne: nullx", "{a: ~, b: ~, c: ~, d: \"null\", e: nullx}"),
            ("a: !!str null\nb: !!seq [!!str 1]\nc: !!map {}", "{a: \"null\", b: [\"1\"], c: {}}"),
            ("a: |\n  one\n  two\nb: >-\n  one\n  two\n", "{a: \"one\ntwo\n\", b: \"one two\"}"),
            ("\u{FEFF}a: 1", "{a: 1}"),
            ("---\na: 1\n...\n", "{a: 1}"),
            ("just a text", "just a text"),
            ("{}", "{}"),
            ("\"\\N\\L\\u00e9\\x41\"", "\"\u{85}\u{2028}éA\""),
        ])
    func trees(text: String, expected: String) {
        #expect(outline(reading(text).root) == expected)
        #expect(problems(text).isEmpty)
    }

    @Test("Columns count characters, not bytes, and a byte order mark does not count")
    func columns() throws {
        let root = try #require(reading("\u{FEFF}naïve 👩‍🏫: x\nb:\n  - é: [ü, 'z']\n").root)
        #expect([root.line, root.column] == [1, 1])
        let first = try #require(root.pairs.first)
        // The teacher emoji is three characters in YAML.
        #expect([first.value.line, first.value.column] == [1, 12])
        let list = try #require(root["b"]?.items.first?["é"])
        #expect([list.line, list.column] == [3, 8])
        #expect(list.items.map(\.column) == [9, 12])
    }

    @Test("A scalar exposes its bytes, and a container none")
    func bytes() throws {
        let root = try #require(reading("a: +62é").root)
        #expect(root["a"]?.withBytes { Array($0) } == Array("+62é".utf8))
        #expect(root.withBytes { $0.count } == 0)
        #expect(root["a"]?.hasText("+62é") == true)
        #expect(root["a"]?.hasText("+62") == false)
        #expect(root.text.isEmpty && root.items.isEmpty)
    }

    @Test(
        "A text without content is empty, which is not a problem",
        arguments: ["", "\n\n", "# only a comment\n", "---\n", "--- # x\n...\n", "\u{FEFF}"])
    func empty(text: String) {
        guard case .empty = reading(text) else {
            Issue.record("\(text.debugDescription) was not read as empty")
            return
        }
    }

    @Test("A file may have over a million nodes of its own")
    func manyNodes() {
        let text = String(repeating: "- x\n", count: 1_000_001)
        #expect(reading(text).root?.items.count == 1_000_001)
    }

    @Test("A thousand levels are read, and one more is refused at its start")
    func nesting() {
        let deep = String(repeating: "[", count: 1_000) + String(repeating: "]", count: 1_000)
        #expect(problems(deep).isEmpty)
        let deeper = String(repeating: "[", count: 1_001) + String(repeating: "]", count: 1_001)
        let message = "lists and mappings are nested more than 1000 levels deep; use fewer levels"
        #expect(problems(deeper) == ["1:1001: \(message)"])
        let block = (0..<1_001).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
        #expect(problems(block) == ["1001:1001: \(message)"])
    }

    @Test(
        "A hundred thousand levels are refused at level 1,001, in any notation",
        arguments: [("[", "", "1:1001"), ("{a: ", "", "1:4001"), ("- ", "a", "1:2001"), ("[", "]", "1:1001")])
    func endlessNesting(opening: String, closing: String, position: String) {
        let found = problems(
            String(repeating: opening, count: 100_000) + String(repeating: closing, count: closing == "]" ? 100_000 : 1)
        )
        #expect(found == ["\(position): lists and mappings are nested more than 1000 levels deep; use fewer levels"])
    }

    @Test("Levels count through aliases")
    func nestingThroughAliases() {
        let half = String(repeating: "[", count: 600) + String(repeating: "]", count: 600)
        let text = "- &a \(half)\n- \(String(repeating: "[", count: 400))*a\(String(repeating: "]", count: 400))\n"
        #expect(problems(text) == ["2:403: lists and mappings are nested more than 1000 levels deep; use fewer levels"])
        let chain = "- &a0 [x]\n" + (1...1_100).map { "- &a\($0) [*a\($0 - 1)]\n" }.joined()
        #expect(problems(chain).first?.hasPrefix("1000:") == true)
    }
}
