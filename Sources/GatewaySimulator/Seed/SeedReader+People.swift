import Core
import LocatedYAML

extension SeedReader {
    /// Reads a person under their name: a number, or a mapping.
    mutating func readPerson(_ name: YAMLNode, _ node: YAMLNode) {
        if node.kind == .scalar {
            guard let phone = claimedPhone(node) else { return }
            people[name.text] = phone
            seed.people.append(PersonSeed(phone: phone, name: name.text))
            return
        }
        let known = "phone lid name business tag number adds on_whatsapp other_numbers check_answers_lid"
        guard let fields = fields(of: node, "a person", known: known) else { return }
        guard let phoneNode = fields["phone"] else {
            report(name, "'\(name.text)' has no number; add phone: +…")
            return
        }
        guard let phone = claimedPhone(phoneNode) else { return }
        people[name.text] = phone
        var person = PersonSeed(phone: phone, name: name.text)
        person.lid = lid(fields["lid"])
        person.name = text(fields, "name") ?? person.name
        person.businessName = text(fields, "business")
        person.tag = text(fields, "tag")
        person.number = choice(fields["number"]) ?? .shown
        if let node = fields["adds"] { person.adds = addRule(node) }
        person.isOnWhatsApp = boolean(fields, "on_whatsapp") ?? true
        person.otherNumbers = list(fields, "other_numbers").compactMap { claimedPhone($0) }
        person.checkAnswersLID = boolean(fields, "check_answers_lid") ?? false
        seed.people.append(person)
    }

    /// Reads a number that nobody else may use.
    private mutating func claimedPhone(_ node: YAMLNode) -> PhoneNumber? {
        guard let phone = phone(node) else { return nil }
        if let first = numberPositions.updateValue(node, forKey: phone) {
            report(node, "the number \(phone) is already used at line \(first.line); keep one")
        }
        return phone
    }

    private mutating func lid(_ node: YAMLNode?) -> LID? {
        guard let node else { return nil }
        guard case .lid(let lid)? = try? AccountID(parsing: node.text) else {
            report(node, "'\(node.text)' is not a LID; write it like 205227043110953@lid")
            return nil
        }
        if let first = lidPositions.updateValue(node, forKey: lid) {
            report(node, "the LID \(lid) is already used at line \(first.line); keep one")
        }
        return lid
    }

    /// Reads `accepts`, `declines`, or a list of the groups in which adds are declined.
    private mutating func addRule(_ node: YAMLNode) -> AddRule {
        if node.hasText("accepts") { return .accepts }
        if node.hasText("declines") { return .declines }
        guard node.kind == .sequence else {
            report(node, "adds must be accepts, declines, or a list of the groups in which adds are declined")
            return .accepts
        }
        return .declinesIn(Set(Array(node.items).compactMap { groupID($0) }))
    }

    /// Reads a group's JID.
    mutating func groupID(_ node: YAMLNode) -> GroupID? {
        guard let id = GroupID(node.text) else {
            report(node, "'\(node.text)' is not a group JID; write it like 120363041234567890@g.us")
            return nil
        }
        return id
    }
}
