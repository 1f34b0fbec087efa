import Foundation

/// The golden texts in a test target's folder `Golden`.
///
/// With `ROLLCALL_RECORD_GOLDENS` set they are recorded again, and every comparison fails, so that nobody mistakes a
/// recording for a passed test.
package struct GoldenFolder: Sendable {
    private let folder: URL

    /// The folder next to a source file.
    package init(besides file: String = #filePath) {
        folder = URL(fileURLWithPath: file).deletingLastPathComponent().appendingPathComponent("Golden")
    }

    /// Returns how a text differs from the golden of this name; nil if they are equal.
    package func complaint(about text: String, as name: String) -> String? {
        let file = folder.appendingPathComponent("\(name).txt")
        if Self.isRecording {
            do {
                try Data(text.utf8).write(to: file)
                return "\(name) was recorded again; check it, and run again without recording"
            } catch {
                return "\(name) could not be recorded: \(error)"
            }
        }
        guard let bytes = try? Data(contentsOf: file) else {
            return "no golden \(name); record it with ROLLCALL_RECORD_GOLDENS=1"
        }
        let golden = String(decoding: bytes, as: UTF8.self)
        return golden == text ? nil : Self.difference(golden: golden, text: text, name: name)
    }

    /// True if texts are recorded instead of compared.
    static var isRecording: Bool { ProcessInfo.processInfo.environment["ROLLCALL_RECORD_GOLDENS"] != nil }

    /// Describes the first line in which two texts differ.
    static func difference(golden: String, text: String, name: String) -> String {
        let old = golden.split(separator: "\n", omittingEmptySubsequences: false)
        let new = text.split(separator: "\n", omittingEmptySubsequences: false)
        let same = zip(old, new).prefix { $0 == $1 }.count
        func line(_ lines: [Substring]) -> String { same < lines.count ? String(lines[same]) : "(nothing)" }
        return "\(name) differs from its golden at line \(same + 1):\n- \(line(old))\n+ \(line(new))"
    }
}
