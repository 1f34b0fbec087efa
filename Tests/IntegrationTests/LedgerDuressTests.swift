import Core
import Foundation
import GRDB
import GatewaySimulator
import Glibc
import RunLedger
import Stage
import Testing

@Suite("A ledger under duress") struct LedgerDuressTests {
    /// One group with three people to add, one call after another.
    private func stage(_ onFirstChange: @escaping @Sendable (String) throws -> Void) throws -> Stage {
        var world = try SmallWorld()
        try world.addGroup(1)
        let folder = ScratchPath()
        let stage = try Stage(
            world.seed, files: ["policies/a.yaml": "groups:\n" + (try SmallWorld.policy(1, members: [2, 3, 4]))],
            observer: { _ in folder.once(onFirstChange) })
        folder.path = stage.path("rollcall.sqlite")
        return stage
    }

    @Test("A ledger that accepts no more rows ends the run after the current call, and the next run finishes")
    func refusesInTheMiddle() async throws {
        let stage = try stage { path in
            try DatabaseQueue(path: path).write { database in
                try database.execute(
                    sql: """
                        CREATE TRIGGER full BEFORE UPDATE ON actions
                        BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END
                        """)
            }
        }
        let result = await stage.run("apply", "--yes")
        #expect(result.code == 1)
        #expect(
            result.errors == "rollcall: error: the ledger \(stage.path("rollcall.sqlite")) failed: database or disk is"
                + " full; check the disk and its free space, then run again\n")
        #expect(stage.world.calls.count == 1)

        try await DatabaseQueue(path: stage.path("rollcall.sqlite")).write { database in
            let statuses = try String.fetchAll(database, sql: "SELECT status FROM actions ORDER BY seq")
            #expect(statuses == ["sending", "planned", "planned"])
            try database.execute(sql: "DROP TRIGGER full")
        }
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(try stage.world.members(1) == ["1*", "2", "3", "4"])
        #expect(stage.world.calls.count == 3)
    }

    @Test("A ledger locked by another program ends the run after the current call, and the next run finishes")
    func lockedInTheMiddle() async throws {
        let holder = Holder()
        let stage = try stage { path in try holder.lock(path) }
        let result = await stage.run("apply", "--yes")
        #expect(result.code == 1)
        #expect(
            result.errors == "rollcall: error: another process kept the ledger \(stage.path("rollcall.sqlite")) locked "
                + "for too long; wait until that process has ended, then run again\n")
        #expect(stage.world.calls.count == 1)
        try holder.release()
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(try stage.world.members(1) == ["1*", "2", "3", "4"])
        #expect(stage.world.calls.count == 3)
    }

    @Test(
        "A ledger with any damaged page is refused before anything is sent, and a backup fixes it",
        arguments: 1..<20)
    func damaged(page: Int) async throws {
        let stage = try stage { _ in }
        #expect(await stage.run("plan").code == 0)
        // Free pages hold nothing, and may be damaged.
        try await stage.ledger().deleteRuns(before: Timestamp(milliseconds: 0), at: stage.clock.now())
        let path = stage.path("rollcall.sqlite")
        let good = try #require(FileManager.default.contents(atPath: path))
        var bytes = good
        try #require(bytes.count > (page + 1) * 4_096)
        for offset in page * 4_096..<(page + 1) * 4_096 { bytes[offset] = UInt8(truncatingIfNeeded: offset &* 31 | 1) }
        try bytes.write(to: URL(fileURLWithPath: path))
        let result = await stage.run("apply", "--yes")
        #expect(result.code == 1)
        #expect(result.errors.hasPrefix("rollcall: error: the ledger \(path) is not usable ("))
        #expect(result.errors.hasSuffix("); name another file, or restore a backup\n"))
        #expect(result.errors.split(separator: "\n").count == 1)
        #expect(stage.world.calls.isEmpty)
        for verb in [["history"], ["show", "last"]] { #expect([0, 1].contains(await stage.run(verb).code)) }

        for suffix in ["-wal", "-shm"] where FileManager.default.fileExists(atPath: path + suffix) {
            try FileManager.default.removeItem(atPath: path + suffix)
        }
        try good.write(to: URL(fileURLWithPath: path))
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(try stage.world.members(1) == ["1*", "2", "3", "4"])
    }

    @Test("A ledger recovers the log that a crash left beside it") func logOfACrash() async throws {
        let stage = try stage { _ in }
        let path = stage.path("rollcall.sqlite")
        let crashed = stage.path("crashed.sqlite")
        do {
            let ledger = try stage.ledger()
            #expect(await stage.run("plan").code == 0)
            for suffix in ["", "-wal", "-shm"] {
                try FileManager.default.copyItem(atPath: path + suffix, toPath: crashed + suffix)
            }
            withExtendedLifetime(ledger) {}
        }
        let size = try FileManager.default.attributesOfItem(atPath: crashed + "-wal")[.size] as? Int
        #expect((size ?? 0) > 0)
        let history = await stage.run("history", "--ledger", crashed)
        #expect(history.output.contains("plan"))
        #expect(await stage.run("apply", "--yes", "--ledger", crashed).code == 0)
        #expect(await stage.run("history", "--ledger", crashed).output.split(separator: "\n").count == 3)
    }

    @Test("An empty ledger file is initialised") func empty() async throws {
        let stage = try stage { _ in }
        try stage.write("", to: "rollcall.sqlite")
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(try stage.world.members(1) == ["1*", "2", "3", "4"])
    }

    @Test("A ledger has one lock, whatever link names it") func link() async throws {
        let stage = try stage { _ in }
        _ = try stage.ledger()
        let link = stage.path("link.sqlite")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "rollcall.sqlite")
        guard case .acquired(let lock) = try RunLock.attempt(ledger: stage.path("rollcall.sqlite")) else {
            Issue.record("the lock is already held")
            return
        }
        #expect(await stage.run("apply", "--yes", "--ledger", link).code == 6)
        #expect(stage.world.calls.isEmpty)
        withExtendedLifetime(lock) {}
    }

    @Test(
        "A file that is not a ledger is refused in one sentence before any call to the gateway",
        arguments: [
            "folder", "device", "link-to-device", "circle", "pipe", "text", "nowhere/x.sqlite", "text/x.sqlite",
        ])
    func noLedger(name: String) async throws {
        let stage = try stage { _ in }
        try stage.write(String(repeating: "no database at all. ", count: 400), to: "text")
        try stage.write("", to: "folder/file")
        try FileManager.default.createSymbolicLink(
            atPath: stage.path("link-to-device"), withDestinationPath: "/dev/full")
        try FileManager.default.createSymbolicLink(atPath: stage.path("circle"), withDestinationPath: "circle")
        try #require(mkfifo(stage.path("pipe"), 0o600) == 0)
        let path = name == "device" ? "/dev/full" : stage.path(name)
        let result = await stage.run("apply", "--yes", "--ledger", path)
        #expect(result.code == 1)
        #expect(result.output.isEmpty)
        #expect(result.errors.hasPrefix("rollcall: error: the ledger \(path) "))
        #expect(result.errors.contains("; "))
        #expect(result.errors.split(separator: "\n").count == 1)
        #expect(stage.world.journal.isEmpty)
    }

    @Test("A ledger keeps the order of runs and finds unfinished work when the clock steps back")
    func clock() async throws {
        let clock = HeldClock()
        var world = try SmallWorld()
        try world.addGroup(1)
        let stage = try Stage(
            world.seed, files: ["policies/a.yaml": "groups:\n" + (try SmallWorld.policy(1, members: [2, 3, 4]))],
            clock: clock, observer: { _ in clock.advance(by: .seconds(-86_400)) })
        #expect(await stage.run("apply", "--yes").code == 0)
        clock.advance(by: .seconds(-400 * 86_400))
        #expect(await stage.run("plan").code == 0)
        #expect(await stage.run("show", "last").output.contains("plan"))
        try stage.write("groups:\n" + (try SmallWorld.policy(1, members: [2, 3, 4, 5])), to: "policies/a.yaml")
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(try stage.world.members(1) == ["1*", "2", "3", "4", "5"])
        #expect(stage.world.calls.count == 4)
        #expect(await stage.run("history").output.split(separator: "\n").count == 4)
    }
}

/// The path of a stage's ledger, set once the stage exists.
private final class ScratchPath: Sendable {
    private let state = Guarded((path: "", isDone: false))

    var path: String {
        get { state.withLock { $0.path } }
        set { state.withLock { $0.path = newValue } }
    }

    func once(_ body: (String) throws -> Void) {
        let path = state.withLock { state -> String? in
            defer { state.isDone = true }
            return state.isDone ? nil : state.path
        }
        guard let path else { return }
        do { try body(path) } catch { Issue.record(error) }
    }
}

/// Another program that locks a ledger.
private final class Holder: Sendable {
    private let queue = Guarded<DatabaseQueue?>(nil)

    func lock(_ path: String) throws {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: path, configuration: configuration)
        try other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        queue.withLock { $0 = other }
    }

    func release() throws {
        let other = queue.withLock { queue in
            defer { queue = nil }
            return queue
        }
        try other?.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        try other?.close()
    }
}
