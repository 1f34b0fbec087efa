package import Core
import Crypto
import Foundation
package import Reconciliation
package import RunLedger

/// A saved plan: the plan's JSON with a digest of itself.
///
/// It contains phone numbers but no secrets: invite links are left out.
package enum PlanFile {
    /// Why a file cannot be applied as a plan.
    package enum Fault: Error, Hashable, Sendable {
        /// It is no plan, or has another format; the end of a sentence that says why.
        case notAPlan(String)
        /// Somebody changed it after it was written.
        case altered
    }

    /// The digits in place of the digest while the digest is computed.
    private static let blank = String(repeating: "0", count: 64)

    /// The bytes before the digest's digits.
    private static let mark = Array(#""digest" : "sha256:"#.utf8)

    /// Returns the file's text.
    package static func text(
        of plan: Plan, id: RunID, createdAt: Timestamp, acceptsRemovals: Bool, retriesDeclined: Bool
    ) -> String {
        var plan = plan
        for index in plan.groups.indices { plan.groups[index].inviteLink = nil }
        let text = PlanJSON.document(
            plan, id: id, createdAt: createdAt,
            besides: [
                "digest": .string("sha256:\(blank)"), "accepts_removals": .boolean(acceptsRemovals),
                "retries_declined": .boolean(retriesDeclined),
            ]
        ).rendered()
        return text.replacing(
            "\"sha256:\(blank)\"", with: "\"sha256:\(digest(of: Array(text.utf8)))\"", maxReplacements: 1)
    }

    /// Whether a file with this beginning is a saved plan.
    package static func isLike(_ beginning: [UInt8]) -> Bool {
        beginning.starts(with: Array("{\n  \"accepts_removals\" : ".utf8))
    }

    /// Reads a saved plan from the file's bytes.
    package static func read(_ bytes: [UInt8]) throws(Fault) -> SavedPlan {
        let document: Document
        do {
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            document = try decoder.decode(Document.self, from: Data(bytes))
        } catch {
            throw .notAPlan("it is not the JSON that `rollcall plan --out` writes")
        }
        guard document.format == PlanJSON.format else { throw .notAPlan("its format is not \(PlanJSON.format)") }
        guard isIntact(bytes) else { throw .altered }
        var groups: [GroupKey: SavedPlan.Group] = [:]
        for group in document.groups {
            guard let session = SessionID(group.session), let id = GroupID(group.group) else {
                throw .notAPlan("it names an invalid session or group")
            }
            let key = GroupKey(gateway: GatewayName(group.gateway), session: session, group: id)
            let part = SavedPlan.Group(
                name: group.name, rosterDigest: group.rosterDigest, steps: try group.actions.map(step),
                withheld: Set(group.holds.filter { $0.kind == "withheld" }.compactMap(\.account)),
                isFaulty: group.error != nil)
            if part.hasContent { groups[key] = part }
        }
        return SavedPlan(
            policyDigest: document.policyDigest, acceptsRemovals: document.acceptsRemovals,
            retriesDeclined: document.retriesDeclined, groups: groups)
    }

    private static func step(_ action: Document.Action) throws(Fault) -> SavedPlan.Step {
        guard let operation = Operation(rawValue: action.op), let account = try? AccountID(parsing: action.jid) else {
            throw .notAPlan("it contains an invalid action")
        }
        let phone = action.phone.flatMap(Self.phone)
        guard phone != nil || action.phone == nil else { throw .notAPlan("it contains an invalid action") }
        return SavedPlan.Step(operation: operation, phone: phone, account: account)
    }

    /// Reads a phone number as plans write it.
    fileprivate static func phone(_ text: String) -> PhoneNumber? {
        UInt64(text.dropFirst()).flatMap(PhoneNumber.init(digits:))
    }

    /// Whether the digest in the bytes matches the rest of them.
    private static func isIntact(_ bytes: [UInt8]) -> Bool {
        guard let position = bytes.firstRange(of: mark)?.upperBound, bytes.count >= position + blank.utf8.count else {
            return false
        }
        let range = position..<position + blank.utf8.count
        var blanked = bytes
        blanked.replaceSubrange(range, with: blank.utf8)
        return bytes[range].elementsEqual(digest(of: blanked).utf8)
    }

    private static func digest(of bytes: [UInt8]) -> String { SHA256.hash(data: bytes).hexadecimalText }
}

/// The parts of the file that `apply` needs; in the file, the names have underscores.
private struct Document: Decodable {
    struct Group: Decodable {
        let gateway: String
        let session: String
        let group: String
        let name: String?
        let rosterDigest: String?
        let actions: [Action]
        let holds: [Hold]
        let error: Fault?
    }

    struct Hold: Decodable {
        let kind: String
        let phone: String?
        let lid: String?

        /// The account, by number if one is known.
        var account: AccountID? {
            phone.flatMap(PlanFile.phone).map(AccountID.phone) ?? lid.flatMap { try? AccountID(parsing: $0) }
        }
    }

    /// An error of the group; its contents do not matter.
    struct Fault: Decodable {}

    struct Action: Decodable {
        let op: String
        let phone: String?
        let jid: String
    }

    let format: String
    let policyDigest: String
    let acceptsRemovals: Bool
    let retriesDeclined: Bool
    let groups: [Group]
}
