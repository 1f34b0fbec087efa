package import Core
package import GatewayAPI
package import RunLedger

/// Why a run ends without a result.
package enum RunFault: Error, Equatable, Sendable {
    /// The ledger cannot be read or written.
    case ledger(LedgerError)
    /// Another run has locked the ledger; nil if it has not said who it is.
    case locked(by: LockHolder?)
    /// A gateway rejected the token; nothing else is tried.
    case credentialsRejected(GatewayName, GatewayError)
    /// The deadline passed while the groups were read.
    case deadlinePassed
    /// A signal came while the groups were read.
    case interrupted(signal: Int32)
    /// The groups were not read to the end, for no known reason.
    case cancelled
    /// The saved plan changes none of the groups that the user selected.
    case savedPlanIsOfOtherGroups
    /// The machine's clock is outside the years that the ledger can record.
    case clockOutOfRange(CalendarDate)

    /// What happened and what to do, in a sentence for the user; parts of it are untrusted text.
    package var message: String {
        switch self {
        case .ledger(let error): error.message
        case .locked(let holder):
            "the ledger is locked by \(Self.words(for: holder)); nothing was done. Wait for it with --wait, for "
                + "example --wait 10m"
        case .credentialsRejected(let gateway, let cause): "gateway \(gateway): \(cause.withoutNumbers.message)"
        case .deadlinePassed: "the deadline passed while reading the groups; nothing was changed"
        case .interrupted: "interrupted while reading; nothing was changed"
        case .cancelled: "reading the groups was cancelled; nothing was changed"
        case .savedPlanIsOfOtherGroups:
            "the saved plan has no changes in the groups selected by --group and --session"
        case .clockOutOfRange(let date):
            "this machine's clock says \(date), which the ledger cannot record; set the clock, then run again"
        }
    }

    private static func words(for holder: LockHolder?) -> String {
        guard let holder else { return "another run that has just begun" }
        return "run \(holder.run), running since \(holder.since) on \(holder.host)"
    }
}

/// Uses the ledger; its error ends the run.
func onRecord<Value>(
    _ body: () async throws(LedgerError) -> Value
) async throws(RunFault) -> Value {
    do throws(LedgerError) { return try await body() } catch { throw .ledger(error) }
}
