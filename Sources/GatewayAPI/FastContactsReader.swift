import Core

/// A fast reader for a page of contacts as gateways write it.
///
/// Returns nil for any other form, or a contact without a LID; the general decoder then reads the page and reports
/// errors. Both give the same result.
enum FastContactsReader {
    /// Returns the page; nil if the general decoder must read it.
    static func read(_ body: [UInt8]) -> Page<ContactRecord?>? { Page.scan(body, entry) }

    private static func entry(_ scanner: inout FastJSONScanner) -> ContactRecord?? {
        var lid: LID?
        var (jid, number): (AccountID??, PhoneNumber??)
        var (name, businessName): (String??, String??)
        let isPlain = scanner.object { scanner, key in
            if scanner.equals(key, "lid") {
                guard lid == nil, case .lid(let value)? = scanner.account() else { return false }
                lid = value
                return true
            }
            if scanner.equals(key, "phoneJid") { return scanner.take(&jid) { $0.account() } }
            if scanner.equals(key, "phoneNumber") { return scanner.take(&number) { $0.phone() } }
            if scanner.equals(key, "name") { return scanner.take(&name) { $0.text() } }
            if scanner.equals(key, "businessName") { return scanner.take(&businessName) { $0.text() } }
            return scanner.skipValue()
        }
        guard isPlain, let lid else { return nil }
        return ContactRecord(
            lid: lid, phone: WireIdentity.agreed((jid ?? nil)?.phone, number ?? nil),
            name: WireContact.name(name ?? nil, orBusiness: businessName ?? nil))
    }
}
