import Foundation

/// Selects the hard worlds to try.
enum ChosenWorlds {
    /// The one world that `ROLLCALL_WORLD` names, which is printed in full; nil for all.
    static let only = ProcessInfo.processInfo.environment["ROLLCALL_WORLD"].flatMap(UInt64.init)

    /// Forty, or the number in `ROLLCALL_WORLDS`.
    static let numbers: ClosedRange<UInt64> =
        only.map { $0...$0 }
        ?? 1...max(1, ProcessInfo.processInfo.environment["ROLLCALL_WORLDS"].flatMap(UInt64.init) ?? 40)
}
