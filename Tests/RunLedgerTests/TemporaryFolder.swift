import Core
import Foundation

/// A test's folder, deleted after the test.
final class TemporaryFolder: Sendable {
    private let url: URL

    init() {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("rollcall-\(UUID().uuidString)")
        do {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        } catch {
            preconditionFailure("no temporary folder: \(error)")
        }
    }

    deinit {
        do { try FileManager.default.removeItem(at: url) } catch { print("left behind: \(url.path)") }
    }

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }
}

extension Timestamp {
    /// A time after everything that tests record.
    static let lateEnough = Timestamp(milliseconds: 253_402_000_000_000)
}
