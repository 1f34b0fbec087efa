import Core
package import Reconciliation

/// A plan as a pull request comment: a table of changes, then a folded block for each group.
///
/// It stays below the maximum length of a comment and says how much it leaves out.
package struct PlanMarkdown: Sendable {
    private let numbers: NumberDisplay

    /// The most characters in the text; GitHub refuses comments above 65,536.
    package static let maxCharacters = 59_000

    /// The first line, so a later run can find its comment.
    package static let mark = "<!-- rollcall plan -->"

    /// The most characters of the summary table and of one group, so that neither crowds out the rest.
    private static let maxForTable = 20_000
    private static let maxForGroup = 20_000

    /// The most characters of one text in a table row.
    private static let maxOfText = 400

    /// Creates the text; `numbers` says whether phone numbers are masked.
    package init(numbers: NumberDisplay) { self.numbers = numbers }

    /// Returns the whole text, with a final line break.
    package func render(_ plan: Plan) -> String {
        let groups = plan.groups.filter(PlanText.isWorthShowing)
        var text = BoundedText(limit: Self.maxCharacters)
        text.append("\(Self.mark)\n### \(PlanText.summary(of: plan).escapedForMarkdown)\n")
        for cause in plan.causeSentences { text.append("\n**\(shown(cause))**\n") }
        let losses = plan.lossSentences
        if !losses.isEmpty { text.append("\n" + losses.map { "- \(shown($0))\n" }.joined()) }
        if !groups.isEmpty { text.append("\n" + table(of: groups)) }
        // Reserves room for the note on what is left out.
        text.limit -= 200
        var leftOut = 0
        for group in groups where leftOut > 0 || !text.append("\n" + block(of: group)) { leftOut += 1 }
        text.limit += 200
        if leftOut > 0 {
            text.append("\n*and \(leftOut) more group\(leftOut == 1 ? "" : "s"); `rollcall plan` shows them all*\n")
        }
        text.append(
            "\n<sub>`+` add · `^` promote · `v` demote · `-` remove · `~` blocked or sent · policy \(digest(of: plan))</sub>\n"
        )
        return text.content
    }

    private func digest(of plan: Plan) -> String { "`\(plan.policyDigest.dropFirst("sha256:".count).prefix(12))`" }

    private func table(of groups: [GroupPlan]) -> String {
        var text = BoundedText(limit: Self.maxForTable)
        text.append(
            "| group | add | promote | demote | remove | blocked | |\n| :-- | --: | --: | --: | --: | --: | :-- |\n")
        var leftOut = 0
        for group in groups {
            let counts = Operation.allCases.map { operation in group.actions.count { $0.operation == operation } }
            let cells = (counts + [group.holds.count(where: \.isNews)]).map { $0 == 0 ? "" : "\($0)" }
            let row = "| \(name(of: group)) | \(cells.joined(separator: " | ")) | \(flag(of: group)) |\n"
            if leftOut > 0 || !text.append(row) { leftOut += 1 }
        }
        return text.content + (leftOut > 0 ? "\n*and \(leftOut) more in the table*\n" : "")
    }

    private func flag(of group: GroupPlan) -> String {
        group.trouble.map { $0 == "warning" ? $0 : "**\($0)**" } ?? ""
    }

    /// Returns the name inside an HTML tag, where Markdown's escapes have no effect.
    private func title(of group: GroupPlan) -> String {
        let name = group.name ?? "(no name)"
        return numbers.text(in: name).cut(to: Self.maxOfText).escapedForHTMLInMarkdown
    }

    private func name(of group: GroupPlan) -> String { shown(group.name ?? "(no name)") }

    private func block(of group: GroupPlan) -> String {
        let size = group.size.map { " · \($0) member\($0 == 1 ? "" : "s")" } ?? ""
        let id = numbers.text(in: group.key.group.jid)
        var text = BoundedText(limit: Self.maxForGroup)
        text.append("<details><summary><b>\(title(of: group))</b> · <code>\(id)</code>\(size)</summary>\n\n")
        if let fault = group.fault {
            text.append("- **\(fault.word)** \(shown(fault.message))\n")
        }
        for warning in group.warnings {
            let who = warning.phone.map { number($0) + " " } ?? ""
            text.append("- **warning** \(who)\(shown(warning.message))\n")
        }
        let isListed = group.fault != nil || !group.warnings.isEmpty
        let rows = group.actions.map(row) + group.holds.filter { !$0.isRoutine }.map(row)
        var leftOut = 0
        if !rows.isEmpty {
            text.append("\(isListed ? "\n" : "")| | who | | why |\n| :-- | :-- | :-- | :-- |\n")
            for row in rows where leftOut > 0 || !text.append(row) { leftOut += 1 }
        }
        if leftOut > 0 { text.limit += 200 }
        if leftOut > 0 { text.append("\n*and \(leftOut) more in this group*\n") }
        return text.content + "\n</details>\n"
    }

    private func row(_ action: PlannedAction) -> String {
        let why = [shown("\(action.source)"), action.reason.map(shown)].compactMap(\.self).joined(separator: ": ")
        let person = action.person.map(shown) ?? ""
        return
            "| `\(action.operation.symbol)` \(action.operation.rawValue) | \(action.phone.map(number) ?? "LID") | \(person) | \(why) |\n"
    }

    private func row(_ hold: Hold) -> String {
        let who = hold.phone.map(number) ?? hold.lid.map { _ in "LID" } ?? ""
        let person = hold.person.map(shown) ?? ""
        let word = hold.isAwaited ? "sent: \(hold.label)" : hold.label
        return "| `~` \(word.escapedForMarkdown) | \(who) | \(person) | \(shown(hold.message)) |\n"
    }

    private func number(_ phone: PhoneNumber) -> String { numbers.text(phone).escapedForMarkdown }

    private func shown(_ text: String) -> String { numbers.text(in: text).cut(to: Self.maxOfText).escapedForMarkdown }
}

/// A text that accepts only whole pieces, up to a limit.
private struct BoundedText {
    private(set) var content = ""
    private var length = 0
    var limit: Int

    init(limit: Int) { self.limit = limit }

    /// Appends a piece if it fits; returns whether it did.
    @discardableResult
    mutating func append(_ piece: String) -> Bool {
        // The strictest count of a comment's length is in UTF-16 units.
        let size = piece.utf16.count
        guard length + size <= limit else { return false }
        content += piece
        length += size
        return true
    }
}
