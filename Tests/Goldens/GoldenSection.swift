import Foundation

/// The recorded end of a document, after a marker; the part before it is written by hand.
package struct GoldenSection: Sendable {
    private let file: String
    private let marker: String
    private let end: String?

    /// The part of a file after the first `marker`, up to `end` if there is one.
    package init(file: String, marker: String, end: String? = nil) {
        self.file = file
        self.marker = marker
        self.end = end
    }

    /// Returns how a text differs from the recorded one; nil if they are equal.
    package func complaint(about text: String) -> String? {
        let name = URL(fileURLWithPath: file).lastPathComponent
        guard let bytes = FileManager.default.contents(atPath: file) else { return "\(name) cannot be read" }
        let document = String(decoding: bytes, as: UTF8.self)
        guard let heading = document.range(of: marker) else { return "\(name) has no line \(marker)" }
        let start = document[..<heading.upperBound]
        let behind = document[heading.upperBound...]
        let rest = end.flatMap { behind.range(of: $0)?.lowerBound }.map { behind[$0...] } ?? ""
        let golden = String(behind.dropLast(rest.count))
        let text = "\n" + text
        if GoldenFolder.isRecording {
            do {
                try Data((start + text + rest).utf8).write(to: URL(fileURLWithPath: file))
                return "\(name) was recorded again; check it, and run again without recording"
            } catch {
                return "\(name) could not be recorded: \(error)"
            }
        }
        return golden == text ? nil : GoldenFolder.difference(golden: golden, text: text, name: name)
    }
}
