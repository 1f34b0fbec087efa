package import Core
import GatewayAPI
package import Reconciliation

/// A policy that describes groups as they are: a plan right after the import changes nothing.
package struct ImportedPolicy: Sendable {
    private let session: SessionID
    private let gateway: GatewayName
    private let date: CalendarDate
    private let mode: GroupMode
    private let known: [AccountID: String]
    private let usedNames: Set<String>

    /// Describes the groups of one session on a day.
    ///
    /// `known` are the names that other policies give to accounts, and are used here too. `usedNames` are all names
    /// in use.
    package init(
        session: SessionID, gateway: GatewayName, date: CalendarDate, mode: GroupMode,
        known: [AccountID: String] = [:], usedNames: Set<String> = []
    ) {
        self.session = session
        self.gateway = gateway
        self.date = date
        self.mode = mode
        self.known = known
        self.usedNames = usedNames
    }

    /// Returns the file's text.
    package func render(_ rosters: RosterImport) -> String {
        var lines = [
            "# The groups of session \(session) on \(date), written by `rollcall import`.",
            "# …@lid is a member with a hidden number: they stay, but Rollcall cannot add them again.",
            "session: \(quoted(session.text))",
        ]
        if gateway != .default { lines.append("gateway: \(quoted(gateway.text))") }
        let described = rosters.groups.filter { (try? $0.entries.get())?.isEmpty == false }
        let people = people(of: described)
        if !people.isEmpty {
            lines += ["", "# Names that people use on WhatsApp. Replace each with a name that you know.", "people:"]
        }
        for person in people { lines.append("  \(person.key): \(quoted(person.account))  # \(person.ownName)") }
        let names = Dictionary(uniqueKeysWithValues: people.map { ($0.account, $0.key) })
            .merging(known.map { ($0.key, word($0.value)) }) { own, _ in own }
        lines += ["", "groups:"]
        if described.isEmpty { lines[lines.count - 1] = "groups: {}" }
        for group in described {
            guard case .success(let entries) = group.entries else { continue }
            lines.append("  \(group.id):")
            if let subject = group.subject { lines.append("    name: \(quoted(subject))") }
            if group.isIncomplete {
                lines += [
                    "    # Incomplete: the gateway has not read this group from WhatsApp. Import it again after a backfill,",
                    "    # or list every member, before you change the mode to exact.", "    mode: additive",
                ]
            } else {
                lines.append("    mode: \(mode.rawValue)")
            }
            let unclear = entries.filter(\.hasUnclearRole)
            for (role, key) in [(Role.admin, "admins"), (.member, "members")] {
                let people = entries.filter { $0.role == role && !$0.hasUnclearRole }
                if people.isEmpty { continue }
                lines.append("    \(key):")
                lines += people.map { line($0, names) }
            }
            if !unclear.isEmpty {
                lines += [
                    "    # Rollcall cannot tell whether these people are admins. It does not change people under `keep`.",
                    "    # Move each to admins or members.",
                    "    keep:",
                ]
                lines += unclear.map { line($0, names) }
            }
        }
        for group in rosters.groups {
            let name = (group.subject ?? "no name").escapedForTerminal
            switch group.entries {
            case .success(let entries) where entries.isEmpty:
                lines.append("  # \(group.id) (\(name)) has no members in the gateway's list and is left out.")
            case .success: break
            case .failure(let error):
                lines.append(
                    "  # \(group.id) (\(name)) could not be read and is left out: \(error.code.escapedForTerminal)")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func line(_ entry: RosterImport.Entry, _ names: [AccountID: String]) -> String {
        let name = names[entry.account]
        let comments = [
            entry.isOwn ? "the session's own account" : nil, name == nil ? entry.name?.escapedForTerminal : nil,
        ].compactMap(\.self)
        return "      - \(name ?? quoted(entry.account))"
            + (comments.isEmpty ? "" : "  # \(comments.joined(separator: ", "))")
    }

    /// Returns everyone without a name in other policies whose own name can become a policy name, each once.
    private func people(of groups: [RosterImport.Group]) -> [(account: AccountID, key: String, ownName: String)] {
        var people: [(account: AccountID, key: String, ownName: String)] = []
        var (seen, used): (Set<AccountID>, Set<String>) = ([], usedNames)
        for group in groups {
            for entry in (try? group.entries.get()) ?? [] where known[entry.account] == nil {
                guard let ownName = entry.name, let stem = Self.name(from: ownName), seen.insert(entry.account).inserted
                else { continue }
                var name = stem
                var number = 2
                while !used.insert(name).inserted {
                    name = "\(stem)_\(number)"
                    number += 1
                }
                people.append((entry.account, word(name), ownName.escapedForTerminal))
            }
        }
        return people
    }

    /// Returns a policy name made from a person's own name: lowercase ASCII letters, digits and underscores.
    ///
    /// Nil if the name has other letters or does not begin with a letter.
    private static func name(from ownName: String) -> String? {
        var name = ""
        for scalar in ownName.lowercased().unicodeScalars {
            if scalar.isASCII, scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) {
                name.unicodeScalars.append(scalar)
            } else if !name.isEmpty, name.last != "_", [" ", "-", "_", "."].contains(scalar) {
                name.append("_")
            } else if !scalar.isASCII {
                return nil
            }
        }
        while name.last == "_" { name.removeLast() }
        guard let first = name.unicodeScalars.first, first.properties.isAlphabetic else { return nil }
        return String(name.prefix(40))
    }

    /// Returns a name in YAML, quoted if YAML would read it as something else.
    private func word(_ name: String) -> String {
        let isPlain = name.wholeMatch(of: /[A-Za-z][A-Za-z0-9_]*/) != nil
        let isReserved = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"].contains(name.lowercased())
        return isPlain && !isReserved ? name : quoted(name)
    }

    private func quoted(_ account: AccountID) -> String {
        switch account {
        case .phone(let phone): quoted(phone.e164)
        case .lid(let lid): quoted(lid.description)
        }
    }

    /// Returns a text quoted for YAML, which accepts JSON's escapes.
    private func quoted(_ text: String) -> String { JSONText.string(text).line() }
}
