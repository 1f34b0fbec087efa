import Commands
import Core

/// Captures a command's output.
package final class CapturedOutput: Output {
    private let texts = Guarded((output: "", errors: ""))

    /// Starts empty.
    package init() {}

    /// Captures a result.
    package func write(_ text: String) { texts.withLock { $0.output += text } }

    /// Captures a message.
    package func writeError(_ text: String) { texts.withLock { $0.errors += text } }

    /// Ignores text that the next one replaces.
    package func show(passing line: String) {}

    /// Always nil: nothing is lost here.
    package var lossOfResults: String? { nil }

    /// Returns all results and messages since the last call, and clears them.
    package func take() -> (output: String, errors: String) {
        texts.withLock { texts in
            defer { texts = ("", "") }
            return texts
        }
    }
}
