import Core
import LocatedYAML

extension SeedReader {
    /// Reads how WhatsApp and the gateway behave.
    mutating func readBehaviour(_ node: YAMLNode) {
        let known = """
            lag end_of_list members_per_page groups_per_page omit_nulls creator fail_whole_batch strangers_on_whatsapp \
            group_size group_filter store backfilled empty_data last_seen superadmin takes_lids masks_failures \
            rate_limit_after disconnected backfill
            """
        guard let fields = fields(of: node, "behaviour", known: known, nullWords: ["end_of_list", "empty_data"]) else {
            return
        }
        var behaviour = Behaviour()
        behaviour.lag = lag(fields["lag"]) ?? behaviour.lag
        behaviour.endOfList = choice(fields["end_of_list"]) ?? behaviour.endOfList
        behaviour.emptyDataIsNull = choice(fields["empty_data"]) == EmptyData.null
        behaviour.membersPerPage = integer(fields, "members_per_page", in: 1...1_000_000)
        behaviour.groupsPerPage = integer(fields, "groups_per_page", in: 1...1_000_000)
        behaviour.omitsNulls = boolean(fields, "omit_nulls") ?? behaviour.omitsNulls
        behaviour.creatorProtection = choice(fields["creator"]) ?? behaviour.creatorProtection
        behaviour.failsWholeBatch = boolean(fields, "fail_whole_batch") ?? behaviour.failsWholeBatch
        behaviour.strangersAreOnWhatsApp =
            boolean(fields, "strangers_on_whatsapp") ?? behaviour.strangersAreOnWhatsApp
        behaviour.groupSize = integer(fields, "group_size", in: 0...1_000_000) ?? behaviour.groupSize
        behaviour.groupFilterWorks = boolean(fields, "group_filter") ?? behaviour.groupFilterWorks
        behaviour.store = choice(fields["store"]) ?? behaviour.store
        behaviour.beginsBackfilled = boolean(fields, "backfilled") ?? behaviour.beginsBackfilled
        behaviour.lastSeen = choice(fields["last_seen"]) ?? behaviour.lastSeen
        behaviour.listsSuperadmin = boolean(fields, "superadmin") ?? behaviour.listsSuperadmin
        behaviour.takesLIDs = boolean(fields, "takes_lids") ?? behaviour.takesLIDs
        behaviour.masksFailures = boolean(fields, "masks_failures") ?? behaviour.masksFailures
        behaviour.changesBeforeRateLimit = integer(fields, "rate_limit_after", in: 0...1_000_000)
        behaviour.disconnectedStatus = choice(fields["disconnected"]) ?? behaviour.disconnectedStatus
        if let node = fields["backfill"],
            let job = self.fields(of: node, "backfill", known: "milliseconds fails")
        {
            behaviour.backfill.milliseconds = integer(job, "milliseconds", in: 0...86_400_000) ?? 0
            behaviour.backfill.fails = boolean(job, "fails") ?? false
        }
        seed.behaviour = behaviour
    }

    /// The `data` of an empty list.
    private enum EmptyData: String, CaseIterable {
        /// An empty list.
        case list
        /// Null.
        case null
    }
}
