import Foundation
import Membership

/// A folder of a test's own, gone when the test is.
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
    /// A moment after all that tests record.
    static let lateEnough = Timestamp(milliseconds: 253_402_000_000_000)
}
