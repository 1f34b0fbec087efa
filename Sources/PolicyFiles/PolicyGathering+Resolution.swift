import Membership

extension PolicyGathering {
    /// Looks up all names, checks what can only be seen as a whole, and closes the books.
    consuming func finish() -> PolicyReading {
        let bound = bindPeople()
        resolveEntries(bound)
        let holders = TeamGraph(index: index).check(log: &log)
        checkGroups(holders)
        if !log.hasErrors { warnOfKeptMembers() }
        warnOfLookalikes()
        if groupPlaces.isEmpty, !log.hasErrors, let file = index.files.first {
            log.warning(
                "no policy describes a group, so there is nothing to keep in order; add `groups`",
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

    /// Which person each name means, and which records turned out to be one person.
    private struct BoundPeople {
        var bySymbol: [Int: Int] = [:]
        var replaced: [Int: Int] = [:]
    }

    /// Gives people their names; two names for one number or LID are noted.
    private mutating func bindPeople() -> BoundPeople {
        var bound = BoundPeople()
        for definition in definitions {
            guard case .person(let phone, let lid) = definition.meaning else { continue }
            let byPhone = phone.flatMap(PhoneNumber.init(digits:)).map { person(.phone($0)) }
            let byLID = lid.flatMap(LID.init(digits:)).map { person(.lid($0)) }
            guard let primary = byPhone ?? byLID else { continue }
            let rivals = [(byPhone, "number"), (byLID, "LID")].compactMap { person, what in
                person.flatMap { named(bound.replaced[$0] ?? $0) }.map { ($0, what) }
            }
            // The name still means someone, so that the entries that use it are not wrong as well.
            bound.bySymbol[definition.symbol] = primary
            if let (rival, what) = rivals.first {
                log.error(
                    "\(quoted(index.symbols[definition.symbol])) has the same \(what) as"
                        + " \(quoted(index.symbols[rival.symbol])) at \(index.location(rival.place)); keep one name"
                        + " for one person", at: index.location(definition.place))
                continue
            }
            index.people[primary].name = UInt32(definition.symbol + 1)
            if let day = lastDays[definition.symbol] {
                index.departures[primary] = UInt32(index.terms.count)
                index.terms.append(EntryTerms(until: day))
            }
            if let byPhone, let byLID, byPhone != byLID {
                index.people[byPhone].lid = index.people[byLID].lid
                // Nothing refers to the record of the bare LID from here on.
                index.people[byLID].lid = 0
                bound.replaced[byLID] = byPhone
            }
        }
        return bound
    }

    /// The definition that gave a person a name; nil where none did.
    private func named(_ person: Int) -> Definition? {
        let name = Int(index.people[person].name)
        return name == 0 ? nil : definitionBySymbol[name - 1].map { definitions[$0] }
    }

    /// Puts people and teams where names stand; a name that nobody has is noted.
    private mutating func resolveEntries(_ bound: BoundPeople) {
        var suggester = SpellingSuggester()
        let names = definitions.map { index.symbols[$0.symbol] }
        for position in index.entries.indices {
            let target = index.entries[position].target
            switch target.kind {
            case .team: break
            case .person:
                if let other = bound.replaced[target.index] { index.entries[position].target = .person(other) }
            case .symbol:
                guard let number = definitionBySymbol[target.index] else {
                    // What could not be read may well define the name.
                    if mayMissNames { continue }
                    let name = index.symbols[target.index]
                    let hint = suggester.hint(for: name, among: names)
                    log.error(
                        "there is no person or team \(quoted(name))" + Lookalikes.aside(on: name)
                            + (hint.isEmpty ? "; define it in `people` or `teams`" : hint),
                        at: index.location(index.entries[position].place))
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
    }

    /// Notes groups that nobody would be in, unless their policy says so in so many words.
    private mutating func checkGroups(_ holders: [Bool]) {
        for group in index.groups where !group.mayBeEmpty && !group.isIncomplete {
            let entries = [group.admins, group.members].flatMap { index.entries[$0.indices] }
            let isHeld = entries.contains { $0.target.kind != .team || holders[$0.target.index] }
            if isHeld { continue }
            let reason =
                entries.isEmpty ? "`admins` and `members` name nobody" : "the teams and files that it names are empty"
            log.error(
                "\(reason), so everyone would be taken out of this group; if that is meant, write `mode: exact` and"
                    + " `empty: true`", at: index.location(group.place))
        }
    }

    /// Notes entries of `keep` that name someone whom the group asks for on every day: one of the two is a slip, and `keep`
    /// wins silently.
    private mutating func warnOfKeptMembers() {
        for group in index.groups where !group.kept.indices.isEmpty {
            var wanted = MembershipWalk(contents: index, day: nil)
            wanted.follow(group.admins, role: .admin)
            wanted.follow(group.members, role: .member)
            for position in group.kept.indices {
                var kept = MembershipWalk(contents: index, day: nil)
                kept.follow(EntryRange(position..<position + 1), role: .member)
                let count = kept.people.intersection(wanted.people).count
                guard count > 0 else { continue }
                let entry = index.entries[position]
                let who = entry.target.kind == .person ? "this person" : "\(count) of these people"
                log.warning(
                    "`admins` or `members` of the group ask for \(who) as well; `keep` wins, so nothing is done about"
                        + " them; name them in one place", at: index.location(entry.place))
            }
        }
    }
}
