import Core
import LocatedYAML

extension SeedReader {
    /// Reads an injected fault.
    mutating func readFault(_ node: YAMLNode) {
        let known =
            ["method", "path", "skip", "count"] + Self.faultKinds
            + ["code", "retry_after", "retry_after_date", "after_effect", "only_first"]
        guard let fields = fields(of: node, "a fault", known: known) else { return }
        guard let path = text(fields["path"], "path"), let fault = fault(node, fields) else {
            if fields["path"] == nil { report(node, "the fault has no path; add path: with * for any characters") }
            return
        }
        var rule = FaultRule(method: text(fields["method"], "method"), path: path, fault: fault)
        rule.skip = integer(fields["skip"], "skip", in: 0...1_000_000_000) ?? 0
        if let count = fields["count"] {
            rule.count = count.hasText("all") ? nil : integer(count, "count", in: 1...1_000_000_000)
        }
        seed.faults.append(rule)
    }

    /// The keys for the kind of fault; each fault has exactly one of them.
    private static let faultKinds = [
        "status", "delay", "garbage", "garbage_bytes", "gzip_bomb", "change", "endless", "redirect", "reset", "hang",
        "truncate", "drip",
    ]

    private mutating func fault(_ node: YAMLNode, _ fields: [String: YAMLNode]) -> Fault? {
        let named = Self.faultKinds.filter { fields[$0] != nil }
        guard let kind = named.first, named.count == 1 else {
            report(
                node, "a fault needs exactly one of \(Self.faultKinds.joined(separator: ", ")), but has \(named.count)")
            return nil
        }
        let value = fields[kind]
        switch kind {
        case "status": return status(value, fields)
        case "delay": return integer(value, kind, in: 0...86_400_000).map { .delay(milliseconds: Int64($0)) }
        case "drip": return integer(value, kind, in: 0...60_000).map { .drip(milliseconds: Int64($0)) }
        case "truncate": return integer(value, kind, in: 0...1_000_000_000).map { .truncate(bytes: $0) }
        case "gzip_bomb": return integer(value, kind, in: 1...10_000).map { .gzipBomb(megabytes: $0) }
        case "reset": return choice(value, EffectMoment.self).map { .reset(afterEffect: $0 == .after) }
        case "hang": return choice(value, EffectMoment.self).map { .hang(afterEffect: $0 == .after) }
        case "endless": return choice(value, EndlessPages.self).map { .endlessPages($0) }
        case "garbage": return text(value, kind).map { .garbage($0) }
        case "garbage_bytes": return hexadecimal(value, kind).map { .garbageBytes($0) }
        case "redirect": return text(value, kind).map { .redirect(to: $0) }
        default: return changes(value, kind, onlyFirst: boolean(fields["only_first"], "only_first") ?? false)
        }
    }

    private mutating func status(_ node: YAMLNode?, _ fields: [String: YAMLNode]) -> Fault? {
        guard let status = integer(node, "status", in: 400...599) else { return nil }
        let code = text(fields["code"], "code") ?? "internal_error"
        if boolean(fields["after_effect"], "after_effect") ?? false { return .statusAfterEffect(status, code: code) }
        let day = 86_400
        let seconds = integer(fields["retry_after"], "retry_after", in: 0...day)
        let date = integer(fields["retry_after_date"], "retry_after_date", in: -day...day)
        return .status(
            status, code: code, retryAfter: date.map { .date(secondsFromNow: $0) } ?? seconds.map { .seconds($0) })
    }

    /// Returns the new values by field name; each text is used as it is.
    private mutating func changes(_ node: YAMLNode?, _ what: String, onlyFirst: Bool) -> Fault? {
        var changes: [AnswerChange] = []
        for (name, value) in entries(node, what) {
            guard let json = value.isNull ? "null" : text(value, "the new value of '\(name.text)'") else { continue }
            changes.append(AnswerChange(name.text, to: json))
        }
        return .change(changes, onlyFirst: onlyFirst)
    }

    /// Returns bytes written as pairs of hexadecimal digits.
    private mutating func hexadecimal(_ node: YAMLNode?, _ what: String) -> [UInt8]? {
        guard let node else { return nil }
        let digits = node.kind == .scalar ? node.text.utf8.filter { $0 != UInt8(ascii: " ") } : []
        let values = digits.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
        guard node.kind == .scalar, values.count == digits.count, values.count.isMultiple(of: 2) else {
            report(node, "\(what) must be pairs of hexadecimal digits, like 5b ff fe 5d")
            return nil
        }
        return stride(from: 0, to: values.count, by: 2).map { UInt8(values[$0] << 4 | values[$0 + 1]) }
    }

    /// When a connection ends.
    private enum EffectMoment: String, CaseIterable {
        /// Before the request has any effect.
        case before
        /// After the request takes effect.
        case after
    }
}
