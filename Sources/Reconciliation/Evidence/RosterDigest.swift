package import Core
import Crypto

extension Roster {
    /// A digest of the members and their roles, independent of the order in which the gateway lists them.
    package var digest: String {
        // For each entry: the kind of account with the role, then the number. All have one length.
        var numbers: [UInt64] = []
        numbers.reserveCapacity(members.count * 2 + 1)
        func append(_ kind: UInt64, _ number: UInt64) {
            numbers.append(kind.littleEndian)
            numbers.append(number.littleEndian)
        }
        for member in members {
            let isAdmin: UInt64 = member.role == .admin ? 1 : 0
            switch member.account {
            case .phone(let phone): append(isAdmin, phone.digits)
            case .lid(let lid): append(2 + isAdmin, lid.digits)
            }
        }
        numbers.append(UInt64(foreignEntryCount).littleEndian)
        return numbers.withUnsafeBytes { bytes in
            var hash = SHA256()
            hash.update(bufferPointer: bytes)
            return "sha256:" + hash.finalize().hexadecimalText
        }
    }
}
