import Foundation
import Testing

@Suite("Shell completion") struct CompletionTests {
    /// Enables a test only if a shell is installed.
    private static func installed(_ shell: String) -> ConditionTrait {
        .enabled("\(shell) is installed") {
            do {
                return try await Program(executable: shell).run("-c", "exit 0").code == 0
            } catch {
                return false
            }
        }
    }

    /// Returns a folder with the script for a shell.
    private func folder(for shell: String) async throws -> ScratchFolder {
        let scratch = try ScratchFolder()
        // Any read of the configuration or ledger would report an error.
        let environment = ["ROLLCALL_CONFIG": "/dev/null/rollcall.yaml", "ROLLCALL_LEDGER": "/dev/null/ledger"]
        let rollcall = Program(
            executable: "\(Program.built)/rollcall", environment: environment, folder: scratch.path())
        let result = try await rollcall.run("--generate-completion-script", shell)
        #expect(result.code == 0)
        #expect(result.errors.isEmpty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path()).isEmpty)
        try scratch.write("script", result.output)
        return scratch
    }

    @Test(
        "Bash completes commands, values, and files by their extensions",
        arguments: [
            ("pl", "plan"), ("plan --format ", "html json markdown text"), ("plan --color ", "always auto never"),
            ("schema ", "config plan policy"), ("ledger export --table a", "actions attempts"), ("show ", "last"),
            ("plan -c ", "a.yaml b.yml sub"), ("apply ", "plan.json sub"), ("plan --out ", "plan.json sub"),
            ("report --out ", "report.html sub"), ("plan --ledger ", "rollcall.sqlite sub"), ("init ", "sub"),
            ("plan --accept-removals ", ""),
        ])
    func bash(typed: String, offered: String) async throws {
        let scratch = try await folder(for: "bash")
        let files = ["a.yaml", "b.yml", "plan.json", "report.html", "rollcall.sqlite", "notes.txt", "sub/notes.txt"]
        for file in files { try scratch.write("files/\(file)", "") }
        try scratch.write(
            "complete",
            """
            source "$1"
            cd "$2"
            shift 2
            COMP_WORDS=(rollcall "$@")
            COMP_CWORD=$#
            COMP_LINE="${COMP_WORDS[*]}"
            COMP_POINT=${#COMP_LINE}
            _rollcall rollcall "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
            printf '%s\\n' "${COMPREPLY[@]}"
            """)
        let words = typed.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        let result = try await Program(executable: "bash").run(
            ["--norc", "--noprofile", scratch.path("complete"), scratch.path("script"), scratch.path("files")] + words)
        #expect(result.errors.isEmpty)
        #expect(result.output.split(separator: "\n").sorted().joined(separator: " ") == offered)
    }

    @Test("Zsh can read its script", installed("zsh")) func zsh() async throws {
        let scratch = try await folder(for: "zsh")
        #expect(scratch.text("script").hasPrefix("#compdef rollcall\n"))
        let result = try await Program(executable: "zsh").run("-n", scratch.path("script"))
        #expect(result.code == 0)
        #expect(result.errors.isEmpty)
    }

    @Test("Fish completes commands and values", installed("fish")) func fish() async throws {
        let scratch = try await folder(for: "fish")
        for (typed, offered) in [("pl", ["plan"]), ("plan --format ", ["html", "json", "markdown", "text"])] {
            var fish = Program(executable: "fish", environment: ["HOME": scratch.path("home")])
            fish.environment["script"] = scratch.path("script")
            let result = try await fish.run(
                "--no-config", "-c", "source $script; complete -C 'rollcall \(typed)'")
            let words = result.output.split(separator: "\n").map { $0.prefix { $0 != "\t" } }
            #expect(words.map(String.init).sorted() == offered)
        }
    }

    @Test("Zsh and fish scripts are printed whether or not the shells are installed", arguments: ["zsh", "fish"])
    func scripts(shell: String) async throws {
        #expect(try await folder(for: shell).text("script").contains("rollcall"))
    }
}
