import Glibc
import Membership
import PolicyFiles
import Reports

/// A configuration and the policies that it names, read and checked.
struct Project {
    let configuration: Configuration
    let policies: PolicySet

    /// Reads both; everything that is wrong is told at once.
    static func load(_ options: SharedOptions, in context: Context) throws(Failure) -> Project {
        try load(loadConfiguration(options, in: context), options, in: context)
    }

    /// Reads the policies of a configuration.
    static func load(
        _ configuration: Configuration, _ options: SharedOptions, in context: Context
    ) throws(Failure) -> Project {
        let reading = PolicyReader.read(configuration)
        let lines = reading.diagnostics.map { $0.line(for: configuration) }
        guard let policies = reading.policies else {
            // What is wrong with the configuration itself, such as a path of `policies`, is no fault of a policy.
            let errors = reading.diagnostics.filter { $0.severity == .error }
            let isOfConfiguration = errors.allSatisfy { $0.location.file == configuration.path }
            throw Failure(
                isOfConfiguration ? .configurationInvalid : .policyInvalid,
                lines: lines + [
                    "rollcall: error: the \(isOfConfiguration ? "configuration" : "policy") cannot be used as it is"
                ])
        }
        if !options.quiet { for line in lines { context.output.writeError(line + "\n") } }
        return Project(configuration: configuration, policies: policies)
    }

    /// Reads the configuration alone.
    static func loadConfiguration(_ options: SharedOptions, in context: Context) throws(Failure) -> Configuration {
        let path = options.configurationPath(in: context)
        var environment = context.environment
        if let ledger = options.ledger { environment["ROLLCALL_LEDGER"] = ledger.absolutePath }
        let reading = ConfigurationReader.read(path: path, environment: environment)
        let lines = reading.diagnostics.map { $0.description.defusedForTerminal }
        switch reading.outcome {
        case .missing:
            throw Failure(
                .configurationInvalid,
                "there is no configuration at \(path.defusedForTerminal); write one with `rollcall init`, "
                    + "or name one with --config")
        case .invalid:
            throw Failure(
                .configurationInvalid, lines: lines + ["rollcall: error: the configuration cannot be used as it is"])
        case .valid(let configuration):
            if !options.quiet { for line in lines { context.output.writeError(line + "\n") } }
            return configuration
        }
    }

    /// The places of the groups that the options leave, in the order of the policy.
    ///
    /// A group is named by its id, by the name that the policy gives it, or by a pattern such as `"Year *"` for either.
    func groups(narrowedBy options: NarrowingOptions) throws(Failure) -> [Int] {
        let known = policies.groups
        let names = options.group.isEmpty ? [:] : policies.groupNames
        for session in options.session where !known.contains(where: { session.names($0.session.text) }) {
            let sessions = Set(known.map(\.session.text)).sorted().prefix(10).joined(separator: ", ")
            throw Failure(
                .usage,
                "--session \(session.defusedForTerminal): no group of the policy uses this session; the policy has "
                    + sessions.defusedForTerminal)
        }
        for group in options.group
        where !known.contains(where: { group.names($0.group.jid) || group.names(names[$0]) }) {
            let near = known.filter { names[$0]?.lowercased().contains(group.lowercased()) == true }.prefix(5)
                .map { "\($0.group) (\(names[$0] ?? ""))" }
            throw Failure(
                .usage,
                "--group \(group.defusedForTerminal): no policy describes this group"
                    + (near.isEmpty ? "" : "; did you mean \(near.joined(separator: ", "))?".defusedForTerminal))
        }
        return known.indices.filter { index in
            let key = known[index]
            return (options.session.isEmpty || options.session.contains { $0.names(key.session.text) })
                && (options.group.isEmpty
                    || options.group.contains { $0.names(key.group.jid) || $0.names(names[key]) })
        }
    }
}

extension String {
    /// Whether it is a text, upper or lower case, or a pattern with `*` and `?` that fits it.
    fileprivate func names(_ text: String?) -> Bool {
        guard let text else { return false }
        if lowercased() == text.lowercased() { return true }
        return contains { $0 == "*" || $0 == "?" } && fnmatch(lowercased(), text.lowercased(), 0) == 0
    }
}

extension Diagnostic {
    /// The problem with a path that can be opened from the working folder: policies count from the configuration's.
    func line(for configuration: Configuration?) -> String {
        guard let configuration, !["", "."].contains(configuration.folder), !location.file.hasPrefix("/"),
            location.file != configuration.path
        else { return description.defusedForTerminal }
        let place = SourceLocation(
            file: "\(configuration.folder)/\(location.file)", line: location.line, column: location.column)
        return Diagnostic(severity: severity, location: place, message: message).description.defusedForTerminal
    }
}

extension SharedOptions {
    /// The configuration's path: the option, else the environment, else `rollcall.yaml`.
    func configurationPath(in context: Context) -> String {
        if let config { return config }
        let named = context.environment["ROLLCALL_CONFIG"] ?? ""
        return named.isEmpty ? "rollcall.yaml" : named
    }
}

extension String {
    /// The path as seen from anywhere: a relative one counts from the working folder.
    fileprivate var absolutePath: String {
        guard !hasPrefix("/"), let folder = getcwd(nil, 0) else { return self }
        defer { free(folder) }
        return String(cString: folder) + "/" + self
    }
}

extension Configuration {
    /// The gateway of a name, or the only one where none is given.
    func gateway(named text: String?) throws(Failure) -> GatewayName {
        let names = gateways.map(\.name)
        if let text {
            guard let name = names.first(where: { $0.text == text }) else {
                throw Failure(
                    .usage,
                    "--gateway \(text.defusedForTerminal): the configuration has no such gateway, only "
                        + names.map(\.text).joined(separator: ", "))
            }
            return name
        }
        guard let only = names.first, names.count == 1 else {
            throw Failure(
                .usage,
                "the configuration has several gateways; name one with --gateway: "
                    + names.map(\.text).joined(separator: ", "))
        }
        return only
    }
}
