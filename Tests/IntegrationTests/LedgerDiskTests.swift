import Foundation
import GRDB
import Glibc
import Testing

@Suite("Ledgers on a full or read-only disk") struct LedgerDiskTests {
    /// Runs the program with files limited to this many blocks of 512 bytes, which looks like a full disk.
    private func limited(_ rollcall: Program, to blocks: Int, _ arguments: String...) async throws -> ProgramResult {
        var shell = rollcall
        shell.executable = "/bin/sh"
        // Under the thread sanitizer, a program first writes half a mebibyte to this folder, which exceeds the limit;
        // without the folder it writes nothing.
        shell.environment["TEST_TMPDIR"] = "/nonexistent"
        let script = #"ulimit -f "$1" && shift && exec "$@""#
        return try await shell.run(["-c", script, "sh", "\(blocks)", rollcall.executable] + arguments)
    }

    @Test(
        "A full disk gives one sentence, nothing is sent without a record, and the next run finishes",
        arguments: [8, 200, 260, 300, 330, 350, 380])
    func full(blocks: Int) async throws {
        let town = try Town()
        try await town.served { simulator in
            let rollcall = town.rollcall(simulator.url)
            let result = try await limited(rollcall, to: blocks, "apply", "--yes")
            #expect(result.signal == nil)
            #expect(result.code == 1)
            #expect(
                result.errors == "rollcall: error: the ledger rollcall.sqlite failed: disk I/O error; check the disk"
                    + " and its free space, then run again\n")
            let sent = try await simulator.mutations().count
            #expect(sent <= 1)
            if sent > 0 {
                let queue = try DatabaseQueue(path: town.path("rollcall.sqlite"))
                let recorded = try await queue.read {
                    try Int.fetchOne($0, sql: "SELECT count(*) FROM actions WHERE sent_at IS NOT NULL")
                }
                #expect(recorded == sent)
                try queue.close()
            }
            #expect(try await rollcall.run("apply", "--yes").code == 3)
            #expect(try await simulator.mutations().count == 5)
            #expect(try await rollcall.run("show", "last").code == 0)
        }
    }

    @Test("A full disk at the lock file is named with the lock's path, and nothing is sent", Tracing.isPossible)
    func fullLock() async throws {
        let town = try Town()
        try await town.served { simulator in
            let rollcall = town.rollcall(simulator.url)
            // Creates the ledger and its lock file.
            _ = try await rollcall.run("plan")
            let lock = town.path("rollcall.sqlite.lock")
            try #require(FileManager.default.fileExists(atPath: lock))
            var traced = rollcall
            traced.executable = "strace"
            let result = try await traced.run([
                "-f", "-qqq", "-o", town.path("trace"), "-P", lock, "-e", "trace=pwrite64", "-e",
                "inject=pwrite64:error=ENOSPC", rollcall.executable, "apply", "--yes",
            ])
            #expect(result.code == 1)
            #expect(
                result.errors.hasSuffix(
                    "/rollcall.sqlite.lock cannot be used: No space left on device; check the disk and its free space, "
                        + "then run again\n"))
            #expect(result.errors.hasPrefix("rollcall: error: the lock file /"))
            #expect(try await simulator.mutations().isEmpty)
        }
    }

    /// Runs the program as an unprivileged account; permissions do not apply to root.
    private static func unprivileged(_ rollcall: Program, _ arguments: String...) async throws -> ProgramResult {
        guard geteuid() == 0 else { return try await rollcall.run(arguments) }
        var program = rollcall
        program.executable = "setpriv"
        return try await program.run(["--reuid", "65534", "--clear-groups", rollcall.executable] + arguments)
    }

    @Test(
        "A ledger in a read-only folder can be read, but no run starts with it",
        .enabled("the program can run as an unprivileged account") {
            try await unprivileged(Program(executable: "\(Program.built)/rollcall"), "--version").code == 0
        },
        arguments: [0o444, 0o644])
    func readOnly(mode: Int) async throws {
        let town = try Town(["ledgers/notes.txt": ""])
        let files = FileManager.default
        let ledger = "ledgers/rollcall 50%?.sqlite"
        try await town.served { simulator in
            let rollcall = town.rollcall(simulator.url, ["ROLLCALL_LEDGER": ledger])
            #expect(try await rollcall.run("apply", "--yes").code == 3)
            let before = try await simulator.mutations().count
            try files.setAttributes([.posixPermissions: mode], ofItemAtPath: town.path(ledger))
            try files.setAttributes([.posixPermissions: 0o555], ofItemAtPath: town.path("ledgers"))
            let names = try files.contentsOfDirectory(atPath: town.path("ledgers")).sorted()

            let refused = try await Self.unprivileged(rollcall, "apply", "--yes")
            #expect(refused.code == 1)
            #expect(refused.errors.hasPrefix("rollcall: error: the ledger \(ledger) cannot be opened for writing: "))
            #expect(
                refused.errors.hasSuffix(
                    "; make the file and its folder writable for the account that runs rollcall, or set"
                        + " another file with `ledger`\n"))
            #expect(try await simulator.mutations().count == before)
            let history = try await Self.unprivileged(rollcall, "history")
            #expect(history.code == 0)
            #expect(history.output.split(separator: "\n").count == 2)
            #expect(try await Self.unprivileged(rollcall, "show", "last").output.contains("Choir"))
            #expect(try files.contentsOfDirectory(atPath: town.path("ledgers")).sorted() == names)

            try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: town.path("ledgers"))
            try files.setAttributes([.posixPermissions: 0o600], ofItemAtPath: town.path(ledger))
        }
    }
}
