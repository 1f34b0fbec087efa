/// The program's start-up time.
struct StartWork: Work {
    func measure(with bench: Bench) async throws -> Section {
        let folder = try bench.folder("start")
        try Project.make(at: folder)
        try generate(
            "\(folder)/policies/all.yaml",
            "session: S1\ngroups: { \(People.group(1)): { members: [\"\(People.phone(1))\"] } }\n")
        let trials = try bench.inTurn(
            max(50, bench.runs), "start",
            [
                { try bench.run("/usr/bin/curl", ["--version"], saying: "curl ") },
                { try bench.run(bench.rollcall, ["--version"], saying: ".") },
                { try bench.run(bench.rollcall, ["--help"], saying: "OVERVIEW") },
                { try bench.run(bench.rollcall, ["validate"], in: folder, saying: "valid: 1 file") },
            ])
        let curl = trials[0].times
        let name = "curl --version"
        return Section(
            title: "start-up",
            rows: [
                Row("`--version`", trials[1].times).times(name, curl, atMost: 3),
                Row("`--version`: memory", trials[1].peaks),
                Row("`--help`", trials[2].times).times(name, curl),
                Row("`validate` of one small policy", trials[3].times).times(name, curl),
            ])
    }
}
