import Core
import LocatedYAML

extension SeedReader {
    /// Reads a scheduled event.
    mutating func readScheduled(_ node: YAMLNode) {
        let kinds = WorldEvent.Kind.allCases
        guard let fields = fields(of: node, "an event", known: ["after"] + kinds.map(\.rawValue)) else { return }
        let named = kinds.filter { fields[$0.rawValue] != nil }
        guard let kind = named.first, named.count == 1, let body = fields[kind.rawValue] else {
            let words = kinds.map(\.rawValue).joined(separator: ", ")
            report(node, "an event needs exactly one of \(words), but has \(named.count)")
            return
        }
        guard let after = fields["after"] else {
            report(node, "the event has no time; add after: and the milliseconds since the start")
            return
        }
        let milliseconds = integer(after, "after", in: 0...1_000_000_000_000)
        let event = kind == .backfill ? knownSession(body).map { .backfill($0) } : event(kind, body, isKnown: true)
        guard let milliseconds, let event else { return }
        seed.schedule.append(ScheduledEvent(afterMilliseconds: Int64(milliseconds), event))
    }

    /// Reads an event about a person in a group; with `isKnown` the seed file must describe the group.
    mutating func event(_ kind: WorldEvent.Kind, _ node: YAMLNode, isKnown: Bool) -> WorldEvent? {
        guard let fields = fields(of: node, "a \(kind.rawValue)", known: ["group", "phone"]) else { return nil }
        guard let groupNode = fields["group"], let phoneNode = fields["phone"] else {
            report(node, "a \(kind.rawValue) needs a group and a phone")
            return nil
        }
        let group = groupID(groupNode)
        let phone = person(phoneNode)
        guard let group, let phone else { return nil }
        if isKnown {
            guard seed.groups.contains(where: { $0.id == group }) else {
                let near = Self.nearest(to: group.jid, among: seed.groups.map(\.id.jid))
                let fix = near.map { "did you mean \($0)?" } ?? "describe it under groups"
                report(groupNode, "there is no group \(group); \(fix)")
                return nil
            }
            guard !isWithoutAccount(phone) else {
                report(phoneNode, SeedError.memberNotOnWhatsApp(group, phone).description)
                return nil
            }
        }
        switch kind {
        case .message: return .message(phone, group)
        case .join: return .join(phone, group)
        case .leave: return .leave(phone, group)
        case .backfill: return nil
        }
    }

    /// Reads a session to backfill, as a control path names it.
    mutating func backfilledSession(_ node: YAMLNode) -> WorldEvent? {
        guard let fields = fields(of: node, "a backfill", known: ["session"]) else { return nil }
        guard let name = fields["session"] else {
            report(node, "a backfill needs a session")
            return nil
        }
        guard let id = SessionID(name.text) else {
            report(
                name, "'\(name.text)' is not a session id; use up to 128 letters, digits, dashes, dots and underscores")
            return nil
        }
        return .backfill(id)
    }
}

extension WorldEvent {
    /// Reads an event from the body of a control path: `{ group: …, phone: … }` or `{ session: … }`.
    static func read(_ kind: Kind, _ bytes: [UInt8], file: String) throws(SeedFileError) -> WorldEvent {
        let seed = try SeedReader.read(bytes, file: file) { reader, root in
            let event = kind == .backfill ? reader.backfilledSession(root) : reader.event(kind, root, isKnown: false)
            if let event { reader.seed.schedule.append(ScheduledEvent(afterMilliseconds: 0, event)) }
        }
        guard let event = seed.schedule.first?.event else {
            let start = SourceLocation(file: file, line: 1, column: 1)
            throw SeedFileError(problems: [
                SeedProblem(location: start, message: "the body is empty; it must describe a \(kind.rawValue)")
            ])
        }
        return event
    }
}
