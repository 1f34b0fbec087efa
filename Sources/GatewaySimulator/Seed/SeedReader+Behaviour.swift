import Core
import LocatedYAML

extension SeedReader {
    /// Reads how WhatsApp and the gateway behave.
    mutating func readBehaviour(_ node: YAMLNode) {
        let known = [
            "lag", "end_of_list", "members_per_page", "groups_per_page", "omit_nulls", "creator", "fail_whole_batch",
            "strangers_on_whatsapp", "group_size", "group_filter", "store", "backfilled", "empty_data", "last_seen",
            "superadmin", "takes_lids", "masks_failures", "rate_limit_after", "disconnected", "backfill",
        ]
        guard node.kind == .mapping else {
            report(node, "behaviour must be a mapping with the keys \(known.joined(separator: ", "))")
            return
        }
        // For these, the word null is a value, not a missing one.
        let endOfList = node["end_of_list"]
        let emptyData = node["empty_data"]
        let fields = fields(of: node, "behaviour", known: known) ?? [:]
        var behaviour = Behaviour()
        behaviour.lag = lag(fields["lag"]) ?? behaviour.lag
        behaviour.endOfList = word(endOfList, EndOfList.self) ?? behaviour.endOfList
        behaviour.emptyDataIsNull = word(emptyData, EmptyData.self) == .null
        behaviour.membersPerPage = integer(fields["members_per_page"], "members_per_page", in: 1...1_000_000)
        behaviour.groupsPerPage = integer(fields["groups_per_page"], "groups_per_page", in: 1...1_000_000)
        behaviour.omitsNulls = boolean(fields["omit_nulls"], "omit_nulls") ?? behaviour.omitsNulls
        behaviour.creatorProtection = choice(fields["creator"], CreatorProtection.self) ?? behaviour.creatorProtection
        behaviour.failsWholeBatch = boolean(fields["fail_whole_batch"], "fail_whole_batch") ?? behaviour.failsWholeBatch
        behaviour.strangersAreOnWhatsApp =
            boolean(fields["strangers_on_whatsapp"], "strangers_on_whatsapp") ?? behaviour.strangersAreOnWhatsApp
        behaviour.groupSize = integer(fields["group_size"], "group_size", in: 0...1_000_000) ?? behaviour.groupSize
        behaviour.groupFilterWorks = boolean(fields["group_filter"], "group_filter") ?? behaviour.groupFilterWorks
        readInstallation(fields, &behaviour)
        seed.behaviour = behaviour
    }

    /// Reads what differs between gateway versions.
    private mutating func readInstallation(_ fields: [String: YAMLNode], _ behaviour: inout Behaviour) {
        behaviour.store = choice(fields["store"], StoreKind.self) ?? behaviour.store
        behaviour.beginsBackfilled = boolean(fields["backfilled"], "backfilled") ?? behaviour.beginsBackfilled
        behaviour.lastSeen = choice(fields["last_seen"], LastSeenForm.self) ?? behaviour.lastSeen
        behaviour.listsSuperadmin = boolean(fields["superadmin"], "superadmin") ?? behaviour.listsSuperadmin
        behaviour.takesLIDs = boolean(fields["takes_lids"], "takes_lids") ?? behaviour.takesLIDs
        behaviour.masksFailures = boolean(fields["masks_failures"], "masks_failures") ?? behaviour.masksFailures
        behaviour.changesBeforeRateLimit = integer(fields["rate_limit_after"], "rate_limit_after", in: 0...1_000_000)
        behaviour.disconnectedStatus =
            choice(fields["disconnected"], DisconnectedStatus.self) ?? behaviour.disconnectedStatus
        guard let node = fields["backfill"],
            let job = self.fields(of: node, "backfill", known: ["milliseconds", "fails"])
        else { return }
        behaviour.backfill = BackfillBehaviour(
            milliseconds: Int64(integer(job["milliseconds"], "milliseconds", in: 0...86_400_000) ?? 0),
            fails: boolean(job["fails"], "fails") ?? false)
    }

    /// Returns one of a few words, null included; nil if nothing is given.
    private mutating func word<Choice>(_ node: YAMLNode?, _ type: Choice.Type) -> Choice?
    where Choice: RawRepresentable<String> & CaseIterable {
        guard let node, node.kind != .scalar || !node.text.isEmpty else { return nil }
        return choice(node, type)
    }

    /// The `data` of an empty list.
    private enum EmptyData: String, CaseIterable {
        /// An empty list.
        case list
        /// Null.
        case null
    }
}
