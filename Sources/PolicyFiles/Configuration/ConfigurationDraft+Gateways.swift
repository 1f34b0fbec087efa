import Core
import LocatedYAML

extension ConfigurationDraft {
    private static let gatewayKeys = ["url", "token", "ca_file", "self", "refresh"]

    /// Returns all gateways, sorted by name; reports and skips wrong ones.
    func readGateways(_ top: CheckedMapping, log: inout DiagnosticLog) -> [GatewayConfiguration] {
        let override = environment["ROLLCALL_GATEWAY_URL"]
        if let several = top.value("gateways") {
            if top.value("gateway") != nil {
                log.error(
                    "use either `gateway` or `gateways`, not both; move the gateway under `gateways`",
                    at: top.position(of: "gateways"))
                return []
            }
            guard several.kind == .mapping, !several.pairs.isEmpty else {
                let found = several.kind == .mapping ? "an empty mapping" : described(several)
                log.error(
                    "`gateways` must have a name for each gateway, with its `url` under it, not \(found)",
                    at: top.location(of: several))
                return []
            }
            let isSingle = several.pairs.count == 1
            if override != nil, !isSingle {
                log.error(
                    "ROLLCALL_GATEWAY_URL is set, but with \(several.pairs.count) gateways Rollcall cannot tell whose"
                        + " address it replaces; unset the variable", at: top.location(of: several))
            }
            let gateways: [GatewayConfiguration] = several.pairs.compactMap { key, value in
                readGateway(
                    value, name: gatewayName(key, in: top, log: &log), urlOverride: isSingle ? override : nil,
                    tokenOverride: isSingle, log: &log)
            }
            return gateways.sorted { $0.name < $1.name }
        }
        if let node = top.value("gateway") {
            let gateway = readGateway(node, name: .default, urlOverride: override, tokenOverride: true, log: &log)
            return gateway.map { [$0] } ?? []
        }
        guard let override else {
            if top.reportMissing("gateway"), top.reportMissing("gateways") {
                log.error(
                    "`gateway` is missing; add it, such as `gateway: { url: https://gateway.example.com }`",
                    at: top.position(of: "gateway"))
            }
            return []
        }
        guard let url = checkedURL(override, isOverride: true, at: top.location, log: &log) else { return [] }
        return [
            GatewayConfiguration(
                name: .default, url: url, token: .environment("ROLLCALL_TOKEN"), caFile: nil, ownAccounts: [:],
                refresh: nil)
        ]
    }

    private func gatewayName(_ key: YAMLNode, in top: CheckedMapping, log: inout DiagnosticLog) -> GatewayName {
        let text = key.text
        // The rule for session ids fits here too. Every report shows the name, so it must not be a token.
        if looksLikeToken(text) {
            log.error("this gateway name looks like a token; write a name such as `north`", at: top.location(of: key))
        } else if SessionID(text) == nil || text.utf8.count > 64 {
            log.error(
                "a gateway's name must be 1 to 64 letters (a to z), digits, dashes, dots and underscores, not"
                    + " \(top.redaction.mention(text))", at: top.location(of: key))
        }
        return GatewayName(text)
    }

    private func readGateway(
        _ node: YAMLNode, name: GatewayName, urlOverride: String?, tokenOverride: Bool, log: inout DiagnosticLog
    ) -> GatewayConfiguration? {
        guard
            let section = CheckedMapping(
                node, in: path, what: "a gateway", keys: Self.gatewayKeys, redaction: .plainWordsOnly, log: &log)
        else { return nil }
        let written = readToken(section, log: &log)
        // With several gateways, the variable does not say which gateway its token is for, and no other may see it.
        let isOverridden = tokenOverride && environment["ROLLCALL_TOKEN"] != nil
        let token = isOverridden ? .environment("ROLLCALL_TOKEN") : written
        let caFile = section.text("ca_file", log: &log)
        if let (text, location) = caFile, text.isEmpty {
            log.error("`ca_file` is empty; write the path of a certificate file, or delete the line", at: location)
        }
        let accounts = readOwnAccounts(section, log: &log)
        let refresh = readRefresh(section, log: &log)
        let url: HTTPURL?
        if let urlOverride {
            url = checkedURL(urlOverride, isOverride: true, at: section.position(of: "url"), log: &log)
        } else if let (text, location) = section.text("url", log: &log) {
            url = checkedURL(text, isOverride: false, at: location, log: &log)
        } else {
            if section.reportMissing("url") {
                log.error(
                    "the gateway has no `url`; add one, such as `url: https://gateway.example.com`",
                    at: section.position(of: "url"))
            }
            url = nil
        }
        guard let url else { return nil }
        return GatewayConfiguration(
            name: name, url: url, token: token, caFile: caFile.map { FilePath.joined(folder, $0.text) },
            ownAccounts: accounts, refresh: refresh)
    }

    private func readRefresh(_ gateway: CheckedMapping, log: inout DiagnosticLog) -> RefreshConfiguration? {
        let keys = ["token", "older_than", "wait", "after_apply"]
        guard let section = section("refresh", of: gateway, keys: keys, log: &log) else { return nil }
        let token = readSecret("token", noun: "login token", variable: "ROLLCALL_LOGIN_TOKEN", of: section, log: &log)
        let ages = DurationText(seconds: 3_600)...DurationText(seconds: 365 * 86_400)
        let waits = DurationText(seconds: 0)...DurationText(seconds: 3_600)
        return RefreshConfiguration(
            token: token, olderThan: section.duration("older_than", in: ages, log: &log) ?? .seconds(20 * 3_600),
            wait: section.duration("wait", in: waits, log: &log) ?? .seconds(300),
            afterApply: section.boolean("after_apply", log: &log) ?? false)
    }

    private func checkedURL(
        _ text: String, isOverride: Bool, at location: SourceLocation, log: inout DiagnosticLog
    ) -> HTTPURL? {
        do throws(HTTPURL.Fault) {
            return try HTTPURL(gateway: text)
        } catch {
            let origin = isOverride ? " (this `url` comes from the environment variable ROLLCALL_GATEWAY_URL)" : ""
            log.error(error.words + origin, at: location)
            return nil
        }
    }

    private func readToken(_ gateway: CheckedMapping, log: inout DiagnosticLog) -> SecretSource {
        let standard = SecretSource.environment("ROLLCALL_TOKEN")
        return readSecret("token", noun: "token", variable: "ROLLCALL_TOKEN", of: gateway, log: &log) ?? standard
    }

    private func readOwnAccounts(_ gateway: CheckedMapping, log: inout DiagnosticLog) -> [SessionID: PhoneNumber] {
        guard let node = gateway.value("self") else { return [:] }
        guard node.kind == .mapping else {
            log.error(
                "`self` must have a phone number for each session id, such as `{ 01HZ0SESSION: +62 812-3456-7890 }`,"
                    + " not \(described(node))", at: gateway.location(of: node))
            return [:]
        }
        var accounts: [SessionID: PhoneNumber] = [:]
        for (key, value) in node.pairs {
            guard let session = SessionID(key.text) else {
                log.error(
                    "\(gateway.redaction.mention(key.text)) is not a session id; write letters, digits, dashes, dots"
                        + " and underscores", at: gateway.location(of: key))
                continue
            }
            switch EntryText(value) {
            case .account(.phone(let phone)): accounts[session] = phone
            case .account(.lid), .name, .nothing:
                log.error(
                    "a session's own number must be a phone number such as +62 812-3456-7890",
                    at: gateway.location(of: value.isNull ? key : value))
            case .wrong(let sentence) where value.kind != .scalar || gateway.redaction.repeats(value.text):
                log.error(sentence, at: gateway.location(of: value))
            case .wrong:
                log.error(
                    "a session's own number must be a phone number such as +62 812-3456-7890, not"
                        + " \(gateway.redaction.mention(value.text))", at: gateway.location(of: value))
            }
        }
        return accounts
    }
}

extension HTTPURL.Fault {
    /// The reason as a sentence on the key `url`; the URL itself is left out, because it may contain a secret.
    fileprivate var words: String {
        switch self {
        case .malformed:
            "`url` must be the gateway's URL without spaces, such as https://gateway.example.com; write other characters as %XX"
        case .unknownScheme: "`url` must start with https://"
        case .insecure:
            "`url` must start with https://, because http would expose the token; http is allowed only for this"
                + " computer (localhost, 127.0.0.1, [::1])"
        case .credentials:
            "`url` must not have a user name or password (the part before @); the token comes from `token`"
        case .queryOrFragment: "`url` must not have a query or fragment (a part that starts with ? or #)"
        case .apiPath: "`url` must not end in /api/v1, which Rollcall adds"
        case .badHost:
            "the host of `url` must be a name of letters, digits, dots and dashes, or an IP address; write an"
                + " international name in its xn-- form"
        case .badPort: "the port of `url` must be a number from 1 to 65535"
        }
    }
}
