import Core
import Glibc
import PolicyFiles
import Reports

/// A configuration and its policies, read and checked.
struct Project {
    let configuration: Configuration
    let policies: PolicySet

    /// Reads both; throws all problems at once.
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
            // A wrong path in `policies` is a problem of the configuration, not of a policy.
            let errors = reading.diagnostics.filter { $0.severity == .error }
            let isOfConfiguration = errors.allSatisfy { $0.location.file == configuration.path }
            throw Failure(
                isOfConfiguration ? .configurationInvalid : .policyInvalid,
                details: lines, "fix the \(isOfConfiguration ? "configuration" : "policy") and try again")
        }
        if !options.quiet { for line in lines { context.output.writeError(line + "\n") } }
        return Project(configuration: configuration, policies: policies)
    }

    /// Reads the configuration only.
    static func loadConfiguration(_ options: SharedOptions, in context: Context) throws(Failure) -> Configuration {
        let path = options.configurationPath(in: context)
        var environment = context.environment
        if let ledger = options.ledger { environment["ROLLCALL_LEDGER"] = ledger.absolutePath }
        let reading = ConfigurationReader.read(path: path, environment: environment)
        let lines = reading.diagnostics.map { $0.description.escapedForTerminal }
        switch reading.outcome {
        case .missing:
            throw Failure(
                .configurationInvalid,
                "no configuration at \(path.escapedForTerminal); write one with `rollcall init`, "
                    + "or name one with --config")
        case .invalid:
            throw Failure(.configurationInvalid, details: lines, "fix the configuration and try again")
        case .valid(let configuration):
            if !options.quiet { for line in lines { context.output.writeError(line + "\n") } }
            return configuration
        }
    }

    /// Returns the indices of the groups that the options select, in the order of the policy.
    ///
    /// An option names a group by JID, by its name in the policy, or by a pattern for either such as `"Year *"`.
    func groups(narrowedBy options: NarrowingOptions) throws(Failure) -> [Int] {
        let known = policies.groups
        let names = options.group.isEmpty ? [:] : policies.groupNames
        for session in options.session where !known.contains(where: { session.names($0.session.text) }) {
            let sessions = Set(known.map(\.session.text)).sorted().prefix(10).joined(separator: ", ")
            throw Failure(
                .usage,
                "No group in the policies uses session \"\(session.escapedForTerminal)\". They use: "
                    + sessions.escapedForTerminal)
        }
        for group in options.group
        where !known.contains(where: { group.names($0.group.jid) || group.names(names[$0]) }) {
            var like = known.filter { names[$0]?.lowercased().contains(group.lowercased()) == true }
            if like.isEmpty, let one = policies.group(nearestTo: group) { like = [one] }
            let near = like.prefix(5).map { "\($0.group) (\(names[$0] ?? ""))" }
            let hint =
                near.isEmpty ? "Check its id or name in the policies." : "Did you mean \(near.joined(separator: ", "))?"
            throw Failure(.usage, "No group \"\(group)\". \(hint)".escapedForTerminal)
        }
        return known.indices.filter { index in
            let key = known[index]
            return (options.session.isEmpty || options.session.contains { $0.names(key.session.text) })
                && (options.group.isEmpty || options.group.contains { $0.names(key.group.jid) || $0.names(names[key]) })
        }
    }
}

extension String {
    /// Whether it equals a text, ignoring case, or is a pattern with `*` and `?` that matches it.
    fileprivate func names(_ text: String?) -> Bool {
        guard let text else { return false }
        if lowercased() == text.lowercased() { return true }
        return contains { $0 == "*" || $0 == "?" } && fnmatch(lowercased(), text.lowercased(), 0) == 0
    }
}

extension Diagnostic {
    /// Returns the problem with a path relative to the working folder, not to the configuration's.
    func line(for configuration: Configuration?) -> String {
        guard let configuration, !["", "."].contains(configuration.folder), !location.file.hasPrefix("/"),
            location.file != configuration.path
        else { return description.escapedForTerminal }
        let location = SourceLocation(
            file: "\(configuration.folder)/\(location.file)", line: location.line, column: location.column)
        return Diagnostic(severity: severity, location: location, message: message).description.escapedForTerminal
    }
}

extension SharedOptions {
    /// Returns the configuration's path: from the option, else from the environment, else `rollcall.yaml`.
    func configurationPath(in context: Context) -> String {
        if let config { return config }
        let named = context.environment["ROLLCALL_CONFIG"] ?? ""
        return named.isEmpty ? "rollcall.yaml" : named
    }
}

extension String {
    /// The absolute path; a relative one counts from the working folder.
    fileprivate var absolutePath: String {
        guard !hasPrefix("/"), let folder = getcwd(nil, 0) else { return self }
        defer { free(folder) }
        return String(cString: folder) + "/" + self
    }
}

extension Configuration {
    /// Returns the gateway with a name; without a name, the only gateway.
    func gateway(named text: String?) throws(Failure) -> GatewayName {
        let names = gateways.map(\.name)
        if let text {
            guard let name = names.first(where: { $0.text == text }) else {
                throw Failure(
                    .usage,
                    "No gateway \"\(text.escapedForTerminal)\" in the configuration. It has: "
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
