import Core

/// A text whose parts in backticks are shown as code.
struct Passage {
    let pieces: [Piece]

    /// Plain text or code, never both.
    struct Piece {
        let plain: String?
        let code: String?
    }

    init(_ text: String) {
        let parts = text.split(separator: "`", omittingEmptySubsequences: false).map(String.init)
        // With an odd number of backticks, nothing is code.
        guard parts.count % 2 == 1 else {
            pieces = [Piece(plain: text, code: nil)]
            return
        }
        pieces = parts.enumerated().map { $0 % 2 == 0 ? Piece(plain: $1, code: nil) : Piece(plain: nil, code: $1) }
    }
}

/// One link in the list of sections.
struct SectionLink {
    let id: String
    let title: String
}

/// One key figure at the top of a page.
struct Tile {
    let label: String
    let figure: String
    let remark: String
    /// The CSS class; nil if nothing is wrong.
    let mark: String?
}

/// A list with an introduction and a note on what it leaves out.
struct ListParts<Row> {
    let intro: String
    let rows: [Row]
    let more: String?

    /// Shows at most `limit` rows; `more` describes the number left out.
    init(intro: String, rows: [Row], limit: Int, more: (Int) -> String) {
        self.intro = intro
        self.rows = Array(rows.prefix(limit))
        self.more = rows.count > limit ? more(rows.count - limit) : nil
        hasRows = !rows.isEmpty
    }

    /// Shows all rows, of a list that has `left` more.
    init(intro: String, rows: [Row], more left: Int, words: (Int) -> String) {
        self.intro = intro
        self.rows = rows
        more = left > 0 ? words(left) : nil
        hasRows = !rows.isEmpty
    }

    let hasRows: Bool
}

/// The parts of a page around its content.
struct PageFrame {
    let version: String
    let madeAt: String
    let style: String
    let styleSource: String
    let title: String
    let heading: String
    let lead: String
    let notes: [String]

    /// Creates the frame of a page made at `now` by a version of the program.
    init(
        heading: String, title: String, lead: String, notes: [String], style: PageStyle, madeAt now: Timestamp,
        version: String
    ) {
        self.version = version
        madeAt = now.momentWords
        self.style = style.text
        styleSource = style.source
        self.title = title
        self.heading = heading
        self.lead = lead
        self.notes = notes
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
        var digits = String(magnitude)
        var groups: [String] = []
        while digits.count > 3 {
            groups.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        groups.insert(digits, at: 0)
        return (self < 0 ? "−" : "") + groups.joined(separator: ",")
    }

    /// Returns the number with its noun, for example `1 group` or `2 groups`.
    func words(_ noun: String, _ plural: String? = nil) -> String {
        "\(words) \(self == 1 ? noun : plural ?? noun + "s")"
    }

    /// The number with its sign, for example `+3` or `−2`; `0` has none.
    var signedWords: String { self > 0 ? "+\(words)" : words }
}
