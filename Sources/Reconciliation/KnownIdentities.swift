import Membership

/// Which numbers the accounts of a gateway's sessions have and had, by their LIDs, which stay.
package struct KnownIdentities: Sendable {
    /// What this run has learned and no earlier one knew.
    private var learned: [LID: [PhoneNumber]]
    /// What earlier runs have learned, the own session first.
    private let remembered: [RememberedNumbers]

    init(_ remembered: [RememberedNumbers] = [], learned: [LID: [PhoneNumber]] = [:]) {
        self.remembered = remembered
        self.learned = learned
    }

    /// Every number by which a LID is known, today's first.
    func numbers(of lid: LID) -> [PhoneNumber] {
        (learned[lid] ?? []) + remembered.flatMap { $0.numbers(of: lid) }
    }

    /// The LIDs that have a number or had it.
    func lids(of phone: PhoneNumber) -> [LID] {
        learned.filter { $0.value.contains(phone) }.map(\.key) + remembered.flatMap { $0.everyLID(of: phone) }
    }
}
