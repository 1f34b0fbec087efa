import LocatedYAML
import Membership

extension PolicyGathering {
    private static let groupKeys = [
        "name", "session", "gateway", "admins", "members", "keep", "mode", "empty", "rejoin", "limits",
    ]

    /// Takes in the section `groups` of a file.
    mutating func readGroups(_ node: YAMLNode, of source: PolicySource, defaults: FileDefaults) {
        guard node.kind == .mapping else {
            log.error(
                "`groups` takes group ids, such as 120363041234567890@g.us, with the group's lines below each, not"
                    + " \(described(node))", at: source.location(node))
            return
        }
        for (key, value) in node.pairs {
            // A group under a wrong id is read all the same, for what else is wrong with it.
            let group = GroupID(key.text)
            if let group {
                if let first = groupPlaces[group] {
                    log.error(
                        "the group \(group) is described already at \(index.location(first)); put both into one",
                        at: source.location(key))
                    continue
                }
                groupPlaces[group] = source.place(key)
            } else {
                log.error(
                    "\(quoted(key.text)) is no group id; it is made of digits and ends in @g.us, such as"
                        + " 120363041234567890@g.us", at: source.location(key))
            }
            if value.isNull {
                log.error(
                    "the group says nothing; list its people at `members` and `admins`", at: source.location(key))
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
                node, in: source.file.name, what: "a group", keys: Self.groupKeys, log: &log)
        else { return }
        let groupKey = readKey(fields, key: key, group: group, of: source, defaults: defaults)
        let name = fields.text("name", log: &log)?.text
        let mode = fields.choice("mode", of: GroupMode.self, log: &log)
        let rejoin = fields.choice("rejoin", of: RejoinRule.self, log: &log)
        let limits = readLimits(fields, of: source)
        let isEmpty = fields.truth("empty", log: &log) ?? false
        // Whoever comments out all people of a list means to leave the others alone, as a rule.
        let silent = ["admins", "members", "keep"].filter { list in
            !source.isFaulty && node[list]?.isNull == true && node[list]?.text.isEmpty == true
        }
        for list in silent {
            log.error(
                "`\(list)` says nothing; list its people, write `[]` if it has none, or delete the line",
                at: fields.place(of: list))
        }
        let admins = readList(fields.value("admins"), what: "`admins`", of: source)
        let members = readList(fields.value("members"), what: "`members`", of: source)
        let kept = readList(fields.value("keep"), what: "`keep`", of: source)
        if isEmpty {
            if mode != .exact, mode != nil || fields.value("mode") == nil {
                log.error(
                    "`empty: true` takes everyone out of the group, so it must stand beside `mode: exact`",
                    at: fields.place(of: "empty"))
            }
            if !admins.range.indices.isEmpty || !members.range.indices.isEmpty {
                log.error(
                    "`empty: true` contradicts the people whom `admins` and `members` name; delete one or the other",
                    at: fields.place(of: "empty"))
            }
        }
        let isMisspelt = ["admins", "members"].contains { fields.value($0) == nil && !fields.lacks($0) }
        guard let groupKey else { return }
        index.groups.append(
            GroupRecord(
                key: groupKey, name: name, place: source.place(key), mode: mode ?? .exact, rejoin: rejoin ?? .always,
                limits: limits, mayBeEmpty: isEmpty, admins: admins.range, members: members.range, kept: kept.range,
                isIncomplete: admins.isIncomplete || members.isIncomplete || source.isFaulty || isMisspelt
                    || !silent.isEmpty))
    }

    private mutating func readKey(
        _ fields: CheckedMapping, key: YAMLNode, group: GroupID?, of source: PolicySource, defaults: FileDefaults
    ) -> GroupKey? {
        let session = fields.value("session") == nil ? defaults.session : fields.session(log: &log)
        if session == nil, fields.lacks("session"), !defaults.sessionIsFaulty {
            log.error(
                "nothing says through which session this group is reached; write `session: …` at the top of the file"
                    + " or in the group", at: source.location(key))
        }
        var gateway = fields.value("gateway") == nil ? defaults.gateway : self.gateway(of: fields)
        if gateway == nil, gateways.count <= 1 { gateway = gateways.first ?? .default }
        if gateway == nil, fields.lacks("gateway"), !defaults.gatewayIsFaulty {
            log.error(
                "nothing says which gateway this group belongs to (\(enumeration(gateways.map(\.text), joinedBy: "or"))); write"
                    + " `gateway: …` at the top of the file or in the group", at: source.location(key))
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
                "`\(key)` counts over all groups of a run and has no meaning for one group; set it in the configuration",
                at: section.place(of: key))
        }
        return section.limits(from: defaultLimits, log: &log)
    }
}
