import Core

extension PolicyFileFinder {
    /// Returns a warning for a file that looks like a policy but is not read; nil for other files.
    ///
    /// Backups and other files put aside, such as `staff.yaml.bak`, get no warning.
    static func oversight(name: String, path: String) -> String? {
        let tidy = String(name.reversed().drop { $0.isWhitespace || $0 == "." }.reversed()).lowercased()
        guard !name.hasSuffix("~"), !name.hasPrefix("#") else { return nil }
        let shown = Confusables.skeleton(of: InvisibleCharacter.removed(from: tidy))
        if shown != tidy, shown.hasSuffix(".yaml") || shown.hasSuffix(".yml") { return advice + quoted(shown) }
        for (ending, meant) in [
            (".yaml", ".yaml"), (".yml", ".yml"), (".yaml.txt", ".yaml"), (".yml.txt", ".yml"), (".yalm", ".yaml"),
            (".ymal", ".yaml"), (".yam", ".yaml"),
        ] where tidy.hasSuffix(ending) {
            let start = name.index(name.startIndex, offsetBy: min(name.count, tidy.count - ending.count))
            return advice + quoted(name[..<start] + meant)
        }
        // JSON is YAML, so such a policy would be valid.
        if tidy.hasSuffix(".json"), !tidy.hasSuffix(".schema.json"), holdsSections(path) {
            return advice + quoted(name.dropLast(name.count - tidy.count + ".json".count) + ".yaml")
        }
        let isPutAside = putAside.contains { tidy.hasSuffix($0) }
        if !isPutAside, !tidy.hasSuffix(".md"), !tidy.hasSuffix(".csv"), describesGroups(path) {
            let stem = tidy.firstRange(of: ".ya").map { tidy[..<$0.lowerBound] } ?? tidy.prefix { $0 != "." }
            return advice + quoted(stem + ".yaml")
        }
        return nil
    }

    /// The endings of files that people and programs put aside.
    private static let putAside = [
        ".bak", ".orig", ".old", ".swp", ".disabled", ".off", ".example", ".sample", ".tmpl", ".template", ".j2",
        ".rej", ".save",
        ".dist",
    ]

    private static let advice =
        "this file looks like a policy but is not read, because its name does not end in .yaml or .yml; name it "

    /// Whether a file has a line that starts with `groups:`, and a group id.
    private static func describesGroups(_ path: String) -> Bool {
        guard let text = beginning(of: path) else { return false }
        return ("\n" + text).contains("\ngroups:") && text.contains("@g.us")
    }

    /// Whether the start of a JSON file contains a key of a policy.
    private static func holdsSections(_ path: String) -> Bool {
        guard let text = beginning(of: path) else { return false }
        return ["\"groups\"", "\"people\"", "\"teams\""].contains { text.contains($0) }
    }

    /// Returns the first 64 KiB of a file; nil if it cannot be read, or is too large for a hand-written policy.
    private static func beginning(of path: String) -> String? {
        guard let bytes = try? DiskFile.contents(of: path, limit: 1_048_576) else { return nil }
        return String(decoding: bytes.prefix(65_536), as: UTF8.self)
    }
}
