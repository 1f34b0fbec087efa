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
