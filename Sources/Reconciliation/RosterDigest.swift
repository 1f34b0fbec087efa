import Crypto
package import Membership

extension Roster {
    /// A digest of who is in the group with which role, whatever order the gateway listed them in.
    package var digest: String {
        // For each entry, in their order: the kind of account with the role, and the number. All have one length.
        var bytes: [UInt8] = []
        bytes.reserveCapacity(members.count * 9 + 8)
        for member in members {
            let number: UInt64
            switch member.account {
            case .phone(let phone):
                bytes.append(member.role == .admin ? 1 : 0)
                number = phone.digits
            case .lid(let lid):
                bytes.append(member.role == .admin ? 3 : 2)
                number = lid.digits
            }
            withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
        }
        withUnsafeBytes(of: UInt64(foreignEntries).littleEndian) { bytes.append(contentsOf: $0) }
        return "sha256:" + SHA256.hash(data: bytes).hexadecimalText
    }
}
