import LocatedYAML
import Membership

extension SeedReader {
    /// How WhatsApp and the gateway behave.
    mutating func readBehaviour(_ node: YAMLNode) {
        let known = [
            "lag", "end_of_list", "members_per_page", "groups_per_page", "omit_nulls", "creator", "fail_whole_batch",
            "strangers_on_whatsapp", "group_size", "group_filter",
        ]
        guard node.kind == .mapping else {
            report(node, "behaviour must be a mapping with the keys \(known.joined(separator: ", "))")
            return
        }
        // The word null is a value here, not the absence of one.
        let endOfList = node["end_of_list"]
        let fields = fields(of: node, "behaviour", known: known) ?? [:]
        var behaviour = Behaviour()
        behaviour.lag = lag(fields["lag"]) ?? behaviour.lag
        if let endOfList, !endOfList.text.isEmpty {
            behaviour.endOfList = choice(endOfList, EndOfList.self) ?? behaviour.endOfList
        }
        behaviour.membersPerPage = integer(fields["members_per_page"], "members_per_page", in: 1...1_000_000)
        behaviour.groupsPerPage = integer(fields["groups_per_page"], "groups_per_page", in: 1...1_000_000)
        behaviour.omitsNulls = boolean(fields["omit_nulls"], "omit_nulls") ?? behaviour.omitsNulls
        behaviour.creatorProtection = choice(fields["creator"], CreatorProtection.self) ?? behaviour.creatorProtection
        behaviour.failsWholeBatch =
            boolean(fields["fail_whole_batch"], "fail_whole_batch") ?? behaviour.failsWholeBatch
        behaviour.strangersAreOnWhatsApp =
            boolean(fields["strangers_on_whatsapp"], "strangers_on_whatsapp") ?? behaviour.strangersAreOnWhatsApp
        behaviour.groupSize = integer(fields["group_size"], "group_size", in: 0...1_000_000) ?? behaviour.groupSize
        behaviour.groupFilterWorks = boolean(fields["group_filter"], "group_filter") ?? behaviour.groupFilterWorks
        seed.behaviour = behaviour
    }
}
