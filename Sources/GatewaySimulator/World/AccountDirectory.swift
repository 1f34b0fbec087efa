import Core

/// All WhatsApp accounts: those of the seed, and those of strangers that a request named.
struct AccountDirectory: Sendable {
    private var accounts: [LID: PersonSeed] = [:]
    private var numbers: [PhoneNumber: LID] = [:]
    private var otherNumbers: [PhoneNumber: LID] = [:]
    private var withoutAccount: Set<PhoneNumber> = []
    private var nextLID: UInt64 = 100_000_000_000_001
    /// True if a number that nobody has described is on WhatsApp.
    var strangersAreOnWhatsApp: Bool

    /// Registers the people of a seed.
    init(_ people: [PersonSeed], strangersAreOnWhatsApp: Bool) throws(SeedError) {
        self.strangersAreOnWhatsApp = strangersAreOnWhatsApp
        for person in people where person.isOnWhatsApp {
            guard let lid = person.lid else { continue }
            guard accounts[lid] == nil else { throw .duplicateLID(lid) }
            accounts[lid] = person
        }
        for person in people {
            for phone in [person.phone] + person.otherNumbers {
                let isTaken = numbers[phone] != nil || otherNumbers[phone] != nil || withoutAccount.contains(phone)
                guard !isTaken else { throw .duplicateNumber(phone) }
                if !person.isOnWhatsApp { withoutAccount.insert(phone) }
            }
            guard person.isOnWhatsApp else { continue }
            let lid = person.lid ?? freeLID()
            accounts[lid] = person
            numbers[person.phone] = lid
            for phone in person.otherNumbers { otherNumbers[phone] = lid }
        }
    }

    /// The account with this LID.
    subscript(lid: LID) -> PersonSeed? { accounts[lid] }

    /// Returns the LID of the account with exactly this number; creates one for a stranger at the first request.
    mutating func lid(spelt phone: PhoneNumber) -> LID? {
        if let lid = numbers[phone] { return lid }
        guard strangersAreOnWhatsApp, otherNumbers[phone] == nil, !withoutAccount.contains(phone) else { return nil }
        let lid = freeLID()
        accounts[lid] = PersonSeed(phone: phone)
        numbers[phone] = lid
        return lid
    }

    /// Returns the LID of the account that a number reaches, in any spelling.
    mutating func lid(reachedBy phone: PhoneNumber) -> LID? { otherNumbers[phone] ?? lid(spelt: phone) }

    /// Changes an account, but not its LID.
    mutating func update(_ lid: LID, _ change: (inout PersonSeed) -> Void) {
        guard var account = accounts[lid] else { return }
        let before = account.phone
        change(&account)
        accounts[lid] = account
        guard account.phone != before else { return }
        numbers[before] = nil
        withoutAccount.insert(before)
        withoutAccount.remove(account.phone)
        numbers[account.phone] = lid
    }

    private mutating func freeLID() -> LID {
        while true {
            defer { nextLID += 1 }
            if let lid = LID(digits: nextLID), accounts[lid] == nil { return lid }
        }
    }
}
