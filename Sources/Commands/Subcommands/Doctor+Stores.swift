import Core
import PolicyFiles
import Reconciliation
import Reports
import RunLedger

extension Doctor {
    /// The age, in milliseconds, that makes a backfill old if `gateway.refresh` is not set.
    private static let oldAge: Int64 = 7 * 86_400_000

    /// Reports when the gateway last read a session's groups from WhatsApp, and how to start a backfill.
    mutating func examineAge(of session: SessionID, _ rosters: RosterImport, _ gateway: GatewayConfiguration) {
        let ages = rosters.groups.compactMap(\.age)
        let moments = ages.compactMap { age in if case .read(let moment) = age { moment } else { nil } }
        let remedy =
            "start a backfill at the gateway: POST /api/v1/admin/sessions/\(session):backfill; or set "
            + "`gateway.refresh` with a login token whose platform role is super_admin"
        if let latest = moments.max() {
            let age = max(0, context.time.now().milliseconds - latest.milliseconds)
            let most = gateway.refresh?.olderThan.milliseconds ?? Self.oldAge
            let never = ages.count { $0 == .neverRead }
            let rest = never > 0 ? "; it has never read \(never) of \(ages.count.counting("group"))" : ""
            note(
                "snapshot", of: session.text, age > most ? .warning : .ok,
                "the gateway last read the groups from WhatsApp on \(latest.iso8601), \(Self.words(age)) ago\(rest)",
                remedy: age > most || never > 0 ? remedy : nil)
        } else if ages.contains(.neverRead) {
            note(
                "snapshot", of: session.text, .warning,
                "the gateway has never read the groups from WhatsApp: its member lists show only people who have "
                    + "written, so all removals and demotions are blocked", remedy: remedy)
        } else if !ages.isEmpty {
            note(
                "snapshot", of: session.text, .ok,
                "the gateway's member lists have no timestamps, so they are treated as current")
        }
    }

    /// Returns what earlier runs remember of a session; nothing if the ledger cannot be read, which is another finding.
    func memory(of key: SessionKey, _ configuration: Configuration) async -> SessionMemory {
        if isLedgerOld { return SessionMemory() }
        do throws(LedgerError) {
            return try await Ledger.memory(of: key, inLedgerAt: configuration.ledger, at: context.time.now())
        } catch {
            return SessionMemory()
        }
    }

    /// Returns a length of time in hours or days.
    private static func words(_ milliseconds: Int64) -> String {
        let hours = Int(milliseconds / 3_600_000)
        return hours < 48 ? hours.counting("hour") : (hours / 24).counting("day")
    }
}
