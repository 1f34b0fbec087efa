import GRDB
import Membership

extension ReportReader {
    /// Whoever was added or removed, or promoted or demoted, twice within thirty days and was to be again: what plans of the
    /// covered time pointed out.
    func flapping(since covered: CoveredRuns) throws -> [FlappingPerson] {
        guard let first = covered.records.map(\.startedAt).min() else { return [] }
        var people: [FlappingPerson] = []
        var current: Coming?
        // What the columns of the person hold, so that only a change of it is read.
        var words: [DatabaseValue] = []
        try rows(
            """
            WITH often AS MATERIALIZED (
                SELECT gateway, session, group_jid, phone FROM actions WHERE status = 'confirmed' AND sent_at >= :first
                GROUP BY gateway, session, group_jid, phone HAVING count(*) > :fewest
                OR (count(*) = :fewest AND julianday(max(sent_at)) - julianday(min(sent_at)) <= :window))
            SELECT gateway, session, group_jid, phone, op, status, person, planned_at, sent_at
            FROM often CROSS JOIN actions USING (gateway, session, group_jid, phone) WHERE planned_at >= :first
            ORDER BY gateway, session, group_jid, phone, actions.id
            """, ["first": first.iso8601, "fewest": Turns.fewest, "window": Double(Turns.window) / 86_400_000]
        ) { row in
            let ownWords: [DatabaseValue] = [row[3], row[2], row[1], row[0]]
            if ownWords != words {
                if let one = current?.result { people.append(one) }
                current = Coming(person: PersonInGroup(key: try row.groupKey(), phone: try row.phone()))
                words = ownWords
            }
            try current?.take(row)
        }
        if let one = current?.result { people.append(one) }
        return people.sorted { $0.listingOrder < $1.listingOrder }
    }
}

/// One person's coming and going in one group, action by action.
private struct Coming {
    let person: PersonInGroup
    private var name: String?
    private var done: [(operation: String, at: Timestamp)] = []
    private var pointedOut: Set<Turns.Kind> = []

    init(person: PersonInGroup) { self.person = person }

    mutating func take(_ row: Row) throws {
        let operation: String = row["op"]
        name = row["person"] ?? name
        let since = try row.time("planned_at").advanced(byMilliseconds: -Turns.window)
        if turns({ $0.at > since }).worthTelling(before: operation) != nil { pointedOut.insert(Turns.Kind(operation)) }
        if row["status"] == ActionStatus.confirmed.rawValue {
            done.append((operation: operation, at: try row.time("sent_at")))
        }
    }

    private func turns(_ counts: ((operation: String, at: Timestamp)) -> Bool) -> Turns {
        var turns = Turns()
        for turn in done where counts(turn) { turns.count(turn.operation) }
        return turns
    }

    /// What the report says of them; nil where no plan would have pointed them out.
    var result: FlappingPerson? {
        func isPointedOut(_ turn: (operation: String, at: Timestamp)) -> Bool {
            pointedOut.contains(Turns.Kind(turn.operation))
        }
        guard let last = done.filter(isPointedOut).map(\.at).max() else { return nil }
        return FlappingPerson(
            key: person.key, phone: person.phone, person: name, turns: turns(isPointedOut), last: last)
    }
}

extension FlappingPerson {
    var listingOrder: ListingOrder {
        ListingOrder(weight: -Int64(turns.total), key: key, phone: phone)
    }
}
