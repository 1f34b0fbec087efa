import Core
import LocatedYAML

/// Reads the sections of a configuration; reports missing required keys, and fills in defaults.
struct ConfigurationDraft {
    /// The path of the file, as the caller gave it.
    let path: String
    /// The environment, without empty variables.
    let environment: [String: String]

    private static let keys = [
        "version", "gateway", "gateways", "policies", "csv", "ledger", "limits", "pace", "read", "declined", "metrics",
        "notify", "ping",
    ]

    /// Returns the configuration, which is only valid if the log has no errors; nil if the root is not a mapping.
    func read(_ root: YAMLNode, log: inout DiagnosticLog) -> Configuration? {
        guard
            let top = CheckedMapping(
                root, in: path, what: "the configuration", keys: Self.keys, redaction: .plainWordsOnly, log: &log)
        else { return nil }
        if let (version, location) = top.text("version", log: &log), version != "1" {
            log.error("`version` must be 1, not \(top.redaction.mention(version)); write `version: 1`", at: location)
        }
        let gateways = readGateways(top, log: &log)
        let policies = readPolicies(top, log: &log)
        let read = section("read", of: top, keys: ["concurrency", "timeout"], log: &log)
        let second = DurationText(seconds: 1)
        return Configuration(
            path: path, folder: folder, gateways: gateways, policies: policies.map(\.text),
            policyLocations: policies.map(\.location), ledger: readLedger(top, log: &log),
            limits: section("limits", of: top, keys: CheckedMapping.limitKeys, log: &log)?
                .limits(from: Limits(), log: &log) ?? Limits(),
            pace: readPace(top, log: &log), readConcurrency: read?.integer("concurrency", in: 1...64, log: &log) ?? 8,
            readTimeout: read?.duration("timeout", in: second...DurationText(seconds: 600), log: &log) ?? .seconds(30),
            declined: readDeclined(top, log: &log),
            allowsTablesOutside: section("csv", of: top, keys: ["outside"], log: &log)?
                .boolean("outside", log: &log) ?? false,
            metricsFile: readMetrics(top, log: &log), webhooks: readWebhooks(top, log: &log),
            pings: readPings(top, log: &log))
    }

    /// The folder relative paths start from.
    var folder: String { FilePath.folder(of: path) }

    private func readPolicies(
        _ top: CheckedMapping, log: inout DiagnosticLog
    ) -> [(text: String, location: SourceLocation)] {
        let expected = "`policies` must be a list of files, folders and patterns, such as `policies: [policies]`"
        guard let list = top.value("policies") else {
            if top.reportMissing("policies") {
                log.error("\(expected), but it is missing", at: top.position(of: "policies"))
            }
            return []
        }
        guard list.kind == .sequence, !list.items.isEmpty else {
            let found = list.kind == .sequence ? "an empty list" : described(list)
            log.error("\(expected), not \(found)", at: top.location(of: list))
            return []
        }
        return list.items.compactMap { item in
            guard item.kind == .scalar, !item.isNull, !item.text.isEmpty else {
                let found = item.isNull || item.kind == .scalar ? "an empty value" : described(item)
                log.error(
                    "an entry of `policies` must be a file, a folder or a pattern, not \(found)",
                    at: top.location(of: item))
                return nil
            }
            return (item.text, top.location(of: item))
        }
    }

    private func readLedger(_ top: CheckedMapping, log: inout DiagnosticLog) -> String {
        let written = top.text("ledger", log: &log)
        if let override = environment["ROLLCALL_LEDGER"] { return override }
        if let (text, location) = written, text.isEmpty || text.utf8.contains(0) {
            log.error("`ledger` must be the path of a file, such as rollcall.sqlite", at: location)
        }
        return FilePath.joined(folder, written?.text ?? "rollcall.sqlite")
    }

    private func readPace(_ top: CheckedMapping, log: inout DiagnosticLog) -> Pace {
        var pace = Pace()
        let keys = ["calls_per_minute", "jitter", "adds_per_call", "adds_per_day", "settle"]
        guard let section = section("pace", of: top, keys: keys, log: &log) else { return pace }
        if let calls = section.integer("calls_per_minute", in: 0...6_000, log: &log) { pace.callsPerMinute = calls }
        if let jitter = section.decimal("jitter", in: 0...10, log: &log) { pace.jitter = jitter }
        if let adds = section.integer("adds_per_call", in: 1...100, log: &log) { pace.addsPerCall = adds }
        if let adds = section.integer("adds_per_day", in: 0...1_000_000, log: &log) { pace.addsPerDay = adds }
        let bounds = DurationText(seconds: 0)...DurationText(seconds: 3_600)
        if let settle = section.duration("settle", in: bounds, log: &log) { pace.settle = settle }
        return pace
    }

    private func readDeclined(_ top: CheckedMapping, log: inout DiagnosticLog) -> DeclinedRule {
        var rule = DeclinedRule()
        let keys = ["retry_after", "backoff", "give_up_after"]
        guard let section = section("declined", of: top, keys: keys, log: &log) else { return rule }
        let bounds = DurationText(seconds: 60)...DurationText(seconds: 365 * 86_400)
        if let pause = section.duration("retry_after", in: bounds, log: &log) { rule.retryAfter = pause }
        if let backoff = section.decimal("backoff", in: 1...100, log: &log) { rule.backoff = backoff }
        if let tries = section.integer("give_up_after", in: 1...100, log: &log) { rule.giveUpAfter = tries }
        return rule
    }

    private func readMetrics(_ top: CheckedMapping, log: inout DiagnosticLog) -> String? {
        guard
            let (text, location) = section("metrics", of: top, keys: ["textfile"], log: &log)?
                .text("textfile", log: &log)
        else { return nil }
        if !text.hasSuffix(".prom") || text.utf8.contains(0) {
            log.error(
                "`textfile` must be the path of a file that ends in .prom, which collectors look for; write one such as"
                    + " /var/lib/node_exporter/rollcall.prom", at: location)
            return nil
        }
        return FilePath.joined(folder, text)
    }

    /// Returns the mapping under a key; nil if it is absent, or reported as wrong.
    func section(
        _ key: String, of parent: CheckedMapping, keys: [String], log: inout DiagnosticLog
    ) -> CheckedMapping? {
        guard let node = parent.value(key) else { return nil }
        return CheckedMapping(node, in: path, what: "`\(key)`", keys: keys, redaction: .plainWordsOnly, log: &log)
    }
}

extension ConfigurationDraft {
    /// Returns the source of a secret; nil if it is absent, or reported as wrong.
    ///
    /// Messages never repeat the value, since it may be the secret itself; they suggest the variable `variable`.
    func readSecret(
        _ key: String, noun: String, variable: String, of parent: CheckedMapping, log: inout DiagnosticLog
    ) -> SecretSource? {
        guard let node = parent.value(key) else { return nil }
        let advice = "write `\(key): { env: \(variable) }` or `\(key): { file: /path/to/a/file }`"
        guard node.kind == .mapping else {
            log.error(
                "do not write the \(noun) itself into this file, which people share; \(advice)",
                at: parent.location(of: node))
            return nil
        }
        // No `CheckedMapping` here, since it would show the key, which may be the secret.
        guard node.pairs.count == 1, let pair = node.pairs.first, ["env", "file"].contains(pair.key.text) else {
            log.error("`\(key)` takes either `env` or `file`; \(advice)", at: parent.location(of: node))
            return nil
        }
        let text = pair.value.text
        guard pair.value.kind == .scalar, !pair.value.isNull, !text.isEmpty, !looksLikeToken(text),
            !text.contains("://")
        else {
            log.error(
                "`\(pair.key.text)` must say where to find the \(noun), not contain it; \(advice)",
                at: parent.location(of: pair.value.isNull ? pair.key : pair.value))
            return nil
        }
        if pair.key.text == "env" {
            guard isVariableName(text) else {
                log.error(
                    "`env` must be the name of an environment variable (letters, digits and underscores); \(advice)",
                    at: parent.location(of: pair.value))
                return nil
            }
            return .environment(text)
        }
        return .file(FilePath.joined(folder, text))
    }

    /// Whether a text starts like a gateway key or a login token.
    func looksLikeToken(_ text: String) -> Bool { text.hasPrefix("wa_") || text.hasPrefix("eyJ") }

    private func isVariableName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !first.isDigit, text.utf8.count <= 128 else { return false }
        return text.utf8.allSatisfy { $0.isUnreserved && !"-.~".utf8.contains($0) }
    }
}
