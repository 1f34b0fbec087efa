import Core

/// The numbers that accounts have and had, by LID, for the sessions of one gateway.
package struct KnownIdentities: Sendable {
    /// What this run learned and earlier runs did not know.
    private var learned: [LID: [PhoneNumber]]
    /// What earlier runs learned, the own session first.
    private let remembered: [KnownNumbers]

    init(_ remembered: [KnownNumbers] = [], learned: [LID: [PhoneNumber]] = [:]) {
        self.remembered = remembered
        self.learned = learned
    }

    /// Returns every number of a LID, today's first.
    func numbers(of lid: LID) -> [PhoneNumber] {
        (learned[lid] ?? []) + remembered.flatMap { $0.numbers(of: lid) }
    }

    /// Returns the LIDs that have or had a number.
    func lids(of phone: PhoneNumber) -> [LID] {
        learned.filter { $0.value.contains(phone) }.map(\.key) + remembered.flatMap { $0.everyLID(of: phone) }
    }
}
