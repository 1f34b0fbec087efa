import Testing

@Suite("Open file limits") struct OpenFileLimitTests {
    /// Runs the program in a shell with a limit on open files; the word is an option of `ulimit`.
    private func limited(_ rollcall: Program, by word: String, _ arguments: [String]) async throws -> ProgramResult {
        var shell = rollcall
        shell.executable = "/bin/sh"
        let script = #"ulimit "$1" 20 && shift && exec "$@""#
        return try await shell.run(["-c", script, "sh", word, rollcall.executable] + arguments)
    }

    @Test("An open file limit that is too low is reported before any call", arguments: [["plan"], ["apply", "--yes"]])
    func tooFew(verb: [String]) async throws {
        let town = try Town()
        try await town.served { simulator in
            let result = try await limited(town.rollcall(simulator.url), by: "-n", verb)
            #expect(result.signal == nil)
            #expect(result.code == 1)
            #expect(
                result.errors
                    == "rollcall: error: the limit on open files is 20 (`ulimit -n`), but \(verb == ["plan"] ? 48 : 49) are needed; "
                    + "raise the limit, or lower `read.concurrency` in the configuration\n"
            )
        }
    }

    @Test("The open file limit is raised if the system allows it") func raised() async throws {
        let town = try Town()
        try await town.served { simulator in
            let result = try await limited(town.rollcall(simulator.url), by: "-Sn", ["apply", "--yes"])
            #expect(result.code == 3)
            #expect(try await simulator.mutations().count == 5)
        }
    }
}
