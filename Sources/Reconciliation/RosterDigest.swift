import Crypto
package import Membership

extension Roster {
    /// A digest of who is in the group with which role, whatever order the gateway listed them in.
    package var digest: String {
        var hash = SHA256()
        let lines = members.map { "\($0.account) \($0.role.rawValue)\n" }.sorted()
        for line in lines { hash.update(data: Array(line.utf8)) }
        hash.update(data: Array("\(foreignEntries)".utf8))
        return "sha256:" + hash.finalize().hexadecimalText
    }
}
