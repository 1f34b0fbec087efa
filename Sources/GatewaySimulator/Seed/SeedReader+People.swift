import Core
import LocatedYAML

extension SeedReader {
    /// Reads a person under their name: a number, or a mapping.
    mutating func readPerson(_ name: YAMLNode, _ node: YAMLNode) {
        if node.kind == .scalar {
            guard let phone = phone(node) else { return }
            claim(phone, at: node)
            people[name.text] = phone
            seed.people.append(PersonSeed(phone: phone, name: name.text))
            return
        }
        let known = [
            "phone", "lid", "name", "business", "tag", "number", "adds", "on_whatsapp", "other_numbers",
            "check_answers_lid",
        ]
        guard let fields = fields(of: node, "a person", known: known) else { return }
        guard let phoneNode = fields["phone"] else {
            report(name, "'\(name.text)' has no number; add phone: +…")
            return
        }
        guard let phone = phone(phoneNode) else { return }
        claim(phone, at: phoneNode)
        people[name.text] = phone
        var person = PersonSeed(phone: phone, name: name.text)
        person.lid = lid(fields["lid"])
        if let text = text(fields["name"], "name") { person.name = text }
        person.businessName = text(fields["business"], "business")
        person.tag = text(fields["tag"], "tag")
        person.number = choice(fields["number"], NumberVisibility.self) ?? .shown
        if let node = fields["adds"] { person.adds = addRule(node) }
        person.isOnWhatsApp = boolean(fields["on_whatsapp"], "on_whatsapp") ?? true
        for node in list(fields["other_numbers"], "other_numbers") {
            guard let other = self.phone(node) else { continue }
            claim(other, at: node)
            person.otherNumbers.append(other)
        }
        person.checkAnswersLID = boolean(fields["check_answers_lid"], "check_answers_lid") ?? false
        seed.people.append(person)
    }

    private mutating func claim(_ phone: PhoneNumber, at node: YAMLNode) {
        if let first = numberPositions.updateValue(node, forKey: phone) {
            report(node, "the number \(phone) is already used at line \(first.line); keep one")
        }
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
