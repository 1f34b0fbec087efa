package import Membership

/// Reads policy files into a set that is free of contradictions.
package enum PolicyReader {
    /// Reads all files that the patterns lead to, seen from a folder; every problem of every file is told.
    ///
    /// - Parameters:
    ///   - patterns: Files, folders and globs.
    ///   - locations: Where each pattern stands, in the same order; a pattern without one is its own place.
    ///   - folder: What relative patterns count from.
    ///   - configuration: The path of the configuration, which is no policy even if a pattern leads to it.
    ///   - limits: What holds for groups that say nothing else.
    ///   - gateways: The gateways of the configuration; with more than one a policy says which it means.
    ///   - allowsTablesOutside: Whether CSV files may lie outside of the folder of the policy that names them.
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
        var gathering = PolicyGathering(
            limits: limits, gateways: gateways, allowsTablesOutside: allowsTablesOutside, log: log)
        // A file that was not found may define what others name.
        gathering.mayMissNames = log.hasErrors
        for file in files {
            gathering.read(file)
        }
        gathering.readTables()
        // Handed over for good: a copy that is left would have its lists copied as soon as they are changed.
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
