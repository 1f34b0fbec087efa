import Membership

extension PolicyFileFinder {
    /// Why a file that stands in a searched folder, and looks like a policy, is not read; nil for other files.
    ///
    /// What people and editors put aside, such as `staff.yaml.bak`, is no slip.
    static func oversight(name: String, path: String) -> String? {
        let tidy = String(name.reversed().drop { $0.isWhitespace || $0 == "." }.reversed()).lowercased()
        guard !name.hasSuffix("~"), !name.hasPrefix("#") else { return nil }
        for (ending, meant) in [
            (".yaml", ".yaml"), (".yml", ".yml"), (".yaml.txt", ".yaml"), (".yml.txt", ".yml"), (".yalm", ".yaml"),
            (".ymal", ".yaml"), (".yam", ".yaml"),
        ] where tidy.hasSuffix(ending) {
            let start = name.index(name.startIndex, offsetBy: min(name.count, tidy.count - ending.count))
            return advice + quoted(name[..<start] + meant)
        }
        // JSON is YAML, and a policy in it would be read.
        if tidy.hasSuffix(".json"), !tidy.hasSuffix(".schema.json"), holdsSections(path) {
            return advice + quoted(name.dropLast(name.count - tidy.count + ".json".count) + ".yaml")
        }
        return nil
    }

    private static let advice =
        "this file looks like a policy, and is not read, since its name does not end in .yaml or .yml; name it "

    /// Whether the beginning of a JSON file has a key of a policy.
    private static func holdsSections(_ path: String) -> Bool {
        guard let bytes = try? DiskFile.contents(of: path, limit: 1_048_576) else { return false }
        let text = String(decoding: bytes.prefix(65_536), as: UTF8.self)
        return ["\"groups\"", "\"people\"", "\"teams\""].contains { text.contains($0) }
    }
}
