import ArgumentParser
import Core
import PolicyFiles
import Reports

/// `rollcall validate`: reports all problems of the configuration and the policies, offline.
struct ValidateCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "validate", abstract: "Check the configuration and the policies, offline.",
        usage: "rollcall validate [<path> ...] [<options>]",
        discussion: """
            Prints every problem with its file, line and column. With paths, it reads only those policies.

            Exit codes: 0 valid; 65 a problem in a policy; 78 a problem in the configuration.
            """)

    @Argument(
        help: "Policy files, folders or globs, instead of the configured ones.",
        completion: .file(extensions: ["yaml", "yml"]))
    var paths: [String] = []

    @OptionGroup var shared: SharedOptions

    func run(in context: Context) async throws -> ExitStatus {
        let configurationReading = ConfigurationReader.read(
            path: shared.configurationPath(in: context), environment: context.environment)
        var diagnostics = configurationReading.diagnostics
        if configurationReading.outcome == .missing, paths.isEmpty || shared.config != nil {
            _ = try Project.loadConfiguration(shared, in: context)
        }
        var counts: PolicyCounts?
        if let reading = policyReading(configurationReading.configuration) {
            diagnostics += reading.diagnostics
            counts = reading.policies?.counts
        }
        for diagnostic in diagnostics.sorted() {
            context.output.write(diagnostic.line(for: paths.isEmpty ? configurationReading.configuration : nil) + "\n")
        }
        if configurationReading.outcome == .invalid { return .configurationInvalid }
        guard let counts else { return .policyInvalid }
        if !shared.quiet { context.output.write(Self.summary(counts)) }
        return .success
    }

    /// Reads the policies; nil if the configuration that names them is invalid.
    private func policyReading(_ configuration: Configuration?) -> PolicyReading? {
        if paths.isEmpty { return configuration.map { PolicyReader.read($0) } }
        return PolicyReader.read(
            patterns: paths, relativeTo: ".", limits: configuration?.limits ?? .init(),
            gateways: configuration?.gateways.map(\.name) ?? [.default],
            allowsTablesOutside: configuration?.allowsTablesOutside ?? false)
    }

    private static func summary(_ counts: PolicyCounts) -> String {
        let parts = [
            counts.files.counting("file"), counts.groups.counting("group"), counts.people.counting("person", "people"),
            counts.teams.counting("team"),
        ]
        return "valid: " + parts.joined(separator: ", ") + "\n"
    }
}

extension Int {
    /// Returns the number with its noun, for example `1 file` or `2 files`.
    func counting(_ one: String, _ several: String? = nil) -> String {
        "\(self) \(self == 1 ? one : several ?? one + "s")"
    }
}
