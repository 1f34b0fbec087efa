import Commands
import Locking

/// Keeps what a command writes.
package final class CapturedOutput: Output {
    private let texts = Guarded((output: "", errors: ""))

    /// Has nothing yet.
    package init() {}

    /// Takes a result.
    package func write(_ text: String) { texts.withLock { $0.output += text } }

    /// Takes a message.
    package func writeError(_ text: String) { texts.withLock { $0.errors += text } }

    /// What gives way to the next text is not kept.
    package func show(passing line: String) {}

    /// Nothing is ever lost here.
    package var lossOfResults: String? { nil }

    /// All results and messages since the last time, which are forgotten.
    package func take() -> (output: String, errors: String) {
        texts.withLock { texts in
            defer { texts = ("", "") }
            return texts
        }
    }
}
