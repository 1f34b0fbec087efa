import Foundation
import Glibc
import Testing

@Suite("Outputs to a place that is not a file") struct ResultPlaceTests {
    /// Runs a shell line in the project's folder, with the program as `$R`.
    private func shell(_ line: String, _ town: Town, _ url: String) async throws -> ProgramResult {
        var program = town.rollcall(url, ["R": "\(Program.built)/rollcall"])
        program.executable = "/bin/bash"
        return try await program.run("-c", line)
    }

    private func isLink(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }

    /// A town with a person to add.
    private static let field = Field(behaviour: "store: follows", policy: "admins: [p1, p2], members: [p3, p4, p5]")

    private static let commands = ["plan -q", "report", "import -q --session S1"]

    /// Returns whether a command's output starts as it should.
    private func beginsRightly(_ text: String, _ command: String) -> Bool {
        if command.hasPrefix("plan") { return text.hasPrefix("{") && text.hasSuffix("}\n") }
        return command == "report"
            ? text.hasPrefix("<!doctype html>") && text.hasSuffix("</html>\n") : text.contains("groups:")
    }

    @Test("Output through a link to a pipe works, and the link stays", arguments: commands)
    func link(command: String) async throws {
        try await Self.field.served { town, simulator in
            _ = try await town.rollcall(simulator.url).run("plan")
            let result = try await shell(
                """
                mkfifo pipe && ln -s pipe out.html && { cat pipe > got & } && $R \(command) --out out.html > stdout.txt && wait
                """, town, simulator.url)
            #expect(result.code == 0)
            #expect(beginsRightly(town.text("got"), command))
            #expect(isLink(town.path("out.html")))
        }
    }

    @Test("Output goes into a descriptor that a shell has opened", arguments: commands)
    func substitution(command: String) async throws {
        // A report's name ends in .html.
        let position = command == "report" ? "link.html" : ">(cat > got)"
        try await Self.field.served { town, simulator in
            _ = try await town.rollcall(simulator.url).run("plan")
            let result = try await shell(
                """
                exec 5> >(cat > got); ln -s /dev/fd/5 link.html
                $R \(command) --out \(position) > stdout.txt; code=$?; exec 5>&-; sleep 0.3; exit $code
                """, town, simulator.url)
            #expect(result.code == 0)
            #expect(beginsRightly(town.text("got"), command))
        }
    }

    @Test("A link to standard output is kept, pipe or file", arguments: ["| cat > got", "> got"])
    func standardOutput(redirection: String) async throws {
        try await Self.field.served { town, simulator in
            let result = try await shell(
                "set -o pipefail; ln -s /proc/self/fd/1 stdout; $R plan -q --format json --out stdout \(redirection)",
                town, simulator.url)
            #expect(result.code == 0)
            #expect(isLink(town.path("stdout")))
            #expect(town.text("got").contains("\"rollcall_plan\"") || town.text("got").hasPrefix("{"))
        }
    }

    @Test("A dash means standard output", arguments: commands)
    func dash(command: String) async throws {
        try await Self.field.served { town, simulator in
            let rollcall = town.rollcall(simulator.url)
            _ = try await rollcall.run("plan")
            let result = try await rollcall.run(command.split(separator: " ").map(String.init) + ["--out", "-"])
            #expect(result.code == 0)
            #expect(beginsRightly(result.output, command))
            #expect(!FileManager.default.fileExists(atPath: town.path("-")))
        }
    }

    @Test("A plan written to standard output can be applied") func planThroughPipe() async throws {
        try await Self.field.served { town, simulator in
            let result = try await shell(
                "set -e; $R plan -q --out - > plan.json; $R apply --yes plan.json", town, simulator.url)
            #expect(result.code == 0)
            #expect(try await !simulator.mutations().isEmpty)
        }
    }

    @Test("Metrics of each run go through a link to a pipe, and the link stays") func metrics() async throws {
        var field = Self.field
        field.gateway = " }\nmetrics: { textfile: metrics.prom"
        try await field.served { town, simulator in
            let result = try await shell(
                "mkfifo pipe && ln -s pipe metrics.prom && { cat pipe > got & } && $R apply --yes > stdout.txt; wait",
                town, simulator.url)
            #expect(result.errors.isEmpty || !result.errors.contains("could not write the metrics"))
            #expect(town.text("got").contains("rollcall_"))
            #expect(isLink(town.path("metrics.prom")))
        }
    }

    @Test("Init never overwrites an existing file") func begun() async throws {
        let town = try Town()
        let result = try await shell("mkdir new && echo mine > new/rollcall.yaml; $R init new", town, Town.nowhere)
        #expect(result.code != 0)
        #expect(town.text("new/rollcall.yaml") == "mine\n")
    }

    @Test("Init leaves no files behind if it cannot write one of them") func halfBegun() async throws {
        let town = try Town()
        // The last file meets a link that leads nowhere.
        let result = try await shell(
            "mkdir -p new/policies; ln -s nowhere/x new/policies/policy.schema.json; $R init new", town, Town.nowhere)
        #expect(result.code == 1, "\(result.errors)")
        #expect(result.output.isEmpty)
        let left = try FileManager.default.subpathsOfDirectory(atPath: town.path("new"))
        #expect(left.sorted() == ["policies", "policies/policy.schema.json"])
    }

    @Test("Import never replaces a file that appears while it reads") func appeared() async throws {
        let town = try Town([
            "gateway.yaml": try Town().text("gateway.yaml")
                + "\nfaults:\n  - { method: GET, path: \"*/members\", count: 1, delay: 2000 }\n"
        ])
        try await town.served { simulator in
            let running = try town.rollcall(simulator.url).start(["import", "--session", "S1", "--out", "mine.yaml"])
            let journal = simulator.journal
            try await waitUntil("the reading") { journal.text.contains("/members") }
            try town.write("mine.yaml", "mine")
            #expect(await running.ending().code == 1)
            #expect(town.text("mine.yaml") == "mine")
        }
    }

    @Test("Output to standard output keeps earlier text of the file") func standardOutput()
        async throws
    {
        try await Self.field.served { town, simulator in
            let result = try await shell(
                "{ echo first; $R plan -q --out /dev/stdout; echo last; } > log; ln -s /dev/stdout so; $R plan -q --out so > plain",
                town, simulator.url)
            #expect(result.code == 0, "\(result.errors)")
            #expect(town.text("log").hasPrefix("first\n{"))
            #expect(town.text("log").hasSuffix("}\nlast\n"))
            #expect(beginsRightly(town.text("plain"), "plan"))
        }
    }
}
