package import Core
import Crypto

/// Reads and validates policy files.
package enum PolicyReader {
    /// Reads all files of the patterns and reports every problem of every file.
    ///
    /// - Parameters:
    ///   - patterns: Files, folders and patterns.
    ///   - locations: The place of each pattern, in the same order; a pattern without one is its own place.
    ///   - folder: The folder relative patterns start from.
    ///   - configuration: The path of the configuration, which is never read as a policy.
    ///   - limits: The default limits of groups.
    ///   - gateways: The gateways of the configuration; if there are several, each group must name one.
    ///   - allowsTablesOutside: Whether CSV files may be outside the folder of the policy that names them.
    package static func read(
        patterns: [String], locations: [SourceLocation] = [], relativeTo folder: String,
        configuration: String? = nil, limits: Limits = Limits(), gateways: [GatewayName] = [.default],
        allowsTablesOutside: Bool = false
    ) -> PolicyReading {
        var log = DiagnosticLog()
        let located = patterns.enumerated().map { position, text in
            let own = SourceLocation(file: text, line: 1, column: 1)
            return (text, position < locations.count ? locations[position] : own)
        }
        let files = PolicyFileFinder.find(located, folder: folder, configuration: configuration, log: &log)
        var gathering = PolicyParser(
            limits: limits, gateways: gateways, allowsTablesOutside: allowsTablesOutside, log: log)
        // A file that was not found may define names.
        gathering.hasUnreadFiles = log.hasErrors
        for file in files { gathering.read(file) }
        gathering.readTables()
        // Consumed, since a remaining copy would make every change copy the lists.
        return (consume gathering).finish()
    }
}

extension PolicyReader {
    /// Reads the policies that a configuration names.
    package static func read(_ configuration: Configuration) -> PolicyReading {
        read(
            patterns: configuration.policies, locations: configuration.policyLocations,
            relativeTo: configuration.folder, configuration: configuration.path, limits: configuration.limits,
            gateways: configuration.gateways.map(\.name), allowsTablesOutside: configuration.allowsTablesOutside)
    }
}

/// A digest of the names and bytes of files, independent of their order.
struct PolicyDigest {
    private var digests: [String: SHA256Digest] = [:]

    /// The number of files so far.
    var count: Int { digests.count }

    /// Adds a file; a name that is added again replaces the earlier one.
    mutating func add(name: String, bytes: [UInt8]) { digests[name] = SHA256.hash(data: bytes) }

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
