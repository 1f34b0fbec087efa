package import Core
import Glibc
package import HTTPTransfer
package import Reconciliation

/// Everything that a command uses of the outside world; tests pass their own.
package struct Context: Sendable {
    /// The environment.
    package var environment: [String: String]
    /// The clock.
    package var time: any TimeSource
    /// The terminal, if there is one.
    package var terminal: Terminal
    /// Where results and messages go.
    package var output: any Output
    /// The machine's name for the ledger.
    package var host: String
    /// Random numbers from 0 up to 1, for the jitter of pauses.
    package var random: @Sendable () -> Double
    /// Creates the HTTP client for a gateway.
    package var makeTransfer: @Sendable (TransferSettings) -> any HTTPExchanging
    /// The switch that ends a run early.
    package var control: RunControl

    /// Creates a context.
    package init(
        environment: [String: String], time: any TimeSource, terminal: Terminal, output: any Output, host: String,
        random: @Sendable @escaping () -> Double,
        makeTransfer: @Sendable @escaping (TransferSettings) -> any HTTPExchanging, control: RunControl = RunControl()
    ) {
        self.environment = environment
        self.time = time
        self.terminal = terminal
        self.output = output
        self.host = host
        self.random = random
        self.makeTransfer = makeTransfer
        self.control = control
    }

    /// Returns the context of the real process.
    package static func live(environment: [String: String]) -> Context {
        Context(
            environment: environment, time: SystemTime(), terminal: .current(columns: environment["COLUMNS"]),
            output: StandardStreams(), host: Self.hostName(), random: { Double.random(in: 0..<1) },
            makeTransfer: { CurlTransfer(settings: $0) })
    }

    private static func hostName() -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "unknown" }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
