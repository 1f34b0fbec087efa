package import Membership
package import Reconciliation

/// Rosters as the policy that describes them: planning it at once changes nothing.
package struct ImportedPolicy: Sendable {
    private let session: SessionID
    private let gateway: GatewayName
    private let date: CalendarDate

    /// Describes the groups of one session as they were on a day.
    package init(session: SessionID, gateway: GatewayName, date: CalendarDate) {
        self.session = session
        self.gateway = gateway
        self.date = date
    }

    /// The file's text.
    package func render(_ rosters: RosterImport) -> String {
        var lines = [
            "# The groups of the session \(session) as they were on \(date), written by `rollcall import`.",
            "# A person listed by …@lid is one whose number the gateway does not know: they stay, and cannot be added again.",
            "session: \(quoted(session.text))",
        ]
        if gateway != .default { lines.append("gateway: \(quoted(gateway.text))") }
        lines += ["", "groups:"]
        let described = rosters.groups.filter { (try? $0.entries.get())?.isEmpty == false }
        if described.isEmpty { lines[lines.count - 1] = "groups: {}" }
        for group in described {
            guard case .success(let entries) = group.entries else { continue }
            lines.append("  \(group.id):")
            if let subject = group.subject { lines.append("    name: \(quoted(subject))") }
            if group.isIncomplete {
                lines += [
                    "    # The gateway has not read this group from WhatsApp: these are only the members that it has seen. Import it",
                    "    # again after a backfill, or list everybody, before you change the mode to exact.",
                    "    mode: additive",
                ]
            }
            let unclear = entries.filter(\.hasUnclearRole)
            for (role, key) in [(Role.admin, "admins"), (.member, "members")] {
                let people = entries.filter { $0.role == role && !$0.hasUnclearRole }
                if people.isEmpty { continue }
                lines.append("    \(key):")
                lines += people.map(line)
            }
            if !unclear.isEmpty {
                lines += [
                    "    # Whether these are admins is not known: `keep` leaves them as they are. Move each to admins or members.",
                    "    keep:",
                ]
                lines += unclear.map(line)
            }
        }
        for group in rosters.groups {
            let name = (group.subject ?? "(no name)").defusedForTerminal
            switch group.entries {
            case .success(let entries) where entries.isEmpty:
                lines.append("  # \(group.id) (\(name)) came back without members and is left out.")
            case .success: break
            case .failure(let error):
                lines.append(
                    "  # \(group.id) (\(name)) could not be read and is left out: \(error.code.defusedForTerminal)")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func line(_ entry: RosterImport.Entry) -> String {
        let account =
            switch entry.account {
            case .phone(let phone): quoted(phone.e164)
            case .lid(let lid): quoted(lid.description)
            }
        let comments = [entry.isOwn ? "the session's own account" : nil, entry.name?.defusedForTerminal].compactMap(
            \.self)
        return "      - \(account)" + (comments.isEmpty ? "" : "  # \(comments.joined(separator: ", "))")
    }

    /// A text as YAML reads it back: JSON's escapes are YAML's too.
    private func quoted(_ text: String) -> String { JSONText.string(text).line() }
}
