/// A fault on demand: which requests it meets, how often, and what happens to them.
package struct FaultRule: Hashable, Sendable {
    /// The method; nil meets all.
    package var method: String?
    /// The path without its query as received, where `*` stands for any characters, slashes too.
    package var path: String
    /// So many matching requests pass first.
    package var skip: Int
    /// So many matching requests are met after that; nil meets all.
    package var count: Int?
    /// What happens to them.
    package var fault: Fault

    /// Describes a rule, by default one that meets the first matching request alone.
    package init(method: String? = nil, path: String, skip: Int = 0, count: Int? = 1, fault: Fault) {
        self.method = method
        self.path = path
        self.skip = skip
        self.count = count
        self.fault = fault
    }
}

/// What goes wrong with a request.
package enum Fault: Hashable, Sendable {
    /// The request is refused with a status before it has any effect.
    case status(Int, code: String, retryAfter: RetryAfter? = nil)
    /// The request takes effect, and is then answered with a status all the same.
    case statusAfterEffect(Int, code: String)
    /// The request is served, but the answer waits.
    case delay(milliseconds: Int64)
    /// The request is served, and its body replaced by this text.
    case garbage(String)
    /// The request is served, and its body replaced by bytes that are called JSON all the same.
    case garbageBytes([UInt8])
    /// The request is served, and its body sent as gzip, which unpacks to so many MiB of spaces before the body itself.
    case gzipBomb(megabytes: Int)
    /// The request is served, and fields of the body get other values: all of a name, or the first of each name only.
    case change([AnswerChange], onlyFirst: Bool = false)
    /// The request is served, and the page it answers has a successor whatever comes.
    case endlessPages(EndlessPages)
    /// The request has no effect and is sent elsewhere.
    case redirect(to: String)
    /// The connection is reset instead of an answer, before the request has any effect or after it.
    case reset(afterEffect: Bool)
    /// The request is never answered, before it has any effect or after it; the client has to give up.
    case hang(afterEffect: Bool)
    /// The request is served, but the connection is closed after so many bytes of the body.
    case truncate(bytes: Int)
    /// The request is served, and its body sent byte for byte with a pause before each.
    case drip(milliseconds: Int64)
}

/// A field that gets another value wherever it stands in an answer.
package struct AnswerChange: Hashable, Sendable {
    /// The field's name; where an answer has no such field, nothing is added.
    package var field: String
    /// What stands in the place of its value, as it is: JSON as a rule, but anything will do.
    package var json: String

    /// Describes a change.
    package init(_ field: String, to json: String) {
        self.field = field
        self.json = json
    }
}

/// What a list without an end shows; each of its pages names a cursor that no page named before.
package enum EndlessPages: String, Hashable, Sendable, CaseIterable {
    /// After the true pages, empty ones.
    case empty
    /// The first page again and again.
    case repeated
}

/// The rules in force, with what they have met so far.
struct FaultBook: Sendable {
    private var rules: [(rule: FaultRule, seen: Int)] = []

    /// Takes rules in the order in which they are tried.
    init(_ rules: [FaultRule] = []) { self.rules = rules.map { ($0, 0) } }

    /// Adds a rule after the others.
    mutating func add(_ rule: FaultRule) { rules.append((rule, 0)) }

    /// Counts a request against every rule that it matches; answers the first fault that meets it.
    mutating func fault(method: String, path: String) -> Fault? {
        guard !rules.isEmpty else { return nil }
        let bare = Array(path.utf8.prefix { $0 != UInt8(ascii: "?") })
        var met: Fault?
        for index in rules.indices {
            let (rule, seen) = rules[index]
            guard rule.method == nil || rule.method == method, Self.matches(bare, pattern: Array(rule.path.utf8))
            else { continue }
            rules[index].seen = min(seen + 1, Int.max - 1)
            let inRange = seen >= rule.skip && (rule.count.map { seen - rule.skip < $0 } ?? true)
            if inRange, met == nil { met = rule.fault }
        }
        return met
    }

    /// Whether a path fits a pattern with stars, in time proportional to the product of their lengths at worst.
    static func matches(_ path: [UInt8], pattern: [UInt8]) -> Bool {
        var (inPath, inPattern) = (0, 0)
        var (star, resume) = (-1, 0)
        while inPath < path.count {
            if inPattern < pattern.count, pattern[inPattern] == UInt8(ascii: "*") {
                star = inPattern
                resume = inPath
                inPattern += 1
            } else if inPattern < pattern.count, pattern[inPattern] == path[inPath] {
                inPath += 1
                inPattern += 1
            } else if star >= 0 {
                resume += 1
                inPath = resume
                inPattern = star + 1
            } else {
                return false
            }
        }
        return pattern[inPattern...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
