import Core
import LocatedYAML

extension PolicyParser {
    private static let groupKeys = [
        "name", "session", "gateway", "admins", "members", "keep", "mode", "empty", "rejoin", "limits",
    ]

    /// What to do about keys that belong to an entry.
    private static let misplacedKeys = [
        "from": "put it on a list entry: `{ who: alice, from: 2026-12-31 }`",
        "until": "put it on a list entry: `{ who: alice, until: 2026-12-31 }`",
        "reason": "put it on a list entry: `{ who: alice, reason: contractor }`",
    ]

    /// Reads the section `groups` of a file.
    mutating func readGroups(_ node: YAMLNode, of source: PolicySource, defaults: FileDefaults) {
        guard node.kind == .mapping else {
            log.error(
                "`groups` must be a mapping with a group id, such as 120363041234567890@g.us, for each group, not"
                    + " \(described(node))", at: source.location(node))
            return
        }
        for (key, value) in node.pairs {
            // Read a group with a wrong id too, to report its other errors.
            let group = GroupID(key.text)
            if let group {
                if let first = groupPositions[group] {
                    log.error(
                        "the group \(group) is already defined at \(index.location(first)); merge the two",
                        at: source.location(key))
                    continue
                }
                groupPositions[group] = source.position(key)
            } else {
                log.error(
                    "\(quoted(key.text)) is not a group id; a group id has digits and ends in @g.us, such as"
                        + " 120363041234567890@g.us", at: source.location(key))
            }
            if value.isNull {
                log.error("the group is empty; list its people under `members` and `admins`", at: source.location(key))
            } else {
                readGroup(value, key: key, group: group, of: source, defaults: defaults)
            }
        }
    }

    private mutating func readGroup(
        _ node: YAMLNode, key: YAMLNode, group: GroupID?, of source: PolicySource, defaults: FileDefaults
    ) {
        guard
            let fields = CheckedMapping(
                node, in: source.file.name, what: "a group", keys: Self.groupKeys, advice: Self.misplacedKeys,
                log: &log)
        else { return }
        let groupKey = readKey(fields, key: key, group: group, of: source, defaults: defaults)
        let name = fields.text("name", log: &log)?.text
        let mode = fields.choice("mode", of: GroupMode.self, log: &log)
        let rejoin = fields.choice("rejoin", of: RejoinRule.self, log: &log)
        let limits = readLimits(fields, of: source)
        let isEmpty = fields.boolean("empty", log: &log) ?? false
        // Commenting out all people of a list usually does not mean to remove everybody.
        let silent = ["admins", "members", "keep"].filter { list in
            !source.isFaulty && node[list]?.isNull == true && node[list]?.text.isEmpty == true
        }
        for list in silent {
            log.error(
                "`\(list)` is empty; list its people, write `[]` if it has none, or delete the line",
                at: fields.position(of: list))
        }
        let admins = readList(fields.value("admins"), what: "`admins`", of: source)
        let members = readList(fields.value("members"), what: "`members`", of: source)
        let kept = readList(fields.value("keep"), what: "`keep`", of: source)
        if isEmpty {
            if mode != .exact, mode != nil || fields.value("mode") == nil {
                log.error(
                    "`empty: true` removes everyone from the group, so it needs `mode: exact` too",
                    at: fields.position(of: "empty"))
            }
            if !admins.range.isEmpty || !members.range.isEmpty {
                log.error(
                    "`empty: true` contradicts the people under `admins` and `members`; delete one or the other",
                    at: fields.position(of: "empty"))
            }
        }
        let isMisspelt = ["admins", "members"].contains { fields.value($0) == nil && !fields.reportMissing($0) }
        guard let groupKey else { return }
        index.groups.append(
            IndexedGroup(
                key: groupKey, name: name, position: source.position(key), mode: mode ?? .exact,
                rejoin: rejoin ?? .always,
                limits: limits, mayBeEmpty: isEmpty, admins: admins.range, members: members.range, kept: kept.range,
                isIncomplete: admins.isIncomplete || members.isIncomplete || source.isFaulty || isMisspelt
                    || !silent.isEmpty))
    }

    private mutating func readKey(
        _ fields: CheckedMapping, key: YAMLNode, group: GroupID?, of source: PolicySource, defaults: FileDefaults
    ) -> GroupKey? {
        let session = fields.value("session") == nil ? defaults.session : fields.session(log: &log)
        if session == nil, fields.reportMissing("session"), !defaults.sessionIsFaulty {
            log.error(
                "the group has no session; write `session: …` at the top of the file or in the group",
                at: source.location(key))
        }
        var gateway = fields.value("gateway") == nil ? defaults.gateway : self.gateway(of: fields)
        if gateway == nil, gateways.count <= 1 { gateway = gateways.first ?? .default }
        if gateway == nil, fields.reportMissing("gateway"), !defaults.gatewayIsFaulty {
            log.error(
                "the group has no gateway; write `gateway: …` at the top of the file or in the group, with one of"
                    + " \(enumeration(gateways.map(\.text), joinedBy: "and"))", at: source.location(key))
        }
        guard let session, let gateway, let group else { return nil }
        return GroupKey(gateway: gateway, session: session, group: group)
    }

    private mutating func readLimits(_ fields: CheckedMapping, of source: PolicySource) -> Limits {
        guard let node = fields.value("limits") else { return defaultLimits }
        guard
            let section = CheckedMapping(
                node, in: source.file.name, what: "`limits`", keys: CheckedMapping.limitKeys, log: &log)
        else { return defaultLimits }
        for key in CheckedMapping.runLimitKeys where section.value(key) != nil {
            log.error(
                "`\(key)` counts over all groups of a run, so a group cannot set this limit; set it in rollcall.yaml",
                at: section.position(of: key))
        }
        return section.limits(from: defaultLimits, log: &log)
    }
}
