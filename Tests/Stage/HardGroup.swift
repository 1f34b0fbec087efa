package import Core
import GatewaySimulator

/// One group of a hard world, by people's accounts: what the policy asks for, and what can be known.
package struct HardGroup: Sendable {
    /// The id.
    package var id: GroupID
    /// The session that makes the changes.
    package var session: SessionID
    /// The session's own account.
    package var own: PhoneNumber
    /// The creator; nil if there is nobody to protect.
    package var creator: PhoneNumber?
    /// Whether strangers are removed.
    package var mode = GroupMode.exact
    /// Whether people who left are added again.
    package var rejoin = RejoinRule.always
    /// The policy's minimum number of admins.
    package var minAdmins = 1
    /// The policy's maximum number of members.
    package var groupSize = 1_024
    /// WhatsApp's maximum number of members.
    package var sizeLimit = 1_024
    /// People wanted today, with their roles.
    package var desired: [PhoneNumber: Role] = [:]
    /// People who are never changed.
    package var kept: Set<PhoneNumber> = []
    /// Everyone the policy names in the group, whether or not the entry counts today.
    package var named: Set<PhoneNumber> = []
    /// People that the policy names by another number than the account's own.
    package var otherSpelling: Set<PhoneNumber> = []
    /// People whose numbers this group's contacts do not show, although a single contact may.
    package var hiddenHere: Set<PhoneNumber> = []
    /// People in the group at the start, with their roles.
    package var actual: [PhoneNumber: Role] = [:]

    /// People that no call of ours may remove, demote or promote.
    package var untouchable: Set<PhoneNumber> { kept.union([own]).union([creator].compactMap { $0 }) }
}

extension HardGroup {
    /// Returns a number as the policy writes it in this group.
    func spelling(of person: PhoneNumber) -> PhoneNumber {
        otherSpelling.contains(person) ? HardWorld.other(person) : person
    }

    /// Returns the policy's lines for the group.
    func policyLines(using generator: inout SeededGenerator) -> [String] {
        func text(_ person: PhoneNumber) -> String { "\"\(spelling(of: person).e164)\"" }
        let outside = named.subtracting(desired.keys).subtracting(kept).sorted()
        let past = outside.map { "{ who: \(text($0)), until: 2026-11-01 }" }
        let admins = desired.filter { $0.value == .admin }.map(\.key).sorted().map(text)
        let members = desired.filter { $0.value == .member }.map(\.key).sorted().map(text)
        return [
            "  \(id):", "    session: \(session)", "    mode: \(mode.rawValue)", "    rejoin: \(rejoin.rawValue)",
            "    admins: [\((admins).joined(separator: ", "))]",
            "    members: [\((members + past).shuffled(using: &generator).joined(separator: ", "))]",
            "    keep: [\(kept.sorted().map(text).joined(separator: ", "))]",
            "    limits: { min_admins: \(minAdmins), min_other_admins: 0, group_size: \(groupSize) }",
        ]
    }

    /// Returns the group's state at the gateway at the start.
    func seed(ownerForm: OwnerForm, distortion: RosterDistortion) -> GroupSeed {
        GroupSeed(
            id: id, sessions: [session], subject: "group \(id.jid.prefix(18))", creator: creator, ownerForm: ownerForm,
            admins: actual.filter { $0.value == .admin }.map(\.key).sorted(),
            members: actual.filter { $0.value == .member }.map(\.key).sorted(), sizeLimit: sizeLimit,
            numbers: Dictionary(uniqueKeysWithValues: hiddenHere.map { ($0, .hidden) }),
            distortion: distortion)
    }
}
