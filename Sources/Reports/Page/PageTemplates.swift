import Mustache

/// The templates of the pages, by name.
///
/// Whatever stands in double braces is defused for HTML; triple braces are for what this module itself has made.
enum PageTemplates {
    /// The library in which templates find each other.
    private static let library: MustacheLibrary = {
        MustacheContentTypes.register(DefusedContent(), named: contentType)
        var library = MustacheLibrary()
        for (name, text) in texts {
            do {
                try library.register("{{% CONTENT_TYPE:\(contentType)}}\n" + text, named: name)
            } catch {
                // The texts are literals of this module, and every test that renders a page reads them all.
                preconditionFailure("the template \(name) cannot be read: \(error)")
            }
        }
        return library
    }()

    /// Fills one of the templates.
    static func render(_ parts: Any, with template: String) -> String {
        guard let text = library.render(parts, withTemplate: template) else {
            preconditionFailure("there is no template \(template)")
        }
        return text
    }

    private static let contentType = "ROLLCALL"

    private static let texts = [
        "frame": frame, "tiles": tiles, "more": more, "passage": passage,
        "ledger-page": ledgerPage, "overview": overview, "charts": charts, "chart": chart, "people": people,
        "failing": failing, "unseen": unseen,
        "withheld": withheld, "busiest": busiest, "flapping": flapping, "groups": groups, "runs": runs, "run": run,
        "plan-page": planPage, "planned-group": plannedGroup, "count": count,
        "planned-person": plannedPerson,
    ]
}

/// Text in HTML as this program writes it anywhere: the library's own escaping passes over a quotation mark that carries
/// a combining mark.
private struct DefusedContent: MustacheContentType {
    func escapeText(_ text: String) -> String { text.defusedForHTML }
}
