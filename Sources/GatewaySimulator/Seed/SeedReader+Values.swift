import Core
import LocatedYAML

extension SeedReader {
    /// Returns the values of a mapping by key, without nulls; reports unknown keys.
    ///
    /// The known keys are words; a null counts if the word is a value of the key, as `nullWords` says.
    mutating func fields(
        of node: YAMLNode, _ what: String, known words: String, nullWords: [String] = []
    ) -> [String: YAMLNode]? {
        if node.isNull { return [:] }
        let known = words.split(separator: " ").map(String.init)
        guard node.kind == .mapping else {
            report(node, "\(what) must be a mapping with the keys \(known.joined(separator: ", "))")
            return nil
        }
        var fields: [String: YAMLNode] = [:]
        for (key, value) in node.pairs {
            let name = key.text
            guard known.contains(name) else {
                let hint = Self.hint(name, known, otherwise: "; known keys: \(known.joined(separator: ", "))")
                report(key, "unknown key '\(name)' in \(what)\(hint)")
                continue
            }
            let isMissing = nullWords.contains(name) ? value.kind == .scalar && value.text.isEmpty : value.isNull
            if !isMissing { fields[name] = value }
        }
        return fields
    }

    /// Returns the keys and values of a mapping with free names.
    mutating func entries(_ fields: [String: YAMLNode], _ key: String) -> [(key: YAMLNode, value: YAMLNode)] {
        guard let node = fields[key], !node.isNull else { return [] }
        guard node.kind == .mapping else {
            report(node, "\(key) must be a mapping from names to values")
            return []
        }
        return Array(node.pairs)
    }

    /// Returns the items of a list.
    mutating func list(_ fields: [String: YAMLNode], _ key: String) -> [YAMLNode] {
        guard let node = fields[key], !node.isNull else { return [] }
        guard node.kind == .sequence else {
            report(node, "\(key) must be a list; write [a, b] or one entry per line after a dash")
            return []
        }
        return Array(node.items)
    }

    /// Reads a text.
    mutating func text(_ fields: [String: YAMLNode], _ key: String) -> String? {
        guard let node = fields[key] else { return nil }
        guard node.kind == .scalar else {
            report(node, "\(key) must be text")
            return nil
        }
        return node.text
    }

    /// Reads a whole number in a range.
    mutating func integer<Number: FixedWidthInteger>(
        _ fields: [String: YAMLNode], _ key: String, in range: ClosedRange<Number>
    ) -> Number? {
        guard let node = fields[key] else { return nil }
        guard node.kind == .scalar, let number = Number(node.text), range.contains(number) else {
            report(node, "\(key) must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return number
    }

    /// Reads true or false.
    mutating func boolean(_ fields: [String: YAMLNode], _ key: String) -> Bool? {
        guard let node = fields[key] else { return nil }
        let isTrue = node.hasText("true")
        if !isTrue, !node.hasText("false") { report(node, "\(key) must be true or false") }
        return isTrue
    }

    /// Reads one of a few words.
    mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(_ node: YAMLNode?) -> Choice? {
        guard let node else { return nil }
        if node.kind == .scalar, let choice = Choice(rawValue: node.text) { return choice }
        let words = Choice.allCases.map(\.rawValue)
        report(node, "'\(node.text)' is not one of \(words.joined(separator: ", "))\(Self.hint(node.text, words))")
        return nil
    }

    /// Reads a phone number, written as people do or as a JID.
    mutating func phone(_ node: YAMLNode) -> PhoneNumber? {
        if let phone = Self.phone(node.text) { return phone }
        report(node, "'\(node.text)' is not a phone number; write it like +62 812-3456-7890")
        return nil
    }

    /// Returns the number of a person given by name or number; nil if unknown.
    func knownPhone(_ text: String) -> PhoneNumber? { people[text] ?? Self.phone(text) }

    private static func phone(_ text: String) -> PhoneNumber? {
        if case .phone(let phone)? = try? AccountID(parsing: text) { return phone }
        return try? PhoneNumber(parsing: text)
    }

    /// Reads a person given by name or number; returns the number.
    mutating func person(_ node: YAMLNode?) -> PhoneNumber? {
        guard let node else { return nil }
        guard node.kind == .scalar else {
            report(node, "a person must be a name from people, or a phone number")
            return nil
        }
        let text = node.text
        if let phone = people[text] { return phone }
        if text.hasPrefix("+") || text.hasPrefix("00") || text.contains("@") { return phone(node) }
        let hint = Self.hint(text, Array(people.keys), otherwise: "; add them there, or write a number with +")
        report(node, "no person '\(text)' under people\(hint)")
        return nil
    }

    /// Reads whether numbers are shown or hidden.
    mutating func visibilities(_ fields: [String: YAMLNode]) -> [PhoneNumber: NumberVisibility] {
        var numbers: [PhoneNumber: NumberVisibility] = [:]
        for (name, node) in entries(fields, "numbers") { if let phone = person(name) { numbers[phone] = choice(node) } }
        return numbers
    }

    /// Reads how far stored copies are behind.
    mutating func lag(_ node: YAMLNode?) -> Lag? {
        guard let node, let fields = fields(of: node, "lag", known: "milliseconds reads") else { return nil }
        return Lag(
            milliseconds: integer(fields, "milliseconds", in: 0...86_400_000) ?? 0,
            reads: integer(fields, "reads", in: 0...1_000_000) ?? 0)
    }

    /// Returns the end of a message about an unknown word: the word that was probably meant, or else other advice.
    static func hint(_ word: String, _ known: [String], otherwise: String = "") -> String {
        nearest(to: word, among: known).map { "; did you mean '\($0)'?" } ?? otherwise
    }

    /// Returns the known word nearest to a misspelt one; nil if none is near.
    static func nearest(to word: String, among known: [String]) -> String? {
        guard word.utf8.count <= 64 else { return nil }
        let ranked = known.sorted().filter { $0.utf8.count <= 64 }
            .map { (word: $0, distance: distance(Array(word.utf8), Array($0.utf8))) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
        return best.distance <= max(1, word.utf8.count / 3) ? best.word : nil
    }

    /// Returns the Levenshtein distance, computed one row at a time.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (line, byte) in left.enumerated() {
            var diagonal = row[0]
            row[0] = line + 1
            for (column, other) in right.enumerated() {
                let substituted = diagonal + (byte == other ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(substituted, row[column] + 1, row[column + 1] + 1)
            }
        }
        return row[right.count]
    }
}
