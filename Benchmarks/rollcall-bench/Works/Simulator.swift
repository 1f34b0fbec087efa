import Core
import Foundation

/// The simulated gateway, with groups that contain only the own account.
final class Simulator {
    /// The address.
    let url: String

    private let program: BackgroundProgram
    private let bench: Bench

    /// Serves a world.
    init(seed: String, for bench: Bench) throws {
        self.bench = bench
        let file = bench.path("simulator-url")
        if FileManager.default.fileExists(atPath: file) { try FileManager.default.removeItem(atPath: file) }
        program = try BackgroundProgram(
            bench.simulator, ["--seed", seed, "--port", "0", "--url-file", file, "--control"], in: bench.work,
            for: bench)
        try program.wait { FileManager.default.fileExists(atPath: file) }
        url = try String(contentsOfFile: file, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Ends the simulator and forgets all changes.
    func stop() { program.stop() }

    /// Returns the calls that change a group, in order; throws if one had no effect.
    func changes(_ expected: Int) throws -> [Change] {
        let file = bench.path("journal.json")
        try bench.run("/usr/bin/env", ["curl", "--silent", "--fail", "--output", file, "\(url)/_simulator/journal"])
        let journal = try JSONDecoder().decode(
            WrittenJournal.self, from: try Data(contentsOf: URL(fileURLWithPath: file)))
        let changes = try journal.entries.filter { $0.method != "GET" }.map { entry in
            guard entry.effects.count == 1, entry.effects[0].outcome == "added",
                let time = Timestamp(iso8601: entry.time)
            else { throw Complaint("The simulator did not do what was asked: \(entry.method) \(entry.path)") }
            return Change(time: time, method: entry.method, path: entry.path, body: entry.body)
        }
        guard changes.count == expected else {
            throw Complaint("The simulator was sent \(changes.count) changes, not \(expected).")
        }
        return changes
    }
}

/// A call that changed a group.
struct Change: Sendable {
    /// When the simulator received it.
    let time: Timestamp
    /// The method.
    let method: String
    /// The path as sent.
    let path: String
    /// The body.
    let body: String

    /// The session that sent it.
    var session: Substring {
        let parts = path.split(separator: "/")
        return parts.count > 3 ? parts[3] : ""
    }
}

extension [Change] {
    /// Calls a second, from the first to the last.
    func rate() throws -> Double {
        guard let first = map(\.time).min(), let last = map(\.time).max(), first < last else {
            throw Complaint("The changes came too fast to measure their rate.")
        }
        return Double(count - 1) * 1_000 / Double(last.milliseconds - first.milliseconds)
    }
}

private struct WrittenJournal: Decodable {
    let entries: [Entry]

    struct Entry: Decodable {
        let time: String
        let method: String
        let path: String
        let body: String
        let effects: [Effect]
    }

    struct Effect: Decodable {
        let outcome: String
    }
}
