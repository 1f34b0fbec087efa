import Core
import LocatedYAML

extension PolicyParser {
    private static let entryKeys = ["who", "csv", "column", "empty", "from", "until", "reason"]

    /// Reads the section `teams` of a file.
    mutating func readTeams(_ node: YAMLNode, of source: PolicySource) {
        guard node.kind == .mapping else {
            hasUnreadFiles = true
            log.error(
                "`teams` must have a list for each name, such as `leads: [alice, budi]`, not \(described(node))",
                at: source.location(node))
            return
        }
        for (key, value) in node.pairs {
            guard let symbol = definedName(key, of: source) else { continue }
            let list = readList(value, what: "a team", of: source)
            if list.range.isEmpty, !list.isIncomplete, !source.isFaulty {
                log.error(
                    "the team \(quoted(key.text)) is empty; list its people, or delete it and the entries that name it",
                    at: source.location(key))
            }
            let team = index.teams.count
            index.teams.append(
                IndexedTeam(
                    name: key.text, position: source.position(key), entries: list.range, isIncomplete: list.isIncomplete
                ))
            define(symbol, at: key, of: source, as: .team(team))
        }
    }

    /// Reads a list of people and teams; reports and skips wrong entries.
    mutating func readList(
        _ node: YAMLNode?, what: String, of source: PolicySource
    ) -> (range: Range<Int>, isIncomplete: Bool) {
        guard let node, !node.isNull else { return (0..<0, false) }
        guard node.kind == .sequence else {
            let hint = node.kind == .scalar ? "; put it in brackets: `[…]`" : ""
            log.error(
                "\(what) must be a list of people and teams, not \(described(node))\(hint)", at: source.location(node))
            return (0..<0, true)
        }
        let start = index.entries.count
        var isIncomplete = false
        for item in node.items {
            if let entry = readEntry(item, of: source) {
                index.entries.append(entry)
            } else {
                isIncomplete = true
            }
        }
        return (start..<index.entries.count, isIncomplete)
    }

    private mutating func readEntry(_ node: YAMLNode, of source: PolicySource) -> Entry? {
        switch node.kind {
        case .scalar:
            guard let target = readTarget(node, of: source) else { return nil }
            return Entry(target: target, position: source.position(node), terms: 0)
        case .sequence:
            log.error(
                "a list cannot contain a list; make the inner list a team and name the team here",
                at: source.location(node))
            return nil
        case .mapping: return readDetailedEntry(node, of: source)
        }
    }

    private mutating func readTarget(_ node: YAMLNode, of source: PolicySource) -> Entry.Target? {
        switch EntryText(node) {
        case .account(let account):
            warnOfStrayZero(in: account, at: source.position(node))
            return .person(person(account))
        case .name(let name): return .symbol(symbol(name))
        case .nothing: log.error("this entry is empty; write a person or team, or delete it", at: source.location(node))
        case .wrong(let sentence): log.error(sentence, at: source.location(node))
        }
        return nil
    }

    private mutating func readDetailedEntry(_ node: YAMLNode, of source: PolicySource) -> Entry? {
        guard
            let fields = CheckedMapping(
                node, in: source.file.name, what: "an entry", keys: Self.entryKeys, log: &log)
        else { return nil }
        let terms = readTerms(fields)
        switch (fields.value("who"), fields.value("csv")) {
        case (.some(let who), nil):
            for key in ["column", "empty"] where fields.value(key) != nil {
                log.error("`\(key)` is only for entries with `csv`; delete it", at: fields.position(of: key))
            }
            guard let target = readTarget(who, of: source) else { return nil }
            return Entry(target: target, position: source.position(node), terms: terms)
        case (nil, .some):
            guard let team = requestTable(fields, at: node, of: source) else { return nil }
            return Entry(target: .team(team), position: source.position(node), terms: terms)
        case (.some, .some):
            log.error("an entry has either `who` or `csv`, not both; make two entries", at: fields.location)
        case (nil, nil):
            log.error("an entry needs `who`, as in `{ who: alice, until: 2026-12-31 }`, or `csv`", at: fields.location)
        }
        return nil
    }

    /// Reads the terms of an entry; returns their index, 0 if it has none.
    private mutating func readTerms(_ fields: CheckedMapping) -> UInt32 {
        let terms = EntryTerms(
            from: fields.day("from", log: &log), until: fields.day("until", log: &log),
            reason: fields.text("reason", log: &log)?.text)
        if let from = terms.from, let until = terms.until, from > until {
            log.error(
                "`from` (\(from)) is after `until` (\(until)), so Rollcall always ignores the entry; correct the"
                    + " dates", at: fields.position(of: "from"))
        }
        if terms == .none { return 0 }
        index.terms.append(terms)
        return UInt32(index.terms.count - 1)
    }

    private mutating func requestTable(_ fields: CheckedMapping, at node: YAMLNode, of source: PolicySource) -> Int? {
        let column: String
        if fields.value("column") == nil {
            column = "phone"
        } else if let (text, _) = fields.text("column", log: &log) {
            column = text
        } else {
            return nil
        }
        guard let (text, location) = fields.text("csv", log: &log) else { return nil }
        for (what, name) in [("csv", text), ("column", column)] {
            guard let hidden = InvisibleCharacter.first(in: name) else { continue }
            log.error(
                "`\(what)` contains the invisible character \(hidden), so it is not the"
                    + " \(what == "csv" ? "file" : "column") name that you see; type the name again", at: location)
            return nil
        }
        guard !text.isEmpty, !text.utf8.contains(0) else {
            log.error("`csv` must be the path of a file, such as `csv: people.csv`", at: location)
            return nil
        }
        if FilePath.escapes(text), !allowsTablesOutside {
            log.error(
                "\(quoted(text)) is outside the folder of this policy; move the file into that folder, or allow it in"
                    + " rollcall.yaml with `csv: { outside: true }`", at: location)
            return nil
        }
        let key = TableRequest.Key(name: FilePath.joined(FilePath.folder(of: source.file.name), text), column: column)
        let position = FilePosition(file: source.number, line: UInt32(location.line), column: UInt32(location.column))
        let request: Int
        if let known = tableByRequest[key] {
            request = known
        } else {
            request = tables.count
            tableByRequest[key] = request
            let folder = FilePath.folder(of: source.file.path)
            tables.append(
                TableRequest(
                    key: key, path: FilePath.joined(folder, text), folder: folder, position: position,
                    team: index.teams.count
                ))
            index.teams.append(
                IndexedTeam(
                    name: nil, file: column == "phone" ? key.name : "\(key.name) (\(column))", position: position))
        }
        if fields.boolean("empty", log: &log) != true { tables[request].positionsThatNeedRows.append(position) }
        return tables[request].team
    }
}
