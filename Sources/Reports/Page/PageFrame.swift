import Membership

/// What stands around the content of every page.
struct PageFrame {
    let version: String
    let madeAt: String
    let style: String
    let styleSource: String
    let title: String
    let heading: String
    let lead: String
    let notes: [String]

    /// Frames a page that is made at a moment by a version of the program.
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
