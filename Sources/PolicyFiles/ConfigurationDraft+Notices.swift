import LocatedYAML

extension ConfigurationDraft {
    /// More would be a mailing list, and each may take seconds.
    private static let mostWebhooks = 20

    /// Who is told of runs; entries with mistakes are noted and left out.
    func readWebhooks(_ top: CheckedMapping, log: inout DiagnosticLog) -> [WebhookConfiguration] {
        guard let list = top.value("notify") else { return [] }
        let example = "`notify: [{ url: { env: ROLLCALL_WEBHOOK }, on: [failure, withheld], format: slack }]`"
        guard list.kind == .sequence else {
            log.error("`notify` takes a list, such as \(example), not \(described(list))", at: top.location(of: list))
            return []
        }
        guard list.items.count <= Self.mostWebhooks else {
            log.error(
                "`notify` has \(list.items.count) entries, and takes \(Self.mostWebhooks) at most",
                at: top.location(of: list))
            return []
        }
        return list.items.compactMap { item in
            guard item.kind != .scalar else {
                // A URL that was written here bare is a secret.
                log.error(
                    "an entry of `notify` takes keys and values, as in \(example), not \(described(item))",
                    at: top.location(of: item))
                return nil
            }
            return CheckedMapping(
                item, in: path, what: "an entry of `notify`", keys: ["url", "on", "format"], discretion: .reserved,
                log: &log
            ).flatMap { readWebhook($0, log: &log) }
        }
    }

    private func readWebhook(_ entry: CheckedMapping, log: inout DiagnosticLog) -> WebhookConfiguration? {
        let url = readSecret("url", noun: "URL", variable: "ROLLCALL_WEBHOOK", of: entry, log: &log)
        if entry.lacks("url") {
            log.error(
                "the entry has no `url`; write where the address is found, such as `url: { env: ROLLCALL_WEBHOOK }`",
                at: entry.place(of: "url"))
        }
        let occasions = readOccasions(entry, log: &log)
        let format = entry.choice("format", of: NoticeFormat.self, log: &log) ?? .json
        guard let url else { return nil }
        return WebhookConfiguration(url: url, occasions: occasions, format: format)
    }

    private func readOccasions(_ entry: CheckedMapping, log: inout DiagnosticLog) -> Set<NoticeOccasion> {
        let words = NoticeOccasion.allCases.map(\.rawValue)
        let expected = "`on` takes a list of \(enumeration(words, joinedBy: "and")), such as `on: [failure, withheld]`"
        guard let list = entry.value("on") else {
            if entry.lacks("on") { log.error("\(expected), and is missing here", at: entry.place(of: "on")) }
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
            let found = item.kind == .scalar ? entry.discretion.mention(item.text) : described(item)
            log.error(
                "an entry of `on` is \(enumeration(words, joinedBy: "or")), not \(found)"
                    + (item.kind == .scalar ? suggester.hint(for: item.text, among: words) : ""),
                at: entry.location(of: item))
        }
        return occasions
    }

    /// Who is told that runs begin and end.
    func readPings(_ top: CheckedMapping, log: inout DiagnosticLog) -> PingConfiguration {
        let keys = ["url", "started", "succeeded", "failed"]
        guard let section = section("ping", of: top, keys: keys, log: &log) else { return PingConfiguration() }
        let sources = keys.map {
            readSecret($0, noun: "URL", variable: "ROLLCALL_PING", of: section, log: &log)
        }
        if section.value("url") != nil, keys.dropFirst().contains(where: { section.value($0) != nil }) {
            log.error(
                "`ping` takes either `url`, behind which /start and /fail are put, or the three URLs `started`,"
                    + " `succeeded` and `failed` themselves", at: section.location)
        }
        if let url = sources[0] { return PingConfiguration(url: url) }
        var pings = PingConfiguration()
        pings.started = sources[1].map { PingAddress(url: $0, suffix: "") }
        pings.succeeded = sources[2].map { PingAddress(url: $0, suffix: "") }
        pings.failed = sources[3].map { PingAddress(url: $0, suffix: "") }
        return pings
    }
}
