import Core
import Reconciliation
import RunLedger

extension RunNotice {
    /// The most groups in a text, and the most characters in a line.
    private static let maxGroupsOfText = 10
    private static let maxOfLine = 300

    /// Returns the notice as a few lines of text, escaped for a terminal.
    package func text() -> String {
        var lines = ["rollcall \(command) on \(host): \(status.word), exit code \(exitCode)"]
        if outcome != nil { lines.append(summary) }
        let noticed = groups.compactMap(NoticedGroup.init)
        lines += noticed.prefix(Self.maxGroupsOfText).map(\.line)
        if noticed.count > Self.maxGroupsOfText {
            lines.append("and \((noticed.count - Self.maxGroupsOfText).words("group")) more")
        }
        lines += errors.prefix(Self.maxErrors).map(Self.masked)
        if errors.count > Self.maxErrors { lines.append("and \((errors.count - Self.maxErrors).words) more") }
        if let run { lines.append("rollcall show \(run)") }
        return lines.map { $0.escapedForTerminal.cut(to: Self.maxOfLine) }.joined(separator: "\n")
    }

    private var summary: String {
        let nothing = tally.changes.total == 0 ? ["nothing changed"] : []
        let parts = nothing + tally.noticeWords(withheld: withheld, errors: tally.errors)
        return "\(parts.joined(separator: ", ")); \(groups.count.words("group"))"
    }

    /// Returns the notice for Slack and compatible chats: one text without mentions and links.
    package func slack() -> String {
        JSONText.object([
            "text": .string(text().escapedForChat), "unfurl_links": .boolean(false), "unfurl_media": .boolean(false),
        ]).line()
    }
}

extension NoticedGroup {
    fileprivate var line: String {
        // Without actions, the status and the reason say what is wrong.
        let parts = tally.noticeWords(withheld: withheld, errors: outcome.actions.isEmpty ? 0 : tally.errors)
        let what = parts.isEmpty ? outcome.status.word : parts.joined(separator: ", ")
        return "• \(name): \(what)" + (reason.map { " – \($0)" } ?? "")
    }
}

extension RunTally {
    /// Returns the changes made, the removals and demotions blocked, and the errors.
    fileprivate func noticeWords(withheld: Int, errors: Int) -> [String] {
        var parts = changes.words(isPlan: false)
        if withheld > 0 { parts.append("\(withheld.words) blocked") }
        if errors > 0 { parts.append("\(errors.words) not done or with an unknown result") }
        return parts
    }
}

extension String {
    /// The text escaped for a chat: Slack's three special characters are replaced, and an invisible joiner breaks
    /// mentions, channels, links and pictures.
    ///
    /// Text in backticks is escaped too, since the backticks may be untrusted.
    var escapedForChat: String {
        withoutLinks.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("@", with: "@" + Self.joiner).replacing("](", with: "]" + Self.joiner + "(")
            .replacing("://", with: ":" + Self.joiner + "//")
    }

    private static let joiner = "\u{2060}"

    private var withoutLinks: String {
        var result = UnicodeScalarView()
        var before: Unicode.Scalar = " "
        for scalar in unicodeScalars {
            // A host name has a letter after a full stop; a channel begins with # or ~.
            let mayLink = before == "." && scalar.properties.isAlphabetic
            let mayName = (before == "#" || before == "~") && !scalar.properties.isWhitespace
            if mayLink || mayName { result.append(contentsOf: Self.joiner.unicodeScalars) }
            result.append(scalar)
            before = scalar
        }
        return String(result)
    }
}
