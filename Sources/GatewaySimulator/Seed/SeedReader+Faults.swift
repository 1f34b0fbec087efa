import Core
import LocatedYAML

extension SeedReader {
    /// Reads an injected fault.
    mutating func readFault(_ node: YAMLNode) {
        let known =
            "method path skip count \(Self.faultKinds) code retry_after retry_after_date after_effect only_first"
        guard let fields = fields(of: node, "a fault", known: known) else { return }
        guard let path = text(fields, "path"), let fault = fault(node, fields) else {
            if fields["path"] == nil { report(node, "the fault has no path; add path: with * for any characters") }
            return
        }
        var rule = FaultRule(method: text(fields, "method"), path: path, fault: fault)
        rule.skip = integer(fields, "skip", in: 0...1_000_000_000) ?? 0
        if let count = fields["count"] {
            rule.count = count.hasText("all") ? nil : integer(fields, "count", in: 1...1_000_000_000)
        }
        seed.faults.append(rule)
    }

    /// The keys for the kind of fault; each fault has exactly one of them.
    private static let faultKinds =
        "status delay garbage garbage_bytes gzip_bomb change endless redirect reset hang truncate drip"

    private mutating func fault(_ node: YAMLNode, _ fields: [String: YAMLNode]) -> Fault? {
        let kinds = Self.faultKinds.split(separator: " ").map(String.init)
        let named = kinds.filter { fields[$0] != nil }
        guard let kind = named.first, named.count == 1, let value = fields[kind] else {
            report(node, "a fault needs exactly one of \(kinds.joined(separator: ", ")), but has \(named.count)")
            return nil
        }
        switch kind {
        case "status": return status(fields)
        case "delay": return integer(fields, kind, in: 0...86_400_000).map { .delay(milliseconds: $0) }
        case "drip": return integer(fields, kind, in: 0...60_000).map { .drip(milliseconds: $0) }
        case "truncate": return integer(fields, kind, in: 0...1_000_000_000).map { .truncate(bytes: $0) }
        case "gzip_bomb": return integer(fields, kind, in: 1...10_000).map { .gzipBomb(megabytes: $0) }
        case "reset": return choice(value).map { (moment: EffectMoment) in .reset(afterEffect: moment == .after) }
        case "hang": return choice(value).map { (moment: EffectMoment) in .hang(afterEffect: moment == .after) }
        case "endless": return choice(value).map { .endlessPages($0) }
        case "garbage": return text(fields, kind).map { .garbage($0) }
        case "garbage_bytes": return hexadecimal(value, kind).map { .garbageBytes($0) }
        case "redirect": return text(fields, kind).map { .redirect(to: $0) }
        default: return changes(fields, kind)
        }
    }

    private mutating func status(_ fields: [String: YAMLNode]) -> Fault? {
        guard let status = integer(fields, "status", in: 400...599) else { return nil }
        let code = text(fields, "code") ?? "internal_error"
        if boolean(fields, "after_effect") ?? false { return .statusAfterEffect(status, code: code) }
        let day = 86_400
        let seconds = integer(fields, "retry_after", in: 0...day)
        let date = integer(fields, "retry_after_date", in: -day...day)
        return .status(
            status, code: code, retryAfter: date.map { .date(secondsFromNow: $0) } ?? seconds.map { .seconds($0) })
    }

    /// Returns the new values by field name; each text is used as it is.
    private mutating func changes(_ fields: [String: YAMLNode], _ kind: String) -> Fault {
        let changes = entries(fields, kind).map { name, value in
            let what = "the new value of '\(name.text)'"
            return AnswerChange(name.text, to: value.isNull ? "null" : text([what: value], what) ?? "")
        }
        return .change(changes, onlyFirst: boolean(fields, "only_first") ?? false)
    }

    /// Returns bytes written as pairs of hexadecimal digits.
    private mutating func hexadecimal(_ node: YAMLNode, _ what: String) -> [UInt8]? {
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
