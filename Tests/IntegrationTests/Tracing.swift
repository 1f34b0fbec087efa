import Testing

/// Traces system calls with `strace`.
enum Tracing {
    /// Enables a test only if `strace` is installed and may trace its own children.
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
