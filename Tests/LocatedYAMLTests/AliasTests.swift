import LocatedYAML
import Testing

@Suite("YAML: anchors, aliases and merge keys")
struct AliasTests {
    @Test(
        "Aliases and merge keys are resolved",
        arguments: [
            ("a: &x [1, 2]\nb: *x", "{a: [1, 2], b: [1, 2]}"),
            ("a: &x {k: 1, l: 2}\nb: {<<: *x, k: 3}", "{a: {k: 1, l: 2}, b: {k: 3, l: 2}}"),
            ("a: &x {k: 1}\nb: &y {k: 2, m: 3}\nc: {<<: [*x, *y]}", "{a: {k: 1}, b: {k: 2, m: 3}, c: {k: 1, m: 3}}"),
            ("b: {<<: {k: 1, <<: {k: 2, l: 3}}}", "{b: {k: 1, l: 3}}"),
            ("b: {'<<': {k: 1}}", "{b: {\"<<\": {k: 1}}}"),
            ("&k name: 1\nb: {*k : 2}", "{name: 1, b: {name: 2}}"),
        ])
    func resolution(text: String, expected: String) {
        #expect(problems(text) == [])
        #expect(outline(reading(text).root) == expected)
    }

    @Test("An alias has the place of its anchor")
    func position() throws {
        let root = try #require(reading("a: &x [1]\nb: *x").root)
        #expect(root["b"]?.line == 1)
    }

    @Test(
        "Invalid aliases and merge keys are reported at their place",
        arguments: [
            ("a: *x", ["1:4: the alias `*x` is not defined; define `&x` above it, or delete the alias"]),
            (
                "a: &x [*x]",
                ["1:8: the alias `*x` is inside the anchor `&x`, so it would repeat without end; delete the alias"]
            ),
            (
                "a: &x 1\na2: &x 2\nb: *x",
                [
                    "2:5: the anchor `&x` is already defined at line 1, column 4; rename one of the two"
                ]
            ),
            (
                "a: &x {b: &x [1]}\nc: *x",
                [
                    "1:11: the anchor `&x` is already defined at line 1, column 4; rename one of the two"
                ]
            ),
            ("<<: 1", ["1:1: the merge key `<<` takes a mapping or a list of mappings, as in `<<: *name`"]),
            ("<<: [{a: 1}, 2]", ["1:14: the merge key `<<` takes a mapping or a list of mappings, as in `<<: *name`"]),
            (
                "a: &x {k: 1}\nb:\n  <<: *x\n  <<: *x",
                [
                    "4:3: the key `<<` is already defined at line 3, column 3; merge several mappings with one list:"
                        + " `<<: [*a, *b]`"
                ]
            ),
        ])
    func misuse(text: String, expected: [String]) {
        #expect(problems(text) == expected)
    }

    @Test("Multiplying aliases are refused without expansion")
    func bomb() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...60 {
            let list = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(list)]\n"
        }
        let found = problems(text)
        #expect(
            found == [
                "6:45: with the alias `*a4`, the aliases of this file expand to more than 1000000 keys and"
                    + " values; use fewer aliases"
            ])
    }

    @Test("Aliases for exactly a million nodes are read")
    func justBelow() {
        // A list of 999 texts has a thousand nodes.
        let list = "a: &a [" + Array(repeating: "x", count: 999).joined(separator: ",") + "]\nb:\n"
        let most = list + String(repeating: "- *a\n", count: 1_000)
        #expect(problems(most) == [])
        #expect(problems(most + "- *a\n").count == 1)
    }

    @Test("Merge keys that copy endlessly are refused")
    func mergeBomb() {
        let innermost = (0..<2_000).map { "k\($0): 1" }.joined(separator: ", ")
        let text =
            String(repeating: "{<<: ", count: 900) + "{\(innermost)}" + String(repeating: "}", count: 900)
        #expect(problems(text).count == 1)
        #expect(problems(text).first?.contains("copy more than 1000000 keys") == true)
    }
}
