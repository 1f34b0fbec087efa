import Foundation
import Glibc
import Testing

@Suite("Standard streams") struct StreamTests {
    /// Returns a project in which no group can be read, for a plan of some hundred thousand characters.
    private func longTown() throws -> Town {
        var policy = "session: S1\ngroups:\n"
        for number in 1...3_000 {
            policy += "  1203630000000\(10_000 + number)@g.us: { members: [+447700900101], mode: additive }\n"
        }
        return try Town(["policies/town.yaml": policy])
    }

    @Test("A reader that closes after one line (`| head -1`) causes no error") func readerGoesAway() async throws {
        let town = try longTown()
        let pipe = try Pipe()
        var rollcall = town.rollcall(Town.nowhere)
        rollcall.output = .descriptor(pipe.writing)
        let running = try rollcall.start(["plan", "--format", "json"])
        pipe.closeWriting()
        #expect(await pipe.firstLine().hasPrefix("{"))
        pipe.closeReading()
        let result = await running.ending()
        #expect(result.signal == nil)
        #expect(result.code == 69)
        #expect(result.errors.isEmpty)
    }

    @Test("A slow reader gets all of a long plan, even with non-blocking writes") func slowReader() async throws {
        let town = try longTown()
        let pipe = try Pipe()
        _ = fcntl(pipe.writing, F_SETFL, O_NONBLOCK)
        var rollcall = town.rollcall(Town.nowhere)
        rollcall.output = .descriptor(pipe.writing)
        let running = try rollcall.start(["plan", "--format", "json"])
        pipe.closeWriting()
        let text = await pipe.all()
        let result = await running.ending()
        #expect(result.code == 69)
        #expect(result.errors.isEmpty)
        #expect(text.utf8.count > 150_000)
        #expect(text.hasSuffix("\n}\n"))
    }

    @Test("A result that cannot be written on a full disk is an error") func fullDisk() async throws {
        let town = try Town()
        var rollcall = town.rollcall(Town.nowhere)
        rollcall.output = .file("/dev/full")
        let result = try await rollcall.run("validate")
        #expect(result.code == 1)
        #expect(
            result.errors == "rollcall: error: could not write the whole result to standard output: No space left on "
                + "device; check the disk, or the program that reads the output, then run again\n")
        rollcall.errors = .file("/dev/full")
        #expect(try await rollcall.run("plan").code == 69)
    }

    @Test(
        "Streams that are closed from the start are never confused with the ledger or the gateway",
        arguments: [[STDIN_FILENO], [STDOUT_FILENO], [STDERR_FILENO], [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]])
    func closed(streams: [Int32]) async throws {
        let town = try Town()
        try await town.served { simulator in
            var rollcall = town.rollcall(simulator.url)
            if streams.contains(STDIN_FILENO) { rollcall.input = .closed }
            if streams.contains(STDOUT_FILENO) { rollcall.output = .closed }
            if streams.contains(STDERR_FILENO) { rollcall.errors = .closed }
            let board = ["--group", "120363000000000002@g.us", "--accept-removals", "4"]
            #expect(try await rollcall.run(["plan", "--detailed-exitcode"] + board).code == 2)
            #expect(try await rollcall.run(["apply"] + board).code == 64)
            #expect(try await rollcall.run(["apply", "--yes"] + board).code == 0)
            #expect(try await rollcall.run("frobnicate").code == 64)
            #expect(try await rollcall.run("--help").code == 0)
            let history = try await town.rollcall(simulator.url).run("history", "--format", "json")
            #expect(history.code == 0)
            #expect(history.output.matches(of: /"exit_code" : ([0-9]+)/).map(\.output.1) == ["0", "2"])
        }
    }

    @Test("Only results go to standard output, and errors go to standard error")
    func separation() async throws {
        let town = try Town()
        try await town.served { simulator in
            let rollcall = town.rollcall(simulator.url)
            let plan = try await rollcall.run("plan", "--format", "json", "--log-level", "debug")
            #expect(try JSONSerialization.jsonObject(with: Data(plan.output.utf8)) is [String: Any])
            #expect(plan.errors.split(separator: "\n").allSatisfy { $0.hasPrefix("rollcall: debug: GET http") })
            #expect(!plan.errors.isEmpty)
            let logged = try await rollcall.run("plan", "--log-level", "debug", "--log-format", "json")
            for line in logged.errors.split(separator: "\n") {
                #expect(try JSONSerialization.jsonObject(with: Data(line.utf8)) is [String: Any])
            }
            #expect(try await rollcall.run("plan", "--log-level", "debug", "--quiet").errors.isEmpty)
            let unasked = try await rollcall.run("apply")
            #expect(unasked.code == 64)
            #expect(unasked.output.isEmpty)
            #expect(
                unasked.errors
                    == "rollcall: error: there is no terminal for the confirmation; "
                    + "pass --yes to apply without asking\n")
            #expect(try await simulator.mutations().isEmpty)
        }
    }

    @Test("A hostile subject or a pipe never gets escape sequences; --color always does, even with NO_COLOR")
    func colours() async throws {
        let town = try Town()
        try await town.served { simulator in
            let rollcall = town.rollcall(simulator.url)
            for options in [[], ["--color", "auto"], ["--color", "never"], ["--format", "json"]] {
                let plan = try await rollcall.run(["plan"] + options)
                #expect(!(plan.output + plan.errors).contains("\u{1B}"))
            }
            let painted = try await town.rollcall(simulator.url, ["NO_COLOR": "1"]).run("plan", "--color", "always")
            #expect(painted.output.contains("\u{1B}[32m+ add"))
            #expect(!painted.output.contains("\u{1B}[2J"))
            #expect(!painted.output.contains("\u{202E}"))
        }
    }

    @Test("Standard error never shows a person's number, whatever goes wrong", arguments: [[], ["--quiet"]])
    func noNumbers(options: [String]) async throws {
        let town = try Town()
        try await town.served { simulator in
            for verb in [["plan"], ["apply", "--yes"], ["plan"]] {
                let result = try await town.rollcall(simulator.url).run(verb + options)
                #expect(!result.errors.contains("447700"))
            }
        }
    }
}

/// A pipe whose ends no other child inherits.
private final class Pipe: Sendable {
    let reading: Int32
    let writing: Int32

    init() throws {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw POSIXError(.EMFILE) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (reading, writing) = (ends[0], ends[1])
    }

    func closeWriting() { close(writing) }

    func closeReading() { close(reading) }

    /// Reads one line byte by byte, and nothing after it.
    func firstLine() async -> String { await read { $0.last == UInt8(ascii: "\n") } }

    /// Reads to the end, with a short pause after each piece.
    func all() async -> String {
        defer { closeReading() }
        return await read(pieces: 16_384) { _ in
            usleep(500)
            return false
        }
    }

    /// Reads on a separate thread until there is enough.
    private func read(pieces size: Int = 1, until isEnough: @Sendable @escaping ([UInt8]) -> Bool) async -> String {
        let reading = reading
        return await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                var bytes: [UInt8] = []
                var piece = [UInt8](repeating: 0, count: size)
                while true {
                    let count = Glibc.read(reading, &piece, size)
                    guard count > 0 else { break }
                    bytes += piece[..<count]
                    if isEnough(bytes) { break }
                }
                continuation.resume(returning: String(decoding: bytes, as: UTF8.self))
            }
        }
    }
}
