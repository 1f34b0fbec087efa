/// An injected fault: which requests it affects, how often, and how.
package struct FaultRule: Hashable, Sendable {
    /// The method; nil matches all.
    package var method: String?
    /// The path without its query, as received; `*` matches any characters, also slashes.
    package var path: String
    /// The number of matching requests that pass first.
    package var skip: Int = 0
    /// The number of matching requests that it affects after that; nil affects all.
    package var count: Int? = 1
    /// What happens to them.
    package var fault: Fault
}

/// What goes wrong with a request.
package enum Fault: Hashable, Sendable {
    /// Refuses the request with a status; it has no effect.
    case status(Int, code: String, retryAfter: RetryAfter? = nil)
    /// Serves the request, then answers with an error status anyway.
    case statusAfterEffect(Int, code: String)
    /// Serves the request, but delays the answer.
    case delay(milliseconds: Int64)
    /// Serves the request, and replaces its body with this text.
    case garbage(String)
    /// Serves the request, and replaces its body with these bytes, still labelled as JSON.
    case garbageBytes([UInt8])
    /// Serves the request, and sends its body as gzip that unpacks to this many MiB of spaces and then the body.
    case gzipBomb(megabytes: Int)
    /// Serves the request, and replaces fields of the body: all with this name, or only the first.
    case change([AnswerChange], onlyFirst: Bool = false)
    /// Serves the request, and always adds a next page.
    case endlessPages(EndlessPages)
    /// Redirects the request; it has no effect.
    case redirect(to: String)
    /// Resets the connection instead of answering, before or after the request has its effect.
    case reset(afterEffect: Bool)
    /// Never answers, before or after the request has its effect; the client must give up.
    case hang(afterEffect: Bool)
    /// Serves the request, but closes the connection after this many bytes of the body.
    case truncate(bytes: Int)
    /// Serves the request, and sends its body byte by byte with a pause before each.
    case drip(milliseconds: Int64)
}

/// A field to replace wherever it occurs in an answer.
package struct AnswerChange: Hashable, Sendable {
    /// The field's name; an answer without this field stays as it is.
    package var field: String
    /// The new value, written as it is: usually JSON, but any text works.
    package var json: String

    /// Describes a change.
    package init(_ field: String, to json: String) {
        self.field = field
        self.json = json
    }
}

/// What an endless list shows; each page has a new cursor.
package enum EndlessPages: String, Hashable, Sendable, CaseIterable {
    /// The true pages, then empty ones.
    case empty
    /// The first page again and again.
    case repeated
}

/// The active rules, with a count of the requests they matched.
struct FaultRegistry: Sendable {
    private var rules: [(rule: FaultRule, seen: Int)] = []

    /// Creates a registry with rules in the order in which they are tried.
    init(_ rules: [FaultRule] = []) { self.rules = rules.map { ($0, 0) } }

    /// Adds a rule at the end.
    mutating func add(_ rule: FaultRule) { rules.append((rule, 0)) }

    /// Counts a request for every rule that it matches; returns the first fault that affects it.
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

    /// Returns whether a path matches a pattern with stars; takes at most time proportional to the product of lengths.
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
