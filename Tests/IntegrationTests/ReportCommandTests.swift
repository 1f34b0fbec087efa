import Foundation
import Testing

@Suite("The ledger report") struct ReportCommandTests {
    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test("The report is one file, readable only by its owner, with numbers masked by default")
    func page() async throws {
        let town = try Town()
        try await town.served { simulator in
            let rollcall = town.rollcall(simulator.url)
            #expect(try await rollcall.run("apply", "--yes").code == 3)
            let result = try await rollcall.run("report", "--out", "night.html")
            #expect(result.code == 0)
            #expect(result.output == "wrote night.html\n")
            #expect(result.errors.isEmpty)
            #expect(try mode(town.path("night.html")) == 0o600)
            let page = town.text("night.html")
            #expect(page.hasPrefix("<!doctype html>"))
            #expect(page.hasSuffix("</html>\n"))
            #expect(page.contains("1 run over 4 groups"))
            let phones = try await rollcall.run("show", "last", "--format", "json").output
                .matches(of: /"phone" : "(\+[0-9]+)"/).map { String($0.output.1) }
            try #require(!phones.isEmpty)
            #expect(phones.allSatisfy { !page.contains($0) && !page.contains($0.dropFirst()) })

            let shown = try await rollcall.run("report", "--out", "night.html", "--show-phones", "--quiet")
            #expect(shown.output.isEmpty)
            #expect(phones.contains { town.text("night.html").contains($0) })
            #expect(try mode(town.path("night.html")) == 0o600)
        }
        let leftovers = try FileManager.default.contentsOfDirectory(atPath: town.path()).filter { $0.hasSuffix(".tmp") }
        #expect(leftovers.isEmpty)
    }

    @Test("A report can be made during a run") func whileRunning() async throws {
        let town = try Town([
            "rollcall.yaml": Town.configuration.replacing("calls_per_minute: 0", with: "calls_per_minute: 1")
        ])
        try await town.served { simulator in
            let rollcall = town.rollcall(simulator.url)
            // Look-ups keep the pace too, and would take half a minute.
            let running = try rollcall.start(["apply", "--yes", "--offline-identities"])
            try await waitUntil("the first call") { try await !simulator.mutations().isEmpty }
            let result = try await rollcall.run("report", "--out", "night.html")
            #expect(result.code == 0)
            #expect(town.text("night.html").contains("<dd class=\"figure\">running</dd>"))
            running.send(SIGKILL)
            _ = await running.ending()
        }
    }

    @Test("The report needs a ledger, and creates none") func noLedger() async throws {
        let scratch = try ScratchFolder()
        let rollcall = Program(executable: "\(Program.built)/rollcall", folder: scratch.path())
        let result = try await rollcall.run("report", "--ledger", "none.sqlite", "--out", "a.html")
        #expect(result.code == 1)
        #expect(
            result.errors == "rollcall: error: no ledger at none.sqlite yet; create it with `rollcall plan` or "
                + "`rollcall apply`, or name another one with --ledger\n")
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path()).isEmpty)
    }

    @Test("The report overwrites only a page, and never partially") func positions() async throws {
        let town = try Town()
        try await town.served { simulator in
            let rollcall = town.rollcall(simulator.url)
            #expect(try await rollcall.run("plan").code == 3)
            for name in ["rollcall.yaml", "rollcall.sqlite", "page", ""] {
                let refused = try await rollcall.run("report", "--out", name)
                #expect(refused.code == 64, "\(name)")
                #expect(refused.errors.contains("--out must be a file whose name ends in .html."))
            }
            #expect(try await rollcall.run("report").code == 64)
            #expect(try await rollcall.run("report", "--out", "a.html", "--last", "0").code == 64)
            let nowhere = try await rollcall.run("report", "--out", "no/where.html")
            #expect(nowhere.code == 1)
            #expect(
                nowhere.errors == "rollcall: error: no/where.html cannot be written: No such file or directory; "
                    + "create its folder, or name another file\n")
            try FileManager.default.createDirectory(
                atPath: town.path("folder.html"), withIntermediateDirectories: false)
            let folder = try await rollcall.run("report", "--out", "folder.html")
            #expect(folder.code == 1)
            #expect(folder.errors.contains("folder.html cannot be written: Is a directory"))
            try Data("old".utf8).write(to: URL(fileURLWithPath: town.path("old.html")))
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: town.path("old.html"))
            #expect(try await rollcall.run("report", "--out", "old.html").code == 0)
            #expect(town.text("old.html").hasSuffix("</html>\n"))
            #expect(try mode(town.path("old.html")) == 0o600)
        }
    }
}
