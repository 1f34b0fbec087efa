package import Core
import Foundation

/// A test's folder, deleted after the test.
package final class TemporaryFolder: Sendable {
    private let url: URL

    /// Creates the folder.
    package init() {
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

    /// Returns the path of a file in it.
    package func path(_ name: String) -> String { url.appendingPathComponent(name).path }
}

extension Timestamp {
    /// A time after everything that tests record.
    package static let lateEnough = Timestamp(milliseconds: 253_402_000_000_000)
}
