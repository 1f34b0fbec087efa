import Crypto
import Foundation

/// A page's style sheet: rules for all pages, then rules for this one, then both for small windows and print.
///
/// The files are in the folder `Templates`. Colours have a contrast of at least 4.5 to 1 for text and 3 to 1 for marks.
struct PageStyle {
    /// The style sheet.
    let text: String

    /// The digest that lets the page's content security policy accept this style sheet only.
    var source: String { "sha256-\(Data(SHA256.hash(data: Data(text.utf8))).base64EncodedString())" }

    /// The style of the ledger page: charts, and runs that unfold.
    static let ledger = PageStyle(PackageResources.ledger_css, media: PackageResources.ledger_media_css)
    /// The style of the plan page.
    static let plan = PageStyle(PackageResources.plan_css, media: PackageResources.plan_media_css)

    private init(_ rules: [UInt8], media: [UInt8]) {
        let files = [PackageResources.page_css, rules, PackageResources.page_media_css, media]
        text = files.map { String(decoding: $0, as: UTF8.self) }.joined()
    }
}
