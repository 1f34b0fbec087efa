/// Reading and checking a large policy, offline.
struct ValidateWork: Work {
    func measure(with bench: Bench) async throws -> Section {
        let folder = try bench.folder("validate")
        let policy = LargePolicy(groups: bench.scaled(2_000))
        try policy.writeYAML(to: "\(folder)/yaml")
        try policy.writeTables(to: "\(folder)/csv")
        let file = "\(folder)/yaml/policies/all.yaml"
        let valid = { (files: Int) in "valid: \(files == 1 ? "1 file" : "\(files) files"), \(policy.groups) groups" }
        let trials = try bench.inTurn(
            bench.runs, "validate",
            [
                { try bench.run(bench.rollcall, ["validate"], in: "\(folder)/yaml", saying: valid(1)) },
                { try bench.run(bench.yardstick("yaml_events"), [file], saying: " events") },
                {
                    try bench.run(
                        bench.python, [bench.script("load_yaml.py"), file], saying: "\(policy.groups) groups")
                },
                { try bench.run(bench.rollcall, ["validate"], in: "\(folder)/csv", saying: valid(1 + policy.tables)) },
            ])
        let (ours, events, loader, tables) = (trials[0], trials[1], trials[2], trials[3])
        let size = Figure.Unit.bytes.text(of: Double(try bench.size(of: file)))
        return Section(
            title: "`validate`: \(policy.groups) groups of 500, one file of \(size)",
            rows: [
                Row("time", ours.times).times("libyaml's events in C", events.times, atMost: 3),
                Row("the same, compared with Python", ours.times)
                    .timesFaster("PyYAML's C loader", loader.times, atLeast: 6),
                Row("memory", ours.peaks).below(200e6),
                Row("the same people in CSV files: time", tables.times)
                    .times("libyaml's events in C, on the YAML", events.times),
                Row("the same people in CSV files: memory", tables.peaks),
            ])
    }
}

/// A policy with 500 people a group: a team of 50, and 450 numbers directly in the group.
struct LargePolicy {
    /// The number of groups.
    let groups: Int

    /// The number of CSV files with the same people.
    var tables: Int { groups + Self.teams }

    private static let teams = 40
    private static let teamSize = 50
    private static let listed = 450
    /// Everyone, the members of teams first.
    private static let people = 60_000

    /// Writes the policy as one file.
    func writeYAML(to folder: String) throws {
        try Project.make(at: folder)
        var file = try GeneratedFile("\(folder)/policies/all.yaml")
        try file.add("session: S1\nteams:\n")
        for team in 0..<Self.teams {
            try file.add("  team\(team):\n")
            for person in Self.members(ofTeam: team) { try file.add("    - \"\(People.phone(person))\"\n") }
        }
        try file.add("groups:\n")
        var dice = Dice(seed: 5)
        for group in 0..<groups {
            try file.add(head(of: group))
            for person in members(&dice) { try file.add("    - \"\(People.phone(person))\"\n") }
        }
        try file.close()
    }

    /// Writes the same policy with a CSV file for each group and team.
    func writeTables(to folder: String) throws {
        try Project.make(at: folder, folders: ["policies/rosters"])
        var file = try GeneratedFile("\(folder)/policies/all.yaml")
        try file.add("session: S1\nteams:\n")
        for team in 0..<Self.teams {
            try file.add("  team\(team): [{ csv: rosters/team\(team).csv }]\n")
            try write(Array(Self.members(ofTeam: team)), to: "\(folder)/policies/rosters/team\(team).csv")
        }
        try file.add("groups:\n")
        var dice = Dice(seed: 5)
        for group in 0..<groups {
            try file.add("\(head(of: group))    - { csv: rosters/group\(group).csv }\n")
            try write(members(&dice), to: "\(folder)/policies/rosters/group\(group).csv")
        }
        try file.close()
    }

    private func head(of group: Int) -> String {
        "  \(People.group(group)):\n    name: Group \(group)\n    admins: [team\(group % Self.teams)]\n    members:\n"
    }

    private static func members(ofTeam team: Int) -> Range<Int> { team * teamSize..<(team + 1) * teamSize }

    /// Returns people who are in no team, so that nobody is in a group twice.
    private func members(_ dice: inout Dice) -> [Int] {
        dice.sample(Self.listed, of: Self.teams * Self.teamSize..<Self.people)
    }

    private func write(_ people: [Int], to path: String) throws {
        var file = try GeneratedFile(path)
        try file.add("name,phone\n")
        for person in people { try file.add("Person \(person),\(People.phone(person))\n") }
        try file.close()
    }
}
