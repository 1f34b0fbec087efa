import Core
import LocatedYAML

extension SeedReader {
    /// Reads a scheduled event.
    mutating func readScheduled(_ node: YAMLNode) {
        let kinds = WorldEvent.kinds
        guard let fields = fields(of: node, "an event", known: "after \(kinds.joined(separator: " "))") else { return }
        let named = kinds.filter { fields[$0] != nil }
        guard let kind = named.first, named.count == 1, let body = fields[kind] else {
            report(node, "an event needs exactly one of \(kinds.joined(separator: ", ")), but has \(named.count)")
            return
        }
        guard fields["after"] != nil else {
            report(node, "the event has no time; add after: and the milliseconds since the start")
            return
        }
        let milliseconds = integer(fields, "after", in: 0...1_000_000_000_000 as ClosedRange<Int64>)
        let event = kind == "backfill" ? knownSession(body).map { .backfill($0) } : event(kind, body, isKnown: true)
        guard let milliseconds, let event else { return }
        seed.schedule.append(ScheduledEvent(afterMilliseconds: milliseconds, event))
    }

    /// Reads an event about a person in a group; with `isKnown` the seed file must describe the group.
    private mutating func event(_ kind: String, _ node: YAMLNode, isKnown: Bool) -> WorldEvent? {
        guard let fields = fields(of: node, "a \(kind)", known: "group phone") else { return nil }
        guard let groupNode = fields["group"], let phoneNode = fields["phone"] else {
            report(node, "a \(kind) needs a group and a phone")
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
        case "message": return .message(phone, group)
        case "join": return .join(phone, group)
        default: return .leave(phone, group)
        }
    }

    /// Reads an event as the body of a control path describes it: `{ group: …, phone: … }` or `{ session: … }`.
    fileprivate mutating func requestedEvent(_ kind: String, _ node: YAMLNode) -> WorldEvent? {
        guard kind == "backfill" else { return event(kind, node, isKnown: false) }
        guard let fields = fields(of: node, "a backfill", known: "session") else { return nil }
        if let name = fields["session"] { return sessionID(name).map { .backfill($0) } }
        report(node, "a backfill needs a session")
        return nil
    }
}

extension WorldEvent {
    /// Reads an event of a kind from the body of a control path.
    static func read(_ kind: String, _ bytes: [UInt8], file: String) throws(SeedFileError) -> WorldEvent {
        let seed = try SeedReader.read(bytes, file: file) { reader, root in
            if let event = reader.requestedEvent(kind, root) {
                reader.seed.schedule.append(ScheduledEvent(afterMilliseconds: 0, event))
            }
        }
        guard let event = seed.schedule.first?.event else {
            let start = SourceLocation(file: file, line: 1, column: 1)
            throw SeedFileError(problems: [
                SeedProblem(location: start, message: "the body is empty; it must describe a \(kind)")
            ])
        }
        return event
    }
}
