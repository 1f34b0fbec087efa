import GatewaySimulator
package import Membership

/// One group of a hard world, by the accounts of its people: what the policy asks for, and what can be known of it.
package struct HardGroup: Sendable {
    /// The id.
    package var id: GroupID
    /// The session that acts.
    package var session: SessionID
    /// The session's own account.
    package var own: PhoneNumber
    /// Who created the group; nil where there is nobody to spare.
    package var creator: PhoneNumber?
    /// Whether strangers go.
    package var mode = GroupMode.exact
    /// Whether people who have gone are not to come back.
    package var rejoin = RejoinRule.always
    /// The fewest admins that the policy allows.
    package var minAdmins = 1
    /// The most members that the policy allows.
    package var groupSize = 1_024
    /// The most members that WhatsApp lets in.
    package var sizeLimit = 1_024
    /// Who is wanted today, with which role.
    package var desired: [PhoneNumber: Role] = [:]
    /// Who is never touched.
    package var kept: Set<PhoneNumber> = []
    /// Everyone whom the policy names in the group, whether the entry counts today or not.
    package var named: Set<PhoneNumber> = []
    /// By which number the policy names a person in this group, where it is not the account's own.
    package var otherSpelling: Set<PhoneNumber> = []
    /// Whose numbers the contacts of this group do not show, though a look at the one contact may.
    package var hiddenHere: Set<PhoneNumber> = []
    /// Who was in the group at the beginning, with which role.
    package var actual: [PhoneNumber: Role] = [:]

    /// Whom no call of ours may ever remove, demote or promote.
    package var untouchable: Set<PhoneNumber> { kept.union([own]).union([creator].compactMap { $0 }) }
}

extension HardGroup {
    /// A number as the policy writes it in this group.
    func spelling(of person: PhoneNumber) -> PhoneNumber {
        otherSpelling.contains(person) ? HardWorld.other(person) : person
    }

    /// The policy's lines for the group.
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

    /// The group as the gateway has it at the beginning.
    func seed(ownerForm: OwnerForm, distortion: RosterDistortion) -> GroupSeed {
        GroupSeed(
            id: id, sessions: [session], subject: "group \(id.jid.prefix(18))", creator: creator, ownerForm: ownerForm,
            admins: actual.filter { $0.value == .admin }.map(\.key).sorted(),
            members: actual.filter { $0.value == .member }.map(\.key).sorted(), sizeLimit: sizeLimit,
            numbers: Dictionary(uniqueKeysWithValues: hiddenHere.map { ($0, .hidden) }),
            distortion: distortion)
    }
}
