import Testing

/// The watching of system calls by `strace`.
enum Tracing {
    /// Lets a test run only where `strace` is installed and may trace its own children.
    static var isPossible: ConditionTrait {
        .enabled("strace is installed, and may trace its own children") {
            do {
                return try await Program(executable: "strace").run("-f", "-o", "/dev/null", "true").code == 0
            } catch {
                return false
            }
        }
    }
}
