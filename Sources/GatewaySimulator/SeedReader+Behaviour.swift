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

    /// A fault on demand.
    mutating func readFault(_ node: YAMLNode) {
        let known = [
            "method", "path", "skip", "count", "status", "code", "retry_after", "after_effect", "delay", "garbage",
            "redirect", "reset", "truncate", "drip",
        ]
        guard let fields = fields(of: node, "a fault", known: known) else { return }
        guard let path = text(fields["path"], "path"), let fault = fault(node, fields) else {
            if fields["path"] == nil { report(node, "the fault meets no path; add path: with * for any characters") }
            return
        }
        var rule = FaultRule(method: text(fields["method"], "method"), path: path, fault: fault)
        rule.skip = integer(fields["skip"], "skip", in: 0...1_000_000_000) ?? 0
        if let count = fields["count"] {
            rule.count = count.hasText("all") ? nil : integer(count, "count", in: 1...1_000_000_000)
        }
        seed.faults.append(rule)
    }

    private mutating func fault(_ node: YAMLNode, _ fields: [String: YAMLNode]) -> Fault? {
        let kinds = ["status", "delay", "garbage", "redirect", "reset", "truncate", "drip"]
        let named = kinds.filter { fields[$0] != nil }
        guard named.count == 1 else {
            report(node, "a fault needs just one of \(kinds.joined(separator: ", ")), but has \(named.count)")
            return nil
        }
        if let status = integer(fields["status"], "status", in: 400...599) {
            let code = text(fields["code"], "code") ?? "internal_error"
            if boolean(fields["after_effect"], "after_effect") ?? false {
                return .statusAfterEffect(status, code: code)
            }
            let retryAfter = integer(fields["retry_after"], "retry_after", in: 0...86_400)
            return .status(status, code: code, retryAfter: retryAfter)
        }
        if let milliseconds = integer(fields["delay"], "delay", in: 0...86_400_000) {
            return .delay(milliseconds: Int64(milliseconds))
        }
        if let milliseconds = integer(fields["drip"], "drip", in: 0...60_000) {
            return .drip(milliseconds: Int64(milliseconds))
        }
        if let bytes = integer(fields["truncate"], "truncate", in: 0...1_000_000_000) { return .truncate(bytes: bytes) }
        if let reset = choice(fields["reset"], ResetMoment.self) { return .reset(afterEffect: reset == .after) }
        if let garbage = text(fields["garbage"], "garbage") { return .garbage(garbage) }
        return text(fields["redirect"], "redirect").map { .redirect(to: $0) }
    }

    /// When a connection is reset.
    private enum ResetMoment: String, CaseIterable {
        /// Before the request has any effect.
        case before
        /// After the request took effect.
        case after
    }
}
