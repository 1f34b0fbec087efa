import Foundation

/// One session with many groups, as a gateway knows it, and policies that already match.
///
/// 40,000 people in 400 teams. A group holds the own account, one team of 99 and four teams of 100: 500 members, nobody
/// twice.
struct PlanWorld {
    /// The folder with the answers.
    let root: String
    /// The number of groups; a session can also be served with only the first ones.
    let groups: Int
    /// The group counts of the served sessions.
    let sizes: [Int]

    private static let smallTeams = 80
    private static let teams = 400
    private static let moment = "1767225600000"

    /// Generates the world and writes all answers.
    init(groups: Int, sizes: [Int], at root: String) throws {
        self.root = root
        self.groups = groups
        self.sizes = sizes
        for folder in ["plain", "nicknamed", "contacts"] {
            try FileManager.default.createDirectory(atPath: "\(root)/\(folder)", withIntermediateDirectories: true)
        }
        try generate(
            "\(root)/session.json",
            """
            {"id":"S1","label":"bench","status":"working","waJid":"\(People.jid(0).replacing("@", with: ":3@"))",\
            "waLid":"\(People.lid(0))","phoneNumber":"\(People.phone(0))","ratePerMin":null,"ratePerHour":null,\
            "organizationId":"bench","lastConnectedAt":\(Self.moment),"updatedAt":\(Self.moment)}
            """)
        for size in sizes { try writeGroups(size) }
        for group in 0..<groups {
            let members = Self.members(of: group)
            try generate("\(root)/plain/\(People.group(group)).json", Self.roster(group, members, nicknamed: false))
            try generate("\(root)/nicknamed/\(People.group(group)).json", Self.roster(group, members, nicknamed: true))
            try writeContacts(members, of: group)
        }
    }

    /// Returns the teams of a group, the small one first, none twice.
    private static func teams(of group: Int) -> [Int] {
        var dice = Dice(seed: UInt64(group) + 9)
        return dice.sample(1, of: 0..<smallTeams) + dice.sample(4, of: smallTeams..<teams)
    }

    private static func members(ofTeam team: Int) -> Range<Int> {
        let start = 1 + team * 100
        return start..<start + (team < smallTeams ? 99 : 100)
    }

    /// Returns the members of a group, the own account first.
    private static func members(of group: Int) -> [Int] { [0] + teams(of: group).flatMap { members(ofTeam: $0) } }

    private func writeGroups(_ size: Int) throws {
        let entries = (0..<size).map { group in
            """
            {"id":\(group + 1),"groupJid":"\(People.group(group))","subject":"Group \(group)","description":null,\
            "ownerJid":"\(People.lid(0))","participantCount":500,"isAnnounce":false,"isLocked":false,\
            "createdAtWa":\(Self.moment),"firstSeenAt":\(Self.moment),"updatedAt":\(Self.moment)}
            """
        }
        try generate("\(root)/groups-\(size).json", Self.page(entries, next: nil))
    }

    /// Returns a member list in the gateway's form; every tenth member has a nickname, in plain letters or in any
    /// script.
    static func roster(_ group: Int, _ members: [Int], nicknamed: Bool) -> String {
        let jid = People.group(group)
        let entries = members.map { person in
            let name = nicknamed ? nicknames[person / 10 % nicknames.count] : "Person \(person)"
            let tag = person % 10 == 3 ? "\"\(name)\"" : "null"
            return """
                {"id":\(group * 1_000 + person),"groupJid":"\(jid)","sessionId":"S1","lid":"\(People.lid(person))",\
                "role":"\(person == 0 ? "admin" : "member")","tag":\(tag),"firstSeenAt":\(moment),"lastSeenAt":\(moment)}
                """
        }
        return page(entries, next: nil)
    }

    /// Nicknames as people use them, in JSON.
    private static let nicknames = [
        "Zoë", "Mum of \\\"Alfie\\\"", "Олена", "🌸 Sari 🌸", "José María", "李雷", "A\\u0301nna",
    ]

    private func writeContacts(_ members: [Int], of group: Int) throws {
        let pages = stride(from: 0, to: members.count, by: 200).map { members[$0..<min($0 + 200, members.count)] }
        for (index, people) in pages.enumerated() {
            let entries = people.map { person in
                """
                {"id":\(person + 1),"lid":"\(People.lid(person))","phoneJid":"\(People.jid(person))",\
                "phoneNumber":"\(People.phone(person))","name":"Person \(person)","businessName":null,\
                "firstSeenAt":\(Self.moment),"updatedAt":\(Self.moment)}
                """
            }
            let next = index + 1 < pages.count ? "page\(index + 2)" : nil
            try generate(
                "\(root)/contacts/\(People.group(group)).\(index + 1).json", Self.page(entries, next: next))
        }
    }

    private static func page(_ entries: [String], next: String?) -> String {
        "{\"data\":[\(entries.joined(separator: ","))],\"nextCursor\":\(next.map { "\"\($0)\"" } ?? "null")}"
    }
}

extension PlanWorld {
    /// Writes the policy of the first groups, with team names or with everybody written out.
    func writePolicy(of count: Int, to path: String, writtenOut: Bool) throws {
        var file = try GeneratedFile(path)
        try file.add("session: S1\npeople:\n  own: \"\(People.phone(0))\"\n")
        if !writtenOut {
            try file.add("teams:\n")
            for team in 0..<Self.teams {
                try file.add("  team\(team):\n")
                for person in Self.members(ofTeam: team) { try file.add("  - \"\(People.phone(person))\"\n") }
            }
        }
        try file.add("groups:\n")
        for group in 0..<count {
            try file.add("  \(People.group(group)):\n    name: Group \(group)\n    admins: [own]\n")
            let teams = Self.teams(of: group)
            if writtenOut {
                try file.add("    members:\n")
                for person in teams.flatMap({ Self.members(ofTeam: $0) }) {
                    try file.add("    - \"\(People.phone(person))\"\n")
                }
            } else {
                try file.add("    members: [\(teams.map { "team\($0)" }.joined(separator: ", "))]\n")
            }
        }
        try file.close()
    }

    /// Writes the path of each group's member list, one a line.
    func writePaths(to path: String) throws {
        let lines = (0..<groups).map { group in
            "/plain-\(groups)/api/v1/sessions/S1/groups/\(People.group(group).replacing("@", with: "%40"))/members\n"
        }
        try generate(path, lines.joined())
    }
}
