import Foundation
import Goldens
import Testing

@Suite("Program output") struct ProgramGoldenTests {
    private func complaint(_ text: String, _ name: String) -> String? {
        GoldenFolder().complaint(about: text.unstyled.blotted, as: name)
    }

    @Test(
        "Help and version go to standard output",
        arguments: [
            ["--help"], ["--version"], ["help", "init"], ["help", "validate"], ["help", "plan"], ["help", "apply"],
            ["help", "history"], ["help", "show"], ["help", "import"], ["help", "sessions"], ["help", "groups"],
            ["help", "explain"], ["help", "doctor"], ["help", "ledger"], ["help", "ledger", "export"],
            ["help", "ledger", "prune"], ["help", "ledger", "forget"], ["help", "schema"], ["help", "report"],
        ])
    func help(arguments: [String]) async throws {
        let result = try await Program(executable: "\(Program.built)/rollcall").run(arguments)
        #expect(result.code == 0)
        #expect(result.errors.isEmpty)
        let name = arguments.joined(separator: "-").filter { $0 != "-" || arguments.count > 1 }
        #expect(complaint(result.output, "rollcall-\(name)") == nil)
        if arguments.count == 2 {
            let other = try await Program(executable: "\(Program.built)/rollcall").run(arguments[1], "--help")
            #expect(other.output == result.output)
        }
    }

    @Test("The simulator's help matches its golden text") func simulatorHelp() async throws {
        let result = try await Program(executable: "\(Program.built)/gateway-simulator").run("--help")
        #expect(result.code == 0)
        #expect(complaint(result.output, "gateway-simulator-help") == nil)
    }

    @Test("Plans in all formats, an apply with trouble, the history and a full run match their golden texts")
    func runs()
        async throws
    {
        let town = try Town()
        try await town.served { simulator in
            let rollcall = town.rollcall(simulator.url)
            for (name, arguments) in [
                ("plan", ["plan"]), ("plan-json", ["plan", "--format", "json"]),
                ("plan-markdown", ["plan", "--format", "markdown"]), ("plan-html", ["plan", "--format", "html"]),
                ("apply", ["apply", "--yes"]),
                ("show", ["show", "last"]), ("show-json", ["show", "last", "--format", "json"]),
                ("history", ["history"]), ("history-json", ["history", "--format", "json"]),
                ("plan-afterwards", ["plan"]),
            ] {
                let result = try await rollcall.run(arguments)
                #expect(complaint(result.output, name) == nil)
                #expect(result.errors.isEmpty)
            }
        }
    }

    @Test("The files that init writes are valid and never overwritten") func initFiles() async throws {
        let scratch = try ScratchFolder()
        let rollcall = Program(executable: "\(Program.built)/rollcall", folder: scratch.path())
        let first = try await rollcall.run("init", "new")
        #expect(first.code == 0)
        #expect(complaint(first.output, "init") == nil)
        #expect(complaint(scratch.text("new/rollcall.yaml"), "init-rollcall.yaml") == nil)
        #expect(complaint(scratch.text("new/policies/example.yaml"), "init-example.yaml") == nil)
        for (kind, folder) in [("config", "new"), ("policy", "new/policies")] {
            let schema = try await rollcall.run("schema", kind)
            #expect(scratch.text("\(folder)/\(kind).schema.json") == schema.output)
        }
        let validation = try await rollcall.run("validate", "-c", "new/rollcall.yaml")
        #expect(validation.code == 0)
        #expect(validation.output == "valid: 1 file, 1 group, 5 people, 2 teams\n")
        #expect(validation.errors.isEmpty)

        try scratch.write("new/rollcall.yaml", "mine")
        let second = try await rollcall.run("init", "new")
        #expect(second.code == 1)
        #expect(
            second.errors
                == "rollcall: error: new/rollcall.yaml already exists; nothing was written. Name another folder\n")
        #expect(scratch.text("new/rollcall.yaml") == "mine")
    }
}

extension ProgramGoldenTests {
    @Test("The printed schemas equal the files in schemas, byte by byte", arguments: ["config", "policy", "plan"])
    func schemas(name: String) async throws {
        let result = try await Program(executable: "\(Program.built)/rollcall").run("schema", name)
        #expect(result.code == 0)
        #expect(result.errors.isEmpty)
        let file = try String(
            contentsOfFile: "\(Program.sources)/Sources/Commands/Schemas/\(name).schema.json", encoding: .utf8)
        #expect(result.output == file)
    }
}

extension String {
    /// The text with ids, times and the machine's name replaced.
    fileprivate var blotted: String {
        replacing(/\b01[0-9A-HJKMNP-TV-Z]{24}\b/, with: "01ARZ3NDEKTSV4RRFFQ69G5FAV")
            .replacing(/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z/, with: "2026-01-31T12:00:00.000Z")
            .replacing(/[0-9]{1,2} [A-Z][a-z]{2} [0-9]{4}/, with: "31 Jan 2026")
            .replacing(/31 Jan 2026, [0-9]{2}:[0-9]{2}/, with: "31 Jan 2026, 12:00")
            .replacing(/(an add on|tried again from) [0-9]{4}-[0-9]{2}-[0-9]{2}/) { "\($0.output.1) 2026-01-31" }
            .replacing(/\(rollcall ([0-9.]+) on [^)]*\)/) { "(rollcall \($0.output.1) on machine)" }
            .replacing(/"host" : "[^"]*"/, with: #""host" : "machine""#)
    }
}
