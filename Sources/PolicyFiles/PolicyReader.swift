package import Core

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
        for file in files {
            gathering.read(file)
        }
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
