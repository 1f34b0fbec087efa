package import Core

extension PolicySet {
    /// Returns why a text names no person: it is misspelt, it is a team, or no person has the name.
    package func sentence(onUnknownPerson text: String) -> String {
        let advice = "Give a name from people:, a phone number with its country code such as +6281234567890, or a JID."
        switch EntryText(text: text) {
        case .wrong(let sentence): return sentence
        case .name(let name):
            if contents.teams.contains(where: { $0.name == name }) { return "\"\(name)\" is a team. \(advice)" }
            let names = contents.people.indices.compactMap { contents.reference($0).name }
            var suggester = SpellingSuggester()
            guard let near = suggester.nearest(to: name, among: names) else {
                return "No person \"\(name)\". \(advice)"
            }
            return "No person \"\(name)\". Did you mean \"\(near)\"?"
        case .account, .nothing: return "No person \"\(text)\". \(advice)"
        }
    }

    /// Returns the group with the name that is nearest to a text; nil if no name is near.
    package func group(nearestTo text: String) -> GroupKey? {
        let names = groupNames
        var suggester = SpellingSuggester()
        guard let near = suggester.nearest(to: text, among: names.values) else { return nil }
        return groups.first { names[$0] == near }
    }
}
