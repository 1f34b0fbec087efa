import Core
import Foundation
import Glibc
import Testing

@Suite("Output on a terminal") struct TerminalTests {
    /// A group with one person to add, and no errors.
    private func town(policy pace: String = Town.configuration) throws -> Town {
        try Town([
            "rollcall.yaml": pace,
            "policies/town.yaml": """
            session: S1
            groups:
              120363000000000004@g.us:
                name: Choir
                mode: additive
                members: [+44 7700 900102, +44 7700 900103]
            """,
        ])
    }

    private func program(_ town: Town, _ url: String, on terminal: PseudoTerminal) -> Program {
        var rollcall = town.rollcall(url, ["TERM": "xterm"])
        rollcall.input = .descriptor(terminal.end)
        rollcall.output = .descriptor(terminal.end)
        rollcall.errors = .descriptor(terminal.end)
        return rollcall
    }

    @Test("Apply asks, and accepts only \"yes\"", arguments: [("yes", true), ("no", false), ("y", false), ("", false)])
    func question(answer: String, isYes: Bool) async throws {
        let town = try town()
        try await town.served { simulator in
            let terminal = try PseudoTerminal()
            let running = try program(town, simulator.url, on: terminal).start(["apply"])
            try await terminal.waits(for: "Apply this change? Type \"yes\" to continue: ")
            #expect(try await simulator.mutations().isEmpty)
            terminal.type(answer + "\n")
            #expect(await running.ending().code == (isYes ? 0 : 1))
            #expect(terminal.text.contains("Nothing was changed.") == !isYes)
            #expect(terminal.text.contains("Done: 1 added.") == isYes)
            #expect(try await simulator.mutations().count == (isYes ? 1 : 0))
            #expect(terminal.text.contains("\u{1B}[32m+ add"))
        }
        #expect(
            try await town.rollcall(Town.nowhere).run("show", "last").output
                .contains(isYes ? "Status    succeeded (exit code 0)" : "Status    failed (exit code 1)"))
    }

    @Test("A signal at the question ends the run at once, and nothing changes", arguments: [SIGINT, SIGTERM])
    func signalled(signal: Int32) async throws {
        let town = try town()
        try await town.served { simulator in
            let terminal = try PseudoTerminal()
            let running = try program(town, simulator.url, on: terminal).start(["apply"])
            try await terminal.waits(for: "to continue: ")
            running.send(signal)
            let result = await running.ending()
            #expect(result.signal == nil)
            #expect(result.code == 128 + signal)
            #expect(terminal.text.contains("Nothing was changed."))
            #expect(try await simulator.mutations().isEmpty)
        }
        #expect(
            try await town.rollcall(Town.nowhere).run("show", "last").output
                .contains("Status    interrupted (exit code \(128 + signal))"))
    }

    @Test("A warning replaces the progress line") func warning() async throws {
        let town = try town()
        try await town.served { simulator in
            let terminal = try PseudoTerminal()
            let run = program(town, simulator.url, on: terminal)
            #expect(try await run.run("plan", "--accept-removals", "4").code == 0)
            try await terminal.waits(for: "rollcall: warning: ")
            #expect(terminal.text.contains("Reading groups"))
            #expect(terminal.text.contains("\r\u{1B}[Krollcall: warning: "))
        }
    }

    @Test("The end of the input is not a yes") func endOfInput() async throws {
        let town = try town()
        try await town.served { simulator in
            let terminal = try PseudoTerminal()
            let running = try program(town, simulator.url, on: terminal).start(["apply"])
            try await terminal.waits(for: "to continue: ")
            terminal.type("\u{04}")
            #expect(await running.ending().code == 1)
            #expect(try await simulator.mutations().isEmpty)
        }
    }

    @Test("A plan without changes does not ask") func nothingToAsk() async throws {
        let town = try town()
        try await town.served { simulator in
            #expect(try await town.rollcall(simulator.url).run("apply", "--yes").code == 0)
            let terminal = try PseudoTerminal()
            #expect(try await program(town, simulator.url, on: terminal).run("apply").code == 0)
            #expect(!terminal.text.contains("yes"))
        }
    }

    @Test("Progress is shown only on standard error, and only on a capable terminal")
    func progress() async throws {
        let town = try town()
        try await town.served { simulator in
            for (isShown, options, term) in [
                (true, [], "xterm"), (false, ["--quiet"], "xterm"), (false, [], "dumb"),
            ] {
                let terminal = try PseudoTerminal()
                var rollcall = town.rollcall(simulator.url, ["TERM": term])
                rollcall.errors = .descriptor(terminal.end)
                let result = try await rollcall.run(["plan"] + options)
                #expect(result.code == 0)
                #expect(!result.output.contains("\u{1B}"))
                #expect(terminal.text.contains("Reading groups 1/1") == isShown)
                #expect(terminal.text.hasSuffix(isShown ? "\r\u{1B}[K" : ""))
            }
        }
    }

    @Test(
        "A bar shows the calls of an apply, and nothing is wider than the terminal or COLUMNS",
        arguments: [(40, nil, 40), (60, nil, 60), (100, nil, 100), (100, "50", 50), (50, "100", 50), (0, "60", 60)])
    func narrow(columns: UInt16, wanted: String?, limit: Int) async throws {
        let town = try town()
        try await town.served { simulator in
            let terminal = try PseudoTerminal(columns: columns)
            var rollcall = program(town, simulator.url, on: terminal)
            rollcall.environment["NO_COLOR"] = "1"
            rollcall.environment["COLUMNS"] = wanted
            #expect(try await rollcall.run("apply", "--yes").code == 0)
            let shown = terminal.text.replacing("\r\n", with: "\n").replacing("\r\u{1B}[K", with: "\n")
            let bar = try #require(shown.split(separator: "\n").first { $0.hasPrefix("Sending calls 1/1") })
            #expect(bar.contains("=] 100%"))
            #expect(!shown.contains("\u{1B}"))
            for line in shown.split(separator: "\n") { #expect(line.count <= limit) }
        }
    }

    @Test("Results in a pipe keep their full width beside a narrow terminal") func pipeBeside()
        async throws
    {
        let town = try town()
        try await town.served { simulator in
            let expected = try await town.rollcall(simulator.url).run("plan").output
            let terminal = try PseudoTerminal(columns: 40)
            var rollcall = town.rollcall(simulator.url, ["TERM": "xterm", "COLUMNS": "40"])
            rollcall.errors = .descriptor(terminal.end)
            let result = try await rollcall.run("plan")
            #expect(result.output == expected)
            #expect(expected.split(separator: "\n").contains { $0.count > 40 })
        }
    }

    @Test("Colours are shown unless NO_COLOR, a dumb terminal or --color never forbids them") func colours()
        async throws
    {
        let town = try town()
        try await town.served { simulator in
            for (isPainted, options, environment) in [
                (true, [], ["TERM": "xterm"]), (true, [], ["TERM": "xterm", "NO_COLOR": ""]),
                (false, [], ["TERM": "xterm", "NO_COLOR": "1"]), (false, [], ["TERM": "dumb"]),
                (false, ["--color", "never"], ["TERM": "xterm"]),
            ] {
                let terminal = try PseudoTerminal()
                var rollcall = town.rollcall(simulator.url, environment)
                rollcall.output = .descriptor(terminal.end)
                #expect(try await rollcall.run(["plan"] + options).code == 0)
                try await terminal.waits(for: "Plan: 1 to add in 1 of 1 group.")
                #expect(terminal.text.contains("\u{1B}[32m+ add") == isPainted)
            }
        }
    }
}

/// A pseudo terminal: the program's end, and the side where a person types and reads.
private final class PseudoTerminal: Sendable {
    /// The program's end.
    let end: Int32
    private let person: Int32
    private let bytes = Guarded<[UInt8]>([])

    init(columns: UInt16 = 80) throws {
        var (person, end): (Int32, Int32) = (0, 0)
        var size = winsize(ws_row: 50, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        guard openpty(&person, &end, nil, nil, &size) == 0 else { throw POSIXError(.EMFILE) }
        (self.person, self.end) = (person, end)
        for descriptor in [person, end] { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(person, F_SETFL, O_NONBLOCK)
    }

    deinit {
        close(end)
        close(person)
    }

    /// What the program has shown so far.
    var text: String {
        bytes.withLock { bytes in
            var piece = [UInt8](repeating: 0, count: 4_096)
            while true {
                let count = read(person, &piece, piece.count)
                guard count > 0 else { break }
                bytes += piece[..<count]
            }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    /// Waits until the program shows a text.
    func waits(for expected: String) async throws {
        try await waitUntil(expected) { text.contains(expected) }
    }

    /// Types a text.
    func type(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(person, bytes, bytes.count)
    }
}
