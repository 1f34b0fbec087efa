import Core
import PolicyFiles
import RunLedger

/// A person's memberships and history as JSON.
package enum PersonJSON {
    /// Returns the whole document.
    package static func document(_ account: PersonReport) -> JSONText {
        let (person, history) = (account.person, account.history)
        return .object([
            "person": .string(person.name), "phone": .string(person.phone?.e164),
            "lid": .string(person.lid?.description), "policy": .list(account.mentions.map { mention($0, account) }),
            "identities": .list(history.identities.map(identity)), "checks": .list(history.checks.map(check)),
            "groups": .list(history.standings.sorted { $0.key < $1.key }.map(standing)),
            "actions": .list(history.events.map(event)), "actions_in_all": .number(history.eventCount),
        ])
    }

    private static func key(_ key: GroupKey) -> [String: JSONText] {
        ["gateway": .string(key.gateway.text), "session": .string(key.session.text), "group": .string(key.group.jid)]
    }

    private static func object(_ key: GroupKey, _ members: [String: JSONText]) -> JSONText {
        .object(self.key(key).merging(members) { $1 })
    }

    private static func mention(_ mention: PolicyMention, _ account: PersonReport) -> JSONText {
        object(
            mention.group,
            [
                "name": .string(account.groupNames[mention.group]), "standing": .string(mention.standing.rawValue),
                "teams": .list(mention.teams.map { .string($0) }), "source": .string(mention.source.description),
                "from": .string(mention.from?.description), "until": .string(mention.until?.description),
                "counts_today": .boolean(mention.counts(on: account.today)), "reason": .string(mention.reason),
            ])
    }

    private static func identity(_ identity: PersonHistory.Identity) -> JSONText {
        .object([
            "gateway": .string(identity.session.gateway.text), "session": .string(identity.session.session.text),
            "lid": .string(identity.lid.description), "phone": .string(identity.phone.e164),
            "first_seen_at": .string(identity.firstSeenAt.iso8601),
            "last_seen_at": .string(identity.lastSeenAt.iso8601),
        ])
    }

    private static func check(_ check: PersonHistory.Check) -> JSONText {
        .object([
            "gateway": .string(check.session.gateway.text), "session": .string(check.session.session.text),
            "phone": .string(check.phone.e164), "on_whatsapp": .boolean(check.answer.isOnWhatsApp),
            "account": .string(check.answer.account?.description),
            "checked_at": .string(check.answer.checkedAt.iso8601),
        ])
    }

    private static func standing(_ entry: (key: GroupKey, value: PersonHistory.Standing)) -> JSONText {
        let standing = entry.value
        return object(
            entry.key,
            [
                "tries": .number(standing.declined?.tries),
                "last_tried_at": .string(standing.declined?.lastTriedAt.iso8601),
                "deferred_since": .string(standing.deferredSince?.iso8601),
                "last_seen_at": .string(standing.sighting?.lastSeenAt.iso8601),
                "holds": .list(
                    standing.holds.map { .object(["kind": .string($0.kind), "message": .string($0.message)]) }),
            ])
    }

    private static func event(_ event: PersonHistory.Event) -> JSONText {
        let action = event.action
        return object(
            action.key,
            [
                "run": .string(event.run.text), "command": .string(event.command),
                "op": .string(action.operation.rawValue),
                "status": .string(action.status.rawValue), "planned_at": .string(action.plannedAt.iso8601),
                "sent_at": .string(action.sentAt?.iso8601), "error": .string(action.error),
            ])
    }
}
