import Core
import Mustache

/// The values that a template shows, by the names that it uses; a name without a value shows nothing.
struct PageValues: MustacheParent, ExpressibleByDictionaryLiteral {
    // A list is smaller and faster than a dictionary: there are few names, and a page may have thousands of rows.
    private let members: [(name: String, value: Any)]

    init(dictionaryLiteral elements: (String, Any?)...) {
        members = elements.compactMap { name, value in value.map { (name, $0) } }
    }

    func child(named name: String) -> Any? { members.first { $0.name == name }?.value }
}

extension PageValues {
    /// A text whose parts in backticks are shown as code.
    static func passage(_ text: String) -> PageValues {
        let parts = text.split(separator: "`", omittingEmptySubsequences: false).map(String.init)
        // With an odd number of backticks, nothing is code.
        guard parts.count % 2 == 1 else { return ["pieces": [["plain": text]] as [PageValues]] }
        return ["pieces": parts.enumerated().map { [$0 % 2 == 0 ? "plain" : "code": $1] as PageValues }]
    }

    /// One key figure at the top of a page; `mark` is the CSS class, nil if nothing is wrong.
    static func tile(_ label: String, _ figure: String, _ remark: String, mark: String? = nil) -> PageValues {
        ["label": label, "figure": figure, "remark": remark, "mark": mark]
    }

    /// A list with an introduction; `more` describes the number of rows that it leaves out.
    static func list(
        intro: String, rows: [PageValues], leftOut: Int = 0, more: (Int) -> String = { _ in "" }
    ) -> PageValues {
        ["intro": intro, "rows": rows, "hasRows": !rows.isEmpty, "more": leftOut > 0 ? more(leftOut) : nil]
    }

    /// The parts of a page around its content, made at `now` by a version of the program.
    static func frame(
        heading: String, lead: String, notes: [String], style: PageStyle, madeAt now: Timestamp, version: String
    ) -> PageValues {
        [
            "heading": heading, "title": "\(heading), \(now.dayWords)", "lead": lead, "notes": notes,
            "style": style.text, "styleSource": style.source, "madeAt": now.momentWords, "version": version,
        ]
    }
}

extension Timestamp {
    /// The day, for example `4 Nov 2026`.
    var dayWords: String { date.words }

    /// The time of day in UTC to the minute, for example `02:15`.
    package var clockWords: String { String(iso8601.dropFirst(11).prefix(5)) }

    /// Returns the days from this one to another, for example `4 – 8 Nov 2026`.
    func words(through last: Timestamp) -> String {
        let (first, end) = (date, last.date)
        if first == end { return end.words }
        let (one, other) = (first.components, end.components)
        if one.year != other.year { return "\(first.words) – \(end.words)" }
        return "\(one.month == other.month ? String(one.day) : String(dayWords.dropLast(5))) – \(end.words)"
    }

    /// Day and time without the year.
    var shortMomentWords: String { "\(dayWords.dropLast(5)), \(clockWords)" }

    /// Day and time.
    var momentWords: String { "\(dayWords), \(clockWords)" }
}

extension CalendarDate {
    /// For example `4 Nov 2026`.
    var words: String {
        let (year, month, day) = components
        return "\(day) \(Self.months[month - 1].prefix(3)) \(year)"
    }

    /// For example `November 2026`.
    var monthWords: String { "\(Self.months[components.month - 1]) \(components.year)" }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
}

extension Int {
    /// The number with thousands separators, for example `12,345`.
    var words: String {
        guard magnitude >= 1_000 else { return self < 0 ? "−\(magnitude)" : "\(self)" }
        let rest = String(magnitude % 1_000)
        return "\((self / 1_000).words),\(String(repeating: "0", count: 3 - rest.count))\(rest)"
    }

    /// Returns the number with its noun, for example `1 group` or `2 groups`.
    func words(_ noun: String, _ plural: String? = nil) -> String {
        "\(words) \(self == 1 ? noun : plural ?? noun + "s")"
    }

    /// The number with its sign, for example `+3` or `−2`; `0` has none.
    var signedWords: String { self > 0 ? "+\(words)" : words }
}
