import Core

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
