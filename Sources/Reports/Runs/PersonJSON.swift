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
            "groups": .list(history.groups.sorted { $0.key < $1.key }.map(standing)),
            "actions": .list(history.events.map(event)), "actions_in_all": .number(history.eventCount),
        ])
    }

    private static func mention(_ mention: PolicyMention, _ account: PersonReport) -> JSONText {
        .object([
            "name": .string(account.groupNames[mention.group]), "standing": .string(mention.list.rawValue),
            "teams": .list(mention.teams.map { .string($0) }), "source": .string(mention.source.description),
            "from": .string(mention.from?.description), "until": .string(mention.until?.description),
            "counts_today": .boolean(mention.counts(on: account.today)), "reason": .string(mention.reason),
        ]).adding(mention.group.json())
    }

    private static func identity(_ identity: PersonHistory.Identity) -> JSONText {
        .object([
            "lid": .string(identity.lid.description), "phone": .string(identity.phone.e164),
            "first_seen_at": .string(identity.firstSeenAt.iso8601),
            "last_seen_at": .string(identity.lastSeenAt.iso8601),
        ]).adding(identity.session.json)
    }

    private static func check(_ check: PersonHistory.Check) -> JSONText {
        .object([
            "phone": .string(check.phone.e164), "on_whatsapp": .boolean(check.answer.isOnWhatsApp),
            "account": .string(check.answer.account?.description),
            "checked_at": .string(check.answer.checkedAt.iso8601),
        ]).adding(check.session.json)
    }

    private static func standing(_ key: GroupKey, _ standing: PersonHistory.InGroup) -> JSONText {
        .object([
            "tries": .number(standing.declined?.tries),
            "last_tried_at": .string(standing.declined?.lastTriedAt.iso8601),
            "deferred_since": .string(standing.deferredSince?.iso8601),
            "last_seen_at": .string(standing.sighting?.lastSeenAt.iso8601),
            "holds": .list(standing.holds.map { .object(["kind": .string($0.kind), "message": .string($0.message)]) }),
        ]).adding(key.json())
    }

    private static func event(_ event: PersonHistory.Event) -> JSONText {
        let action = event.action
        return .object([
            "run": .string(event.run.text), "command": .string(event.command),
            "op": .string(action.operation.rawValue), "status": .string(action.status.rawValue),
            "planned_at": .string(action.plannedAt.iso8601), "sent_at": .string(action.sentAt?.iso8601),
            "error": .string(action.error),
        ]).adding(action.key.json())
    }
}
