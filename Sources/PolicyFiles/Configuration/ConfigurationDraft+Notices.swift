import LocatedYAML

extension ConfigurationDraft {
    /// The most entries of `notify`; each may delay a run by seconds.
    private static let maxWebhooks = 20

    /// Returns the webhooks; reports and skips wrong ones.
    func readWebhooks(_ top: CheckedMapping, log: inout DiagnosticLog) -> [WebhookConfiguration] {
        guard let list = top.value("notify") else { return [] }
        let example = "`notify: [{ url: { env: ROLLCALL_WEBHOOK }, on: [failure, withheld], format: slack }]`"
        guard list.kind == .sequence else {
            log.error("`notify` must be a list, such as \(example), not \(described(list))", at: top.location(of: list))
            return []
        }
        guard list.items.count <= Self.maxWebhooks else {
            log.error(
                "`notify` has \(list.items.count) entries, but at most \(Self.maxWebhooks) are allowed; delete some",
                at: top.location(of: list))
            return []
        }
        return list.items.compactMap { item in
            guard item.kind != .scalar else {
                // A bare URL here is a secret, so do not repeat it.
                log.error(
                    "an entry of `notify` must be a mapping, as in \(example), not \(described(item))",
                    at: top.location(of: item))
                return nil
            }
            return CheckedMapping(
                item, in: path, what: "an entry of `notify`", keys: ["url", "on", "format"], redaction: .plainWordsOnly,
                log: &log
            ).flatMap { readWebhook($0, log: &log) }
        }
    }

    private func readWebhook(_ entry: CheckedMapping, log: inout DiagnosticLog) -> WebhookConfiguration? {
        let url = readSecret("url", noun: "URL", variable: "ROLLCALL_WEBHOOK", of: entry, log: &log)
        if entry.reportMissing("url") {
            log.error(
                "the entry has no `url`; say where to find it, such as `url: { env: ROLLCALL_WEBHOOK }`",
                at: entry.position(of: "url"))
        }
        let occasions = readOccasions(entry, log: &log)
        let format = entry.choice("format", of: NoticeFormat.self, log: &log) ?? .json
        guard let url else { return nil }
        return WebhookConfiguration(url: url, occasions: occasions, format: format)
    }

    private func readOccasions(_ entry: CheckedMapping, log: inout DiagnosticLog) -> Set<NoticeOccasion> {
        let words = NoticeOccasion.allCases.map(\.rawValue)
        let expected =
            "`on` must list at least one of \(enumeration(words, joinedBy: "and")), such as `on: [failure, withheld]`"
        guard let list = entry.value("on") else {
            if entry.reportMissing("on") { log.error("\(expected), but it is missing", at: entry.position(of: "on")) }
            return []
        }
        guard list.kind == .sequence, !list.items.isEmpty else {
            let found = list.kind == .sequence ? "an empty list" : described(list)
            log.error("\(expected), not \(found)", at: entry.location(of: list))
            return []
        }
        var occasions: Set<NoticeOccasion> = []
        for item in list.items {
            if item.kind == .scalar, let occasion = NoticeOccasion(rawValue: item.text) {
                occasions.insert(occasion)
                continue
            }
            var suggester = SpellingSuggester()
            let found = item.kind == .scalar ? entry.redaction.mention(item.text) : described(item)
            log.error(
                "an entry of `on` must be \(enumeration(words, joinedBy: "or")), not \(found)"
                    + (item.kind == .scalar ? suggester.hint(for: item.text, among: words) : ""),
                at: entry.location(of: item))
        }
        return occasions
    }

    /// Returns the URLs to ping.
    func readPings(_ top: CheckedMapping, log: inout DiagnosticLog) -> PingConfiguration {
        let keys = ["url", "started", "succeeded", "failed"]
        guard let section = section("ping", of: top, keys: keys, log: &log) else { return PingConfiguration() }
        let sources = keys.map { readSecret($0, noun: "URL", variable: "ROLLCALL_PING", of: section, log: &log) }
        if section.value("url") != nil, keys.dropFirst().contains(where: { section.value($0) != nil }) {
            log.error(
                "`ping` has both `url` and single addresses; keep one: `url` (Rollcall adds /start and /fail to it), or"
                    + " `started`, `succeeded` and `failed`", at: section.location)
        }
        if let url = sources[0] { return PingConfiguration(url: url) }
        var pings = PingConfiguration()
        pings.started = sources[1].map { PingAddress(url: $0, suffix: "") }
        pings.succeeded = sources[2].map { PingAddress(url: $0, suffix: "") }
        pings.failed = sources[3].map { PingAddress(url: $0, suffix: "") }
        return pings
    }
}
