import Crypto
import Membership

/// Sums up the names and bytes of files, in whatever order they come.
struct PolicyDigest {
    private var digests: [String: SHA256Digest] = [:]

    /// The files so far.
    var count: Int { digests.count }

    /// Adds a file; one that was added before under the same name counts once.
    mutating func add(name: String, bytes: [UInt8]) {
        digests[name] = SHA256.hash(data: bytes)
    }

    /// `sha256:` and hexadecimal digits.
    var text: String {
        var whole = SHA256()
        for (name, digest) in digests.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            // A name holds no NUL, and a digest has one length: no two lists of files look alike.
            whole.update(data: Array(name.utf8) + [0])
            whole.update(data: Array(digest))
        }
        return "sha256:" + whole.finalize().hexadecimalText
    }
}
