import Foundation

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
