import Mustache

/// The templates of the pages, by name.
///
/// Values in double braces are escaped for HTML; triple braces are only for values that this module creates.
enum PageTemplates {
    /// The library that lets templates include each other.
    private static let library: MustacheLibrary = {
        MustacheContentTypes.register(EscapedContent(), named: contentType)
        var library = MustacheLibrary()
        for (name, bytes) in files {
            do {
                try library.register(
                    "{{% CONTENT_TYPE:\(contentType)}}\n" + String(decoding: bytes, as: UTF8.self), named: name)
            } catch {
                // The files are part of the program, and every test that renders a page parses them all.
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

    /// The files in the folder `Templates`, which the package manager embeds.
    private static let files: [String: [UInt8]] = [
        "frame": PackageResources.frame_mustache, "tiles": PackageResources.tiles_mustache,
        "more": PackageResources.more_mustache, "passage": PackageResources.passage_mustache,
        "ledger-page": PackageResources.ledger_page_mustache, "overview": PackageResources.overview_mustache,
        "charts": PackageResources.charts_mustache, "chart": PackageResources.chart_mustache,
        "people": PackageResources.people_mustache, "failing": PackageResources.failing_mustache,
        "unseen": PackageResources.unseen_mustache, "withheld": PackageResources.withheld_mustache,
        "busiest": PackageResources.busiest_mustache, "flapping": PackageResources.flapping_mustache,
        "groups": PackageResources.groups_mustache, "runs": PackageResources.runs_mustache,
        "run": PackageResources.run_mustache, "plan-page": PackageResources.plan_page_mustache,
        "planned-group": PackageResources.planned_group_mustache, "count": PackageResources.count_mustache,
        "planned-person": PackageResources.planned_person_mustache,
    ]
}

/// Escapes HTML like the rest of the program; the library misses a quotation mark with a combining mark.
private struct EscapedContent: MustacheContentType {
    func escapeText(_ text: String) -> String { text.escapedForHTML }
}
