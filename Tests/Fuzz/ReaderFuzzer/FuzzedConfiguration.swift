import Core
import PolicyFiles

/// Reads the bytes as `rollcall.yaml`, with and without overrides, and follows its patterns within the folder.
enum FuzzedConfiguration {
    private static let environments = [
        [:],
        [
            "ROLLCALL_GATEWAY_URL": "https://other.example.com", "ROLLCALL_TOKEN": "wa_s3cr3t.token",
            "ROLLCALL_LEDGER": "other.sqlite",
        ],
    ]

    private static let policy: Void = ScratchFolder.shared.write(
        "policy.yaml", Array("session: S1\ngroups: { 1@g.us: { members: [+62 812-0000-001] } }\n".utf8))

    /// Reads a file twice in each environment.
    static func attempt(_ bytes: [UInt8]) {
        _ = policy
        ScratchFolder.shared.write("rollcall.yaml", bytes)
        let path = "\(ScratchFolder.shared.path)/rollcall.yaml"
        for environment in environments {
            let reading = ConfigurationReader.read(path: path, environment: environment)
            let again = ConfigurationReader.read(path: path, environment: environment)
            claim(reading.outcome == again.outcome, "a second read ends differently")
            claim(reading.diagnostics == again.diagnostics, "a second read has other diagnostics")
            PolicyClaims.check(reading.diagnostics, files: [path: TextPositions(bytes)])
            let hasErrors = reading.diagnostics.contains { $0.severity == .error }
            claim((reading.configuration == nil) == hasErrors, "a configuration comes with an error, or neither comes")
            if let configuration = reading.configuration { check(configuration) }
        }
    }

    private static func check(_ configuration: Configuration) {
        claim(!configuration.gateways.isEmpty, "a configuration has no gateway")
        claim(!configuration.policies.isEmpty, "a configuration has no policies")
        claim(configuration.policies.count == configuration.policyLocations.count, "a pattern has no place")
        claim((1...64).contains(configuration.readConcurrency), "the concurrency is out of bounds")
        for gateway in configuration.gateways {
            claim(
                gateway.url.text.hasPrefix("https://") || gateway.url.text.hasPrefix("http://"),
                "a gateway has the address \(gateway.url)")
            claim(gateway.url.text.utf8.allSatisfy { (0x21...0x7E).contains($0) }, "an address holds \(gateway.url)")
        }
        // Patterns that lead out of the folder would search the disk.
        let patterns = configuration.policies.filter { !$0.hasPrefix("/") && !$0.contains("..") }
        guard !patterns.isEmpty else { return }
        let reading = PolicyReader.read(
            patterns: patterns, relativeTo: configuration.folder, configuration: configuration.path,
            limits: configuration.limits, gateways: configuration.gateways.map(\.name))
        for diagnostic in reading.diagnostics { claimOneSafeLine(diagnostic.message, most: 100_000) }
    }
}
