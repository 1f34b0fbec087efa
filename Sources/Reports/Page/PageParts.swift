/// A text of this program in which backticks set off what is to be typed.
struct Passage {
    let pieces: [Piece]

    /// Plain text or code; exactly one is there.
    struct Piece {
        let plain: String?
        let code: String?
    }

    init(_ text: String) {
        let parts = text.split(separator: "`", omittingEmptySubsequences: false).map(String.init)
        // An odd backtick sets off nothing.
        guard parts.count % 2 == 1 else {
            pieces = [Piece(plain: text, code: nil)]
            return
        }
        pieces = parts.enumerated().map { $0 % 2 == 0 ? Piece(plain: $1, code: nil) : Piece(plain: nil, code: $1) }
    }
}

/// One entry of the list of sections.
struct SectionLink {
    let id: String
    let title: String
}

/// One figure that comes first.
struct Tile {
    let label: String
    let figure: String
    let remark: String
    /// The class by which it is set off; nil where nothing is amiss.
    let mark: String?
}

/// A list with what is said before it, and what it leaves out.
struct ListParts<Row> {
    let intro: String
    let rows: [Row]
    let more: String?

    /// Shows at most so many rows.
    init(intro: String, rows: [Row], limit: Int, more: (Int) -> String) {
        self.intro = intro
        self.rows = Array(rows.prefix(limit))
        self.more = rows.count > limit ? more(rows.count - limit) : nil
        hasRows = !rows.isEmpty
    }

    /// Shows all of the rows, which are the first of a list that has so many more.
    init(intro: String, rows: [Row], more left: Int, words: (Int) -> String) {
        self.intro = intro
        self.rows = rows
        more = left > 0 ? words(left) : nil
        hasRows = !rows.isEmpty
    }

    let hasRows: Bool
}
