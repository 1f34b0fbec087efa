import Mustache

/// The templates of the pages, by name.
///
/// Values in double braces are escaped for HTML; triple braces are only for values that this module creates.
enum PageTemplates {
    /// The library that lets templates include each other.
    private static let library: MustacheLibrary = {
        MustacheContentTypes.register(EscapedContent(), named: contentType)
        var library = MustacheLibrary()
        for (name, text) in texts {
            do {
                try library.register("{{% CONTENT_TYPE:\(contentType)}}\n" + text, named: name)
            } catch {
                // The texts are literals, and every test that renders a page parses them all.
                preconditionFailure("the template \(name) cannot be read: \(error)")
            }
        }
        return library
    }()

    /// Renders a template.
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

/// Escapes HTML like the rest of the program; the library misses a quotation mark with a combining mark.
private struct EscapedContent: MustacheContentType {
    func escapeText(_ text: String) -> String { text.escapedForHTML }
}
