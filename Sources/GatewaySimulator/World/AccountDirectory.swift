import Core

/// A WhatsApp account.
struct Account: Sendable {
    /// The number, as WhatsApp spells it.
    var phone: PhoneNumber
    /// The LID; it stays the same when the number changes.
    let lid: LID
    /// The name in contacts.
    var name: String?
    /// The name of a business.
    var businessName: String?
    /// The nickname that member lists show.
    var tag: String?
    /// Whether contacts show the number.
    var number: NumberVisibility
    /// Where adds are declined.
    var adds: AddRule
    /// True if a check of the number answers with the LID.
    var checkAnswersLID: Bool
}

/// All WhatsApp accounts: those of the seed, and those of strangers that a request named.
struct AccountDirectory: Sendable {
    private var accounts: [LID: Account] = [:]
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
            accounts[lid] = Self.account(person, lid: lid)
        }
        for person in people {
            for phone in [person.phone] + person.otherNumbers {
                let isTaken = numbers[phone] != nil || otherNumbers[phone] != nil || withoutAccount.contains(phone)
                guard !isTaken else { throw .duplicateNumber(phone) }
                if !person.isOnWhatsApp { withoutAccount.insert(phone) }
            }
            guard person.isOnWhatsApp else { continue }
            let lid = person.lid ?? freeLID()
            accounts[lid] = Self.account(person, lid: lid)
            numbers[person.phone] = lid
            for phone in person.otherNumbers { otherNumbers[phone] = lid }
        }
    }

    /// The account with this LID.
    subscript(lid: LID) -> Account? { accounts[lid] }

    /// Returns the account with exactly this number; creates one for a stranger at the first request.
    mutating func account(spelt phone: PhoneNumber) -> Account? {
        if let lid = numbers[phone] { return accounts[lid] }
        guard strangersAreOnWhatsApp, otherNumbers[phone] == nil, !withoutAccount.contains(phone) else { return nil }
        let account = Self.account(PersonSeed(phone: phone), lid: freeLID())
        accounts[account.lid] = account
        numbers[phone] = account.lid
        return account
    }

    /// Returns the account that a number reaches, in any spelling.
    mutating func account(reachedBy phone: PhoneNumber) -> Account? {
        if let lid = otherNumbers[phone] { return accounts[lid] }
        return account(spelt: phone)
    }

    /// Changes an account, but not its LID.
    mutating func update(_ lid: LID, _ change: (inout Account) -> Void) {
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

    private static func account(_ person: PersonSeed, lid: LID) -> Account {
        Account(
            phone: person.phone, lid: lid, name: person.name, businessName: person.businessName, tag: person.tag,
            number: person.number, adds: person.adds, checkAnswersLID: person.checkAnswersLID)
    }
}
