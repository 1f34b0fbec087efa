import Core
import LocatedYAML

extension PolicyParser {
    /// Reads the section `people` of a file.
    mutating func readPeople(_ node: YAMLNode, of source: PolicySource) {
        guard node.kind == .mapping else {
            hasUnreadFiles = true
            log.error(
                "`people` must have a number for each name, such as `alice: +62 812-3456-7890`, not \(described(node))",
                at: source.location(node))
            return
        }
        for (key, value) in node.pairs {
            guard let symbol = definedName(key, of: source) else { continue }
            define(symbol, at: key, of: source, as: readPerson(value, key: key, symbol, of: source))
        }
    }

    /// Returns the symbol of a name that a file defines; reports it and returns nil if it is not well-formed.
    mutating func definedName(_ key: YAMLNode, of source: PolicySource) -> Int? {
        let name = key.text
        guard PersonName.isWellFormed(name) else {
            if let hidden = InvisibleCharacter.first(in: name) {
                log.error(
                    "the name \(quoted(name)) contains the invisible character \(hidden); delete it and type it again",
                    at: source.location(key))
                return nil
            }
            log.error("\(quoted(name)) is not a valid name; \(PersonName.rule)", at: source.location(key))
            return nil
        }
        return symbol(name)
    }

    /// Defines a name; reports and ignores a second definition.
    mutating func define(_ symbol: Int, at key: YAMLNode, of source: PolicySource, as meaning: Definition.Meaning) {
        if let first = definitionBySymbol[symbol] {
            let earlier = definitions[first]
            let what =
                switch earlier.meaning {
                case .person: "a person"
                case .team: "a team"
                }
            log.error(
                "the name \(quoted(index.symbols[symbol])) is already \(what) at \(index.location(earlier.position));"
                    + " people and teams of all files share one set of names, so rename one",
                at: source.location(key))
            return
        }
        definitionBySymbol[symbol] = definitions.count
        definitions.append(Definition(symbol: symbol, position: source.position(key), meaning: meaning))
    }

    /// Reads one line of `people`; returns a person without digits if it is wrong.
    private mutating func readPerson(
        _ value: YAMLNode, key: YAMLNode, _ symbol: Int, of source: PolicySource
    ) -> Definition.Meaning {
        if value.kind == .mapping { return readDetailedPerson(value, symbol, of: source) }
        switch EntryText(value) {
        case .account(.phone(let phone)):
            warnOfStrayZero(in: .phone(phone), at: source.position(value))
            return .person(byPhone: person(.phone(phone)), byLID: nil)
        case .account(.lid(let lid)): return .person(byPhone: nil, byLID: person(.lid(lid)))
        case .name(let name):
            log.error(
                "\(quoted(name)) is not a phone number; write a number such as +62 812-3456-7890, or a JID",
                at: source.location(value))
        case .nothing:
            log.error(
                "\(quoted(key.text)) has no number; write one such as +62 812-3456-7890, or delete the line",
                at: source.location(key))
        case .wrong(let sentence): log.error(sentence, at: source.location(value))
        }
        return .person(byPhone: nil, byLID: nil)
    }

    private mutating func readDetailedPerson(
        _ value: YAMLNode, _ symbol: Int, of source: PolicySource
    ) -> Definition.Meaning {
        let name = shown(index.symbols[symbol])
        guard
            let fields = CheckedMapping(
                value, in: source.file.name, what: "a person", keys: ["phone", "lid", "note", "until"],
                advice: [
                    "from": "put it on the list entry: `{ who: \(name), from: 2026-12-31 }`",
                    "reason": "put it on the list entry: `{ who: \(name), reason: contractor }`",
                ], log: &log)
        else { return .person(byPhone: nil, byLID: nil) }
        var (byPhone, byLID): (Int?, Int?) = (nil, nil)
        _ = fields.text("note", log: &log)
        lastDays[symbol] = fields.day("until", log: &log)
        if let node = fields.value("phone") {
            switch EntryText(node) {
            case .account(.phone(let found)):
                warnOfStrayZero(in: .phone(found), at: source.position(node))
                byPhone = person(.phone(found))
            case .account(.lid):
                log.error("`phone` must be a phone number; write this LID under `lid`", at: source.location(node))
            case .name, .nothing:
                log.error(
                    "`phone` must be a phone number such as +62 812-3456-7890, not \(quoted(node.text))",
                    at: source.location(node))
            case .wrong(let sentence): log.error(sentence, at: source.location(node))
            }
        }
        if let node = fields.value("lid") {
            if case .account(.lid(let found)) = EntryText(node) {
                byLID = person(.lid(found))
            } else {
                log.error(
                    "`lid` must be an id that ends in @lid, such as 205227043110953@lid, not \(quoted(node.text))",
                    at: source.location(node))
            }
        }
        if fields.value("phone") == nil, fields.value("lid") == nil {
            log.error("the person has no `phone` and no `lid`; write at least one of them", at: source.location(value))
        }
        return .person(byPhone: byPhone, byLID: byLID)
    }

    /// Warns of a number that still has the trunk prefix, usually a zero, after its country code.
    mutating func warnOfStrayZero(in account: AccountID, at position: FilePosition) {
        guard let phone = account.phone, let (code, number) = phone.withoutStrayTrunk else { return }
        let trunk = phone.e164.dropFirst(code.description.count).dropLast(number.count - code.description.count)
        log.warning(
            "\(phone) has the prefix \(trunk) after the country code \(code); this prefix is only for calls inside the"
                + " country; write \(number)", at: index.location(position))
    }
}
