import Foundation
import GRDB
import Testing

@Suite("What a real run leaves on disk") struct LedgerOnDiskTests {
    @Test("The ledger's rows match what was planned, sent and printed") func rows() async throws {
        let town = try Town()
        try await town.served { simulator in
            #expect(try await town.rollcall(simulator.url).run("apply", "--yes").code == 3)
            let sent = try await simulator.mutations().count
            let queue = try DatabaseQueue(path: town.path("rollcall.sqlite"))
            try await queue.read { database in
                let run = try #require(try Row.fetchOne(database, sql: "SELECT * FROM runs"))
                #expect(run["status"] == "incomplete")
                #expect(run["exit_code"] == 3)
                #expect((run["finished_at"] as String) >= run["started_at"])
                func count(_ rows: String) throws -> Int? {
                    try Int.fetchOne(database, sql: "SELECT count(*) FROM \(rows)")
                }
                for (column, operation) in [
                    ("adds", "add"), ("promotes", "promote"), ("demotes", "demote"), ("removes", "remove"),
                ] {
                    let done = try count("actions WHERE op = '\(operation)' AND status = 'confirmed'")
                    #expect(run[column] == done, "\(column)")
                }
                let notDone = try count("actions WHERE status <> 'confirmed'") ?? 0
                let faults = try count("group_runs WHERE status = 'failed'") ?? 0
                #expect(run["errors"] == notDone + faults)
                #expect(run["holds"] == (try count("holds")))
                #expect(try count("actions WHERE sent_at IS NOT NULL") == sent)
                #expect(try count("actions WHERE attempts = 1 AND http_status = 204") == sent)
                #expect(try count("actions WHERE op = 'add' AND status = 'declined'") == 1)
                #expect(
                    try String.fetchAll(database, sql: "SELECT status FROM group_runs ORDER BY group_jid")
                        == ["incomplete", "withheld", "failed", "unchanged"])
                let sizes = try Row.fetchAll(
                    database, sql: "SELECT size_before, size_after FROM group_runs ORDER BY group_jid")
                #expect(sizes.map { $0["size_before"] } == [7, 6, 2, 3])
                #expect(sizes.map { $0["size_after"] } == [7, 6, nil, 3])
                #expect(
                    try String.fetchAll(database, sql: "SELECT kind FROM holds ORDER BY kind")
                        == ["creator", "out_of_term", "self", "self", "unresolved", "unresolved"]
                        + Array(repeating: "withheld", count: 4))
            }
            try queue.close()
        }
    }

    @Test("Only the owner can read the ledger and its companions, with any umask") func mode() async throws {
        let town = try Town([
            "rollcall.yaml": Town.configuration.replacing("calls_per_minute: 0", with: "calls_per_minute: 1")
        ])
        try await town.served { simulator in
            let running = try town.rollcall(simulator.url).start(["apply", "--yes", "--offline-identities"])
            try await waitUntil("the first call") { try await !simulator.mutations().isEmpty }
            for suffix in ["", "-wal", "-shm"] {
                let file = town.path("rollcall.sqlite" + suffix)
                let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
                #expect(mode == 0o600, "\(suffix)")
            }
            let commandLine = try String(contentsOfFile: "/proc/\(running.identifier)/cmdline", encoding: .utf8)
            #expect(commandLine.contains("apply"))
            #expect(!commandLine.contains(Town.token))
            running.send(SIGKILL)
            _ = await running.ending()
        }
    }

    @Test("No file or output contains the token, with full logging and an echoing gateway")
    func token() async throws {
        let town = try Town()
        let fault = "{ path: \"*0004%40g.us*\", count: all, garbage: \"\(Town.token)\" }"
        let faulty = try Town(["gateway.yaml": town.text("gateway.yaml") + "\nfaults: [\(fault)]\n"])
        try await faulty.served { simulator in
            let rollcall = faulty.rollcall(simulator.url)
            var outputs = ""
            for verb in [["plan"], ["plan", "--format", "json"], ["apply", "--yes"], ["validate"]] {
                for format in ["text", "json"] {
                    let result = try await rollcall.run(verb + ["--log-level", "debug", "--log-format", format])
                    outputs += result.output + result.errors
                }
            }
            outputs += try await rollcall.run("show", "last", "--format", "json").output
            outputs += try await rollcall.run("report", "--out", "report.html", "--show-phones").output
            outputs += try await faulty.rollcall(simulator.url, token: "\(Town.token) x").run("plan").errors
            #expect(outputs.contains("debug: GET"))
            #expect(!outputs.contains(Town.token))
        }
        let files = try FileManager.default.subpathsOfDirectory(atPath: faulty.path())
        #expect(files.contains("rollcall.sqlite"))
        #expect(files.contains("report.html"))
        for file in files where file != "gateway.yaml" {
            let bytes = FileManager.default.contents(atPath: faulty.path(file)) ?? Data()
            #expect(bytes.firstRange(of: Data(Town.token.utf8)) == nil, "\(file)")
        }
    }
}
