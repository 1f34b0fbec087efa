import Core

/// A fast reader for a page of contacts as gateways write it.
///
/// Returns nil for any other form, or a contact without a LID; the general decoder then reads the page and reports
/// errors. Both give the same result.
enum FastContactsReader {
    /// Returns the page; nil if the general decoder must read it.
    static func read(_ body: [UInt8]) -> Page<ContactRecord?>? {
        FastJSONScanner.scan(body) { scanner in page(&scanner) }
    }

    private static func page(_ scanner: inout FastJSONScanner) -> Page<ContactRecord?>? {
        var page = Page<ContactRecord?>()
        var nextCursor: String?
        let isPlain = scanner.page(
            { scanner in
                scanner.array { scanner in
                    guard let contact = entry(&scanner) else { return false }
                    page.entries.append(contact)
                    return true
                }
            }, nextCursor: &nextCursor)
        page.nextCursor = nextCursor
        return isPlain ? page : nil
    }

    private enum Field: Int { case lid, jid, number, name, businessName }

    private static func entry(_ scanner: inout FastJSONScanner) -> ContactRecord? {
        var lid: LID?
        var (jid, number): (PhoneNumber?, PhoneNumber?)
        var (name, businessName): (String?, String?)
        var seen: UInt8 = 0
        func isNew(_ field: Field) -> Bool {
            let bit = UInt8(1) << field.rawValue
            defer { seen |= bit }
            return seen & bit == 0
        }
        func readName(_ scanner: inout FastJSONScanner, into name: inout String?) -> Bool {
            if scanner.takeNull() { return true }
            name = scanner.text()
            return name != nil
        }
        let isPlain = scanner.object { scanner, key in
            if scanner.equals(key, "lid") {
                guard isNew(.lid), let value = scanner.string(), case .lid(let read)? = scanner.account(at: value)
                else { return false }
                lid = read
            } else if scanner.equals(key, "phoneJid") {
                guard isNew(.jid) else { return false }
                if scanner.takeNull() { return true }
                guard let value = scanner.string(), let account = scanner.account(at: value) else { return false }
                if case .phone(let phone) = account { jid = phone }
            } else if scanner.equals(key, "phoneNumber") {
                guard isNew(.number) else { return false }
                if scanner.takeNull() { return true }
                guard let value = scanner.string(), let phone = scanner.phone(at: value) else { return false }
                number = phone
            } else if scanner.equals(key, "name") {
                return isNew(.name) && readName(&scanner, into: &name)
            } else if scanner.equals(key, "businessName") {
                return isNew(.businessName) && readName(&scanner, into: &businessName)
            } else {
                return scanner.skipValue()
            }
            return true
        }
        guard isPlain, let lid else { return nil }
        return ContactRecord(
            lid: lid, phone: WireIdentity.agreed(jid, number), name: WireContact.name(name, orBusiness: businessName))
    }
}
