import Membership
import PolicyFiles
import Reconciliation
import Reports
import RunLedger

extension Doctor {
    /// An age from which on a reading of the groups is old, where the configuration says none, in milliseconds.
    private static let oldAge: Int64 = 7 * 86_400_000

    /// Says when the gateway last read a session's groups from WhatsApp, as far as its store tells, and how to have it done.
    mutating func examineAge(of session: SessionID, _ rosters: RosterImport, _ gateway: GatewayConfiguration) {
        let ages = rosters.groups.compactMap(\.age)
        let moments = ages.compactMap { age in if case .read(let moment) = age { moment } else { nil } }
        let remedy =
            "set `gateway.refresh` with a login token whose platform role is super_admin, or start a backfill at the gateway: "
            + "POST /api/v1/admin/sessions/\(session):backfill"
        if let latest = moments.max() {
            let age = max(0, context.time.now().milliseconds - latest.milliseconds)
            let most = gateway.refresh?.olderThan.milliseconds ?? Self.oldAge
            let never = ages.count { $0 == .neverRead }
            let rest = never > 0 ? "; \(never.counting("group")) of \(ages.count) never" : ""
            note(
                "snapshot", of: session.text, age > most ? .warning : .ok,
                "the gateway last read the groups from WhatsApp on \(latest.iso8601), \(Self.words(age)) ago\(rest)",
                remedy: age > most || never > 0 ? remedy : nil)
        } else if ages.contains(.neverRead) {
            note(
                "snapshot", of: session.text, .warning,
                "the gateway has never read the groups from WhatsApp: its lists show those alone who have written, so nobody is "
                    + "removed or demoted", remedy: remedy)
        } else if !ages.isEmpty {
            note(
                "snapshot", of: session.text, .ok,
                "the gateway's lists carry no moments, so they are taken for the groups as they are")
        }
    }

    /// What earlier runs have learned of a session; nothing where the ledger cannot be read, which is a finding of its own.
    func memory(of key: SessionKey, _ configuration: Configuration) async -> SessionMemory {
        if isLedgerOld { return SessionMemory() }
        do throws(LedgerError) {
            return try await Ledger.memory(of: key, inLedgerAt: configuration.ledger, at: context.time.now())
        } catch {
            return SessionMemory()
        }
    }

    /// A length of time in hours or days.
    private static func words(_ milliseconds: Int64) -> String {
        let hours = Int(milliseconds / 3_600_000)
        return hours < 48 ? hours.counting("hour") : (hours / 24).counting("day")
    }
}
