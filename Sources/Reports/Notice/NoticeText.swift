import Membership
import Reconciliation
import RunLedger

extension RunNotice {
    /// How many groups a text tells of, and how long the lines are.
    private static let mostGroupsOfText = 10
    private static let mostOfLine = 300

    /// The notice in a few lines for people, with nothing in it that steers a terminal.
    package func text() -> String {
        var lines = ["rollcall \(command) on \(host): \(status.rawValue), exit code \(exitCode)"]
        if outcome != nil { lines.append(summary) }
        let noticed = groups.compactMap(NoticedGroup.init)
        lines += noticed.prefix(Self.mostGroupsOfText).map(\.line)
        if noticed.count > Self.mostGroupsOfText {
            lines.append("and \((noticed.count - Self.mostGroupsOfText).words("group")) more")
        }
        lines += errors.prefix(Self.mostErrors).map(Self.told)
        if errors.count > Self.mostErrors { lines.append("and \((errors.count - Self.mostErrors).words) more") }
        if let run { lines.append("rollcall show \(run)") }
        return lines.map { $0.defusedForTerminal.cut(to: Self.mostOfLine) }.joined(separator: "\n")
    }

    private var summary: String {
        let nothing = tally.changes.total == 0 ? ["nothing changed"] : []
        let parts = nothing + tally.noticeWords(withheld: withheld, errors: tally.errors)
        return "\(parts.joined(separator: ", ")); \(groups.count.words("group"))"
    }

    /// The notice as Slack takes it, and those who copied it: one text, in which nobody is called and nothing is linked.
    package func slack() -> String {
        JSONText.object([
            "text": .string(text().defusedForChat), "unfurl_links": .boolean(false), "unfurl_media": .boolean(false),
        ]).line()
    }
}

extension NoticedGroup {
    fileprivate var line: String {
        // What is the matter with a whole group is told by its status and the reason.
        let parts = tally.noticeWords(withheld: withheld, errors: outcome.actions.isEmpty ? 0 : tally.errors)
        let what = parts.isEmpty ? outcome.status.rawValue : parts.joined(separator: ", ")
        return "• \(name): \(what)" + (reason.map { " – \($0)" } ?? "")
    }
}

extension RunTally {
    /// What was changed, what was held back of it, and what came out otherwise.
    fileprivate func noticeWords(withheld: Int, errors: Int) -> [String] {
        var parts = changes.words(isPlan: false)
        if withheld > 0 { parts.append("\(withheld.words) withheld") }
        if errors > 0 { parts.append("\(errors.words) not done or not certain") }
        return parts
    }
}

extension String {
    /// The text as it must be sent to a chat to be read there as it is: Slack's three characters are escaped, and what
    /// others take for a mention, a channel, a link or a picture is broken by a joiner that nobody sees.
    ///
    /// Code is no exception: which backticks are a stranger's cannot be told.
    var defusedForChat: String {
        withoutLinks.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("@", with: "@" + Self.joiner).replacing("](", with: "]" + Self.joiner + "(")
            .replacing("://", with: ":" + Self.joiner + "//")
    }

    private static let joiner = "\u{2060}"

    private var withoutLinks: String {
        var result = UnicodeScalarView()
        var before: Unicode.Scalar = " "
        for scalar in unicodeScalars {
            // A name of a host is letters around a full stop, a channel begins with one of two signs.
            let mayLink = before == "." && scalar.properties.isAlphabetic
            let mayName = (before == "#" || before == "~") && !scalar.properties.isWhitespace
            if mayLink || mayName { result.append(contentsOf: Self.joiner.unicodeScalars) }
            result.append(scalar)
            before = scalar
        }
        return String(result)
    }
}
