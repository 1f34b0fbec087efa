import Core
import Crypto

/// A digest of the names and bytes of files, independent of their order.
struct PolicyDigest {
    private var digests: [String: SHA256Digest] = [:]

    /// The number of files so far.
    var count: Int { digests.count }

    /// Adds a file; a name that is added again replaces the earlier one.
    mutating func add(name: String, bytes: [UInt8]) {
        digests[name] = SHA256.hash(data: bytes)
    }

    /// The digest: `sha256:` and hexadecimal digits.
    var text: String {
        var whole = SHA256()
        for (name, digest) in digests.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            // Names contain no NUL and digests have a fixed length, so the input is unambiguous.
            whole.update(data: Array(name.utf8) + [0])
            whole.update(data: Array(digest))
        }
        return "sha256:" + whole.finalize().hexadecimalText
    }
}
