import Core
import Foundation

@testable import PolicyFiles

/// A folder that is deleted after its test.
final class TemporaryFolder: Sendable {
    /// Its path.
    let path: String

    /// Creates the folder with files; names may include folders.
    init(_ files: [String: String] = [:]) throws {
        let base = FileManager.default.temporaryDirectory.appendingPathComponent("rollcall-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: base, withIntermediateDirectories: true)
        path = base.path
        for (name, text) in files { try write(name, text) }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file and its parent folders.
    func write(_ name: String, _ text: String) throws { try write(name, bytes: Array(text.utf8)) }

    /// Writes a file of bytes.
    func write(_ name: String, bytes: [UInt8]) throws {
        let file = URL(fileURLWithPath: path).appendingPathComponent(name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
    }

    /// Creates a symbolic link.
    func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: "\(path)/\(name)", withDestinationPath: target)
    }

    /// Reads all policies in the folder.
    func policies(_ patterns: [String] = ["."], gateways: [GatewayName] = [.default]) -> PolicyReading {
        PolicyReader.read(patterns: patterns, relativeTo: path, gateways: gateways)
    }

    /// Reads `rollcall.yaml` in the folder.
    func configuration(_ environment: [String: String] = [:]) -> ConfigurationReading {
        ConfigurationReader.read(path: "\(path)/rollcall.yaml", environment: environment)
    }
}

/// Reads one policy file that starts with a session.
func policies(_ text: String) throws -> PolicyReading {
    try TemporaryFolder(["policy.yaml": "session: S1\n" + text]).policies()
}

/// Returns what the policy file says about its only group on a day.
func onlyGroup(_ text: String, on day: String = "2026-11-23") throws -> DesiredGroup {
    let reading = try policies(text)
    guard let set = reading.policies, set.groups.count == 1, let date = CalendarDate(parsing: day) else {
        throw UnusablePolicy(diagnostics: reading.diagnostics.map(\.description))
    }
    return set.desiredGroup(at: 0, on: date)
}

/// A policy that a test expected to be valid.
struct UnusablePolicy: Error {
    let diagnostics: [String]
}

/// Returns a membership in one line: role, number or LID, name, place, reason.
func outline(_ member: DesiredMember) -> String {
    let who = [member.person.phone?.e164, member.person.lid?.description, member.person.name].compactMap(\.self)
    let reason = member.reason.map { " (\($0))" } ?? ""
    return "\(member.role) \(who.joined(separator: " ")) at \(member.source)\(reason)"
}
