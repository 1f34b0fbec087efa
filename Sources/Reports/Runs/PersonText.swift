import Core
import PolicyFiles
import Reconciliation
import RunLedger

/// A person's memberships and history as text.
package struct PersonText: Sendable {
    private let painter: Painter

    /// Creates the text for a painter.
    package init(painter: Painter) { self.painter = painter }

    /// Returns the whole text, with a final line break.
    package func render(_ account: PersonReport) -> String {
        let person = account.person
        let names = [person.name, person.phone?.e164, person.lid?.description].compactMap(\.self)
        var lines = [painter.paint(painter.line(names.joined(separator: "  ").escapedForTerminal), .strong), ""]
        lines.append(painter.paint("In the policy", .strong))
        lines += mentions(of: account)
        lines += ["", painter.paint("In the ledger", .strong)]
        let known = identityLines(account.history) + standingLines(account)
        lines += known.map { painter.line($0, hanging: 6) } + eventLines(account)
        if account.history.isEmpty { lines.append(painter.line("  The ledger has nothing about this person.")) }
        return lines.joined(separator: "\n") + "\n"
    }

    private func mentions(of account: PersonReport) -> [String] {
        guard !account.mentions.isEmpty else {
            return [painter.line("  No policy entry names this person for a group.")]
        }
        var table = TextTable(indent: 2, width: painter.width)
        for mention in account.mentions {
            var notes: [String] = []
            if !mention.teams.isEmpty { notes.append("through \(mention.teams.joined(separator: " › "))") }
            switch (mention.from, mention.until) {
            case (let from?, let until?): notes.append("from \(from) until \(until)")
            case (let from?, nil): notes.append("from \(from)")
            case (nil, let until?): notes.append("until \(until)")
            case (nil, nil): break
            }
            if !mention.counts(on: account.today) { notes.append("dates exclude today") }
            if let reason = mention.reason { notes.append("(\(reason))") }
            let source = "\(mention.source)" + (notes.isEmpty ? "" : "  \(notes.joined(separator: ", "))")
            table.add([
                mention.list.rawValue, title(of: mention.group, account), mention.group.group.jid,
                source.escapedForTerminal,
            ])
        }
        return table.lines().map { "  " + $0.joined() }
    }

    private func title(of group: GroupKey, _ account: PersonReport) -> String {
        (account.groupNames[group] ?? "(no name)").escapedForTerminal
    }

    private func identityLines(_ history: PersonHistory) -> [String] {
        history.identities.map { identity in
            "  \(identity.phone.e164) is \(identity.lid) in session \(identity.session.session), "
                + "seen from \(identity.firstSeenAt.date) to \(identity.lastSeenAt.date)"
        }
            + history.checks.map { check in
                let asked = "looked up by session \(check.session.session) on \(check.answer.checkedAt.date)"
                guard check.answer.isOnWhatsApp else {
                    return "  \(check.phone.e164) has no account on WhatsApp, \(asked)"
                }
                let account = check.answer.account.map { "the account \($0)" } ?? "an account"
                return "  \(check.phone.e164) has \(account) on WhatsApp, \(asked)"
            }
    }

    private func standingLines(_ account: PersonReport) -> [String] {
        account.history.groups.sorted { $0.key < $1.key }.flatMap { key, standing in
            let position = "  \(title(of: key, account))  \(key.group)  "
            var lines: [String] = []
            if let declined = standing.declined {
                let times = declined.tries == 1 ? "once" : "\(declined.tries) times"
                lines.append("\(position)added \(times) but never appeared, last try on \(declined.lastTriedAt.date)")
            }
            if let since = standing.deferredSince { lines.append("\(position)waiting to be added since \(since.date)") }
            if let sighting = standing.sighting {
                let removal = sighting.wasRemovedByUs ? ", then removed by a run" : ""
                lines.append("\(position)last seen on \(sighting.lastSeenAt.date)\(removal)")
            }
            lines += standing.holds.map { hold in
                return "\(position)\(Hold.beginning(ofKind: hold.kind)): \(hold.message)".escapedForTerminal
            }
            return lines
        }
    }

    private func eventLines(_ account: PersonReport) -> [String] {
        var table = TextTable(indent: 2, width: painter.width)
        for event in account.history.events {
            let action = event.action
            let symbol = action.operation.symbol
            let isPlanned = event.command != "apply" && action.status == .planned
            table.add([
                (action.sentAt ?? action.plannedAt).iso8601,
                "\(symbol) \(action.operation.rawValue)".escapedForTerminal,
                isPlanned ? "planned only" : action.status.word, title(of: action.key, account),
                "run \(event.run.text)" + (action.error.map { "  \($0)" } ?? "").escapedForTerminal,
            ])
        }
        var lines = table.lines().map { "  " + $0.joined() }
        let left = account.history.eventCount - account.history.events.count
        if left > 0 { lines.append("  and \(left) earlier") }
        return lines
    }
}
