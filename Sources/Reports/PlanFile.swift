import Crypto
import Foundation
package import Membership
package import Reconciliation
package import RunLedger

/// A plan in a file, from which it can be applied later: the JSON of the plan with a digest of itself.
///
/// It holds phone numbers and no secret: invite links are left out.
package enum PlanFile {
    /// Why a file is not a plan that may be applied.
    package enum Fault: Error, Hashable, Sendable {
        /// It is no plan at all, or one of another format; what was expected.
        case notAPlan(String)
        /// It is not as it was written.
        case altered
    }

    /// The form of the digest while it is not known yet.
    private static let blank = String(repeating: "0", count: 64)

    /// What stands before the digest's digits.
    private static let mark = Array(#""digest" : "sha256:"#.utf8)

    /// The file's text.
    package static func text(
        of plan: Plan, id: RunID, createdAt: Timestamp, acceptsRemovals: Bool, retriesDeclined: Bool
    ) -> String {
        var plan = plan
        for index in plan.groups.indices { plan.groups[index].inviteLink = nil }
        let text = PlanJSON.document(
            plan, id: id, createdAt: createdAt,
            besides: [
                "digest": .string("sha256:\(blank)"),
                "accepts_removals": .boolean(acceptsRemovals),
                "retries_declined": .boolean(retriesDeclined),
            ]
        ).rendered()
        return text.replacing(
            "\"sha256:\(blank)\"", with: "\"sha256:\(digest(of: Array(text.utf8)))\"", maxReplacements: 1)
    }

    /// Whether a file that begins so is one of these.
    package static func isLike(_ beginning: [UInt8]) -> Bool {
        beginning.starts(with: Array("{\n  \"accepts_removals\" : ".utf8))
    }

    /// Reads a file's bytes back.
    package static func read(_ bytes: [UInt8]) throws(Fault) -> SavedPlan {
        let document: Document
        do {
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            document = try decoder.decode(Document.self, from: Data(bytes))
        } catch {
            throw .notAPlan("it is not the JSON that `rollcall plan --out` writes")
        }
        guard document.format == PlanJSON.format else {
            throw .notAPlan("its format is not \(PlanJSON.format)")
        }
        guard isIntact(bytes) else { throw .altered }
        var groups: [GroupKey: SavedPlan.Group] = [:]
        for group in document.groups {
            guard let session = SessionID(group.session), let id = GroupID(group.group) else {
                throw .notAPlan("it names a session or a group that cannot exist")
            }
            let key = GroupKey(gateway: GatewayName(group.gateway), session: session, group: id)
            let part = SavedPlan.Group(
                name: group.name, rosterDigest: group.rosterDigest, steps: try group.actions.map(step),
                withheld: Set(group.holds.filter { $0.kind == "withheld" }.compactMap(\.account)),
                isFaulty: group.error != nil)
            if part.isWorthALook { groups[key] = part }
        }
        return SavedPlan(
            policyDigest: document.policyDigest, acceptsRemovals: document.acceptsRemovals,
            retriesDeclined: document.retriesDeclined, groups: groups)
    }

    private static func step(_ action: Document.Action) throws(Fault) -> SavedPlan.Step {
        guard let operation = Operation(rawValue: action.op), let account = try? AccountID(parsing: action.jid) else {
            throw .notAPlan("it holds an action that cannot be one")
        }
        let phone = action.phone.flatMap(Self.phone)
        guard phone != nil || action.phone == nil else { throw .notAPlan("it holds an action that cannot be one") }
        return SavedPlan.Step(operation: operation, phone: phone, account: account)
    }

    /// Reads a number as plans write it.
    fileprivate static func phone(_ text: String) -> PhoneNumber? {
        UInt64(text.dropFirst()).flatMap(PhoneNumber.init(digits:))
    }

    /// Whether the digest in the bytes is that of all the others.
    private static func isIntact(_ bytes: [UInt8]) -> Bool {
        guard let place = bytes.firstRange(of: mark)?.upperBound, bytes.count >= place + blank.utf8.count else {
            return false
        }
        let range = place..<place + blank.utf8.count
        var blanked = bytes
        blanked.replaceSubrange(range, with: blank.utf8)
        return bytes[range].elementsEqual(digest(of: blanked).utf8)
    }

    private static func digest(of bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).hexadecimalText
    }
}

/// The parts of the file that applying it needs; there the names are written with underscores.
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

        /// Whom it is about, by number where one is known.
        var account: AccountID? {
            phone.flatMap(PlanFile.phone).map(AccountID.phone) ?? lid.flatMap { try? AccountID(parsing: $0) }
        }
    }

    /// That there is one is all that counts.
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
