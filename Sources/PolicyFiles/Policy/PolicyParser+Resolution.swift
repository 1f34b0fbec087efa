import Core

extension PolicyParser {
    /// Resolves names, validates the policies as a whole, and builds the `PolicySet`; no policies if there is an error.
    consuming func finish() -> PolicyReading {
        let bound = bindPeople()
        resolveEntries(bound)
        let containingLists = TeamGraph(index: index).check(log: &log)
        checkGroups(containingLists)
        if !log.hasErrors { warnOfKeptMembers() }
        warnOfLookalikes()
        if groupPositions.isEmpty, !log.hasErrors, let file = index.files.first {
            log.warning(
                "no policy has a group, so there is nothing to do; add `groups`",
                at: SourceLocation(file: file, line: 1, column: 1))
        }
        if log.hasErrors { return PolicyReading(policies: nil, diagnostics: log.sorted()) }
        index.groups.sort { $0.key < $1.key }
        index.rankPeople()
        let counts = PolicyCounts(
            files: digest.count, people: index.people.count - bound.replaced.count,
            teams: index.teams.count(where: { $0.name != nil }), groups: index.groups.count)
        let policies = PolicySet(
            groups: index.groups.map(\.key), digest: digest.text, counts: counts, contents: index, named: index.named)
        return PolicyReading(policies: policies, diagnostics: log.sorted())
    }

    /// The person of each name, and the records that were merged into another.
    private struct ResolvedPeople {
        var bySymbol: [Int: Int] = [:]
        var replaced: [Int: Int] = [:]
    }

    /// Gives people their names; reports two names for one number or LID.
    private mutating func bindPeople() -> ResolvedPeople {
        var bound = ResolvedPeople()
        for definition in definitions {
            guard case .person(let byPhone, let byLID) = definition.meaning, let primary = byPhone ?? byLID else {
                continue
            }
            let rivals = [(byPhone, "number"), (byLID, "LID")].compactMap { person, what in
                person.flatMap { named(bound.replaced[$0] ?? $0) }.map { ($0, what) }
            }
            // Bind the name anyway, so that entries that use it cause no further errors.
            bound.bySymbol[definition.symbol] = primary
            if let (rival, what) = rivals.first {
                log.error(
                    "\(quoted(index.symbols[definition.symbol])) has the same \(what) as"
                        + " \(quoted(index.symbols[rival.symbol])) at \(index.location(rival.position)); keep only one of"
                        + " the two names", at: index.location(definition.position))
                continue
            }
            index.people[primary].name = UInt32(definition.symbol + 1)
            if let day = lastDays[definition.symbol] {
                index.departures[primary] = UInt32(index.terms.count)
                index.terms.append(EntryTerms(until: day))
            }
            if let byPhone, let byLID, byPhone != byLID {
                index.people[byPhone].lid = index.people[byLID].lid
                // From here on, nothing refers to the record of the LID alone.
                index.people[byLID].lid = 0
                bound.replaced[byLID] = byPhone
            }
        }
        return bound
    }

    /// Returns the definition that named a person; nil if none did.
    private func named(_ person: Int) -> Definition? {
        let name = Int(index.people[person].name)
        return name == 0 ? nil : definitionBySymbol[name - 1].map { definitions[$0] }
    }

    /// Replaces names in entries by people and teams; reports undefined names.
    private mutating func resolveEntries(_ bound: ResolvedPeople) {
        var undefined: [(symbol: Int, position: FilePosition)] = []
        for position in index.entries.indices {
            let target = index.entries[position].target
            switch target.kind {
            case .team: break
            case .person:
                if let other = bound.replaced[target.index] { index.entries[position].target = .person(other) }
            case .symbol:
                guard let number = definitionBySymbol[target.index] else {
                    // A file that could not be read may define the name.
                    if !hasUnreadFiles { undefined.append((target.index, index.entries[position].position)) }
                    continue
                }
                switch definitions[number].meaning {
                case .team(let team): index.entries[position].target = .team(team)
                case .person:
                    if let person = bound.bySymbol[target.index] {
                        index.entries[position].target = .person(bound.replaced[person] ?? person)
                    }
                }
            }
        }
        reportUndefinedNames(undefined)
    }

    /// Reports each entry with an undefined name; suggests another name unless the two differ only in digits.
    private mutating func reportUndefinedNames(_ uses: [(symbol: Int, position: FilePosition)]) {
        var suggester = SpellingSuggester()
        let names = definitions.map { index.symbols[$0.symbol] }
        let usesBySymbol = Dictionary(grouping: uses) { $0.symbol }
        var messages: [Int: String] = [:]
        for use in uses {
            if messages[use.symbol] == nil {
                let name = index.symbols[use.symbol]
                let positions = (usesBySymbol[use.symbol] ?? []).map { $0.position }
                var meant = suggester.nearest(to: name, among: names)
                if let word = meant, Self.differOnlyInDigits(word, name) { meant = nil }
                messages[use.symbol] = sentence(onUndefined: name, at: positions, meant: meant)
            }
            log.error(messages[use.symbol] ?? "", at: index.location(use.position))
        }
    }

    /// Returns the message for an undefined name; a name that several entries use was probably deleted from `people`.
    private func sentence(onUndefined name: String, at positions: [FilePosition], meant: String?) -> String {
        let start = "no person or team \(quoted(name))\(Confusables.aside(on: name))"
        let suggestion = meant.map { "; did you mean \(quoted($0))?" }
        guard positions.count > 1 else {
            return start + (suggestion ?? "; define it under `people` or `teams`, or delete the entry")
        }
        let listed = positions.prefix(3).map { index.location($0).description }.joined(separator: ", ")
        let more = positions.count > 3 ? ", …" : ""
        let advice = "remove it there, or define it under `people` or `teams`"
        return "\(start), but it is used at \(listed)\(more); \(advice)" + (suggestion ?? "")
    }

    /// True for names such as `class1` and `class2`, which are hardly a typing mistake.
    private static func differOnlyInDigits(_ left: String, _ right: String) -> Bool {
        let (left, right) = (left.lowercased(), right.lowercased())
        return left != right && left.filter { !$0.isNumber } == right.filter { !$0.isNumber }
    }

    /// Reports groups without people, unless their policy says `empty: true`.
    private mutating func checkGroups(_ containingLists: [Bool]) {
        for group in index.groups where !group.mayBeEmpty && !group.isIncomplete {
            let entries = [group.admins, group.members].flatMap { index.entries[$0] }
            let isHeld = entries.contains { $0.target.kind != .team || containingLists[$0.target.index] }
            if isHeld { continue }
            let reason =
                entries.isEmpty ? "`admins` and `members` are empty" : "all teams and files of this group are empty"
            log.error(
                "\(reason), so everyone would be removed from the group; list people, or write `mode: exact` and"
                    + " `empty: true` if you mean it", at: index.location(group.position))
        }
    }

    /// Warns of people under `keep` that the group also wants on every day, since `keep` silently wins.
    private mutating func warnOfKeptMembers() {
        for group in index.groups where !group.kept.isEmpty {
            let wanted = MembershipWalk(contents: index, day: nil, (group.admins, .admin), (group.members, .member))
            for position in group.kept {
                let kept = MembershipWalk(contents: index, day: nil, (position..<position + 1, .member))
                let count = kept.people.intersection(wanted.people).count
                guard count > 0 else { continue }
                let entry = index.entries[position]
                let who = entry.target.kind == .person ? "this person" : "\(count) of these people"
                log.warning(
                    "`admins` or `members` of the group also name \(who); `keep` wins, so Rollcall never changes them;"
                        + " name them in one place", at: index.location(entry.position))
            }
        }
    }
}
