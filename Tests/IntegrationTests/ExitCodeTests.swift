import Foundation
import GRDB
import Testing

@Suite("Exit codes") struct ExitCodeTests {
    @Test(
        "The exit code is 64 for a wrong command line, with text only on standard error",
        arguments: [
            ["frobnicate"], ["plan", "--frobnicate"], ["show"], ["plan", "--format"], ["plan", "--format", "xml"],
            ["plan", "--group", "120363000000000099@g.us"], ["plan", "--session", "S9"], ["apply"],
            ["history", "--limit", "0"], ["plan", "--accept-removals", "many"],
        ])
    func usage(arguments: [String]) async throws {
        let result = try await Town().rollcall(Town.nowhere).run(arguments)
        #expect(result.code == 64)
        #expect(result.output.isEmpty)
        #expect(result.errors.lowercased().contains("error: "))
    }

    @Test("The exit code is 64 for a run that the ledger does not have") func unknownRun() async throws {
        let town = try Town()
        let result = try await town.rollcall(Town.nowhere).run("show", "last")
        #expect(result.code == 64)
        #expect(result.errors == "rollcall: error: the ledger has no runs yet\n")
        #expect(!FileManager.default.fileExists(atPath: town.path("rollcall.sqlite")))
    }

    @Test("The exit code is 65 for an invalid policy", arguments: [["plan"], ["apply", "--yes"], ["validate"]])
    func policy(arguments: [String]) async throws {
        let town = try Town(["policies/town.yaml": "groups: { 120363000000000001@g.us: { session: S1 } }\n"])
        let result = try await town.rollcall(Town.nowhere).run(arguments)
        #expect(result.code == 65)
        let text = arguments == ["validate"] ? result.output : result.errors
        #expect(text.hasPrefix("policies/town.yaml:1:"))
    }

    @Test("The exit code is 78 if the configuration names missing policies") func noPolicies() async throws {
        let town = try Town([
            "rollcall.yaml": Town.configuration.replacing("policies: [policies]", with: "policies: [elsewhere]")
        ])
        let result = try await town.rollcall(Town.nowhere).run("plan")
        #expect(result.code == 78)
        #expect(result.errors.hasPrefix("rollcall.yaml:"))
    }

    @Test("The exit code is 69 for an unreachable gateway", arguments: [["plan"], ["apply", "--yes"]])
    func unreachable(arguments: [String]) async throws {
        let result = try await Town().rollcall(Town.nowhere).run(arguments)
        #expect(result.code == 69)
        // A fault of all groups is reported once.
        #expect(result.output.hasPrefix("4 groups  "))
        #expect(result.output.split(separator: "x error").count == 2)
        #expect(result.output.hasSuffix("\nNo plan: none of the 4 groups could be planned.\n"))
        #expect(result.output.contains("no answer: Cannot connect to http://127.0.0.1"))
    }

    @Test("The exit code is 77 for a token that the gateway rejects", arguments: [["plan"], ["apply", "--yes"]])
    func rejected(arguments: [String]) async throws {
        let town = try Town()
        try await town.served { simulator in
            let result = try await town.rollcall(simulator.url, token: "wa_wrong").run(arguments)
            #expect(result.code == 77)
            #expect(result.errors.contains("check the token"))
            #expect(try await simulator.mutations().isEmpty)
        }
    }

    @Test(
        "The exit code is 78 for a missing or invalid configuration, and for a missing token",
        arguments: [
            ("rollcall: error: no configuration at elsewhere.yaml", ["-c", "elsewhere.yaml"]),
            ("bad.yaml:1:1: error: ", ["-c", "bad.yaml"]),
            ("rollcall: error: no token for gateway default", []),
        ])
    func configuration(message: String, options: [String]) async throws {
        let town = try Town(["bad.yaml": "surprise: true\n"])
        for verb in [["plan"], ["apply", "--yes"]] {
            let result = try await town.rollcall(Town.nowhere, token: nil).run(verb + options)
            #expect(result.code == 78)
            #expect(result.errors.hasPrefix(message))
            #expect(result.output.isEmpty)
        }
    }

    @Test("The exit code is 3 if a group could not be planned, and 4 if changes are only blocked") func partial()
        async throws
    {
        let town = try Town()
        try await town.served { simulator in
            let rollcall = town.rollcall(simulator.url)
            #expect(try await rollcall.run("plan").code == 3)
            let board = "120363000000000002@g.us"
            let withheld = try await rollcall.run("apply", "--yes", "--group", board)
            #expect(withheld.code == 4)
            #expect(try await simulator.mutations().isEmpty)
            #expect(try await rollcall.run("apply", "--yes", "--group", board, "--accept-removals", "4").code == 0)
            #expect(try await simulator.mutations().count == 4)
            #expect(try await rollcall.run("plan", "--detailed-exitcode", "--group", board).code == 0)
        }
    }

    @Test(
        "The exit code is 1 for an unusable ledger, with one sentence, and no group changes",
        arguments: LedgerTrouble.allCases)
    func ledger(trouble: LedgerTrouble) async throws {
        let town = try Town()
        let name = try trouble.prepare(town)
        try await town.served { simulator in
            let result = try await town.rollcall(simulator.url).run("apply", "--yes", "--ledger", name)
            #expect(result.code == 1)
            #expect(result.output.isEmpty)
            #expect(result.errors.hasPrefix("rollcall: error: the ledger \(town.path(name)) "))
            #expect(result.errors.contains(trouble.sentence))
            #expect(result.errors.filter { $0 == "\n" }.count == 1)
            #expect(try await simulator.mutations().isEmpty)
        }
        for verb in [["history"], ["show", "last"]] where trouble != .missingFolder {
            let result = try await town.rollcall(Town.nowhere).run(verb + ["--ledger", name])
            #expect(result.code == 1)
            #expect(result.errors.contains(trouble.sentence))
        }
    }

    enum LedgerTrouble: String, CaseIterable {
        case noDatabase
        case missingFolder
        case folder
        case newerSchema

        var sentence: String {
            switch self {
            case .noDatabase: "is not usable (file is not a database)"
            case .missingFolder: "its folder does not exist"
            case .folder: "cannot be opened for writing"
            case .newerSchema: "is from a newer version of rollcall"
            }
        }

        func prepare(_ town: Town) throws -> String {
            switch self {
            case .noDatabase:
                try Data(String(repeating: "This is no database. ", count: 100).utf8)
                    .write(to: URL(fileURLWithPath: town.path("text.sqlite")))
                return "text.sqlite"
            case .missingFolder: return "missing/rollcall.sqlite"
            case .folder: return "policies"
            case .newerSchema:
                let queue = try DatabaseQueue(path: town.path("newer.sqlite"))
                try queue.write { database in
                    try database.execute(sql: "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
                    try database.execute(sql: "INSERT INTO grdb_migrations VALUES ('1-runs'), ('99-later')")
                }
                try queue.close()
                return "newer.sqlite"
            }
        }
    }
}
