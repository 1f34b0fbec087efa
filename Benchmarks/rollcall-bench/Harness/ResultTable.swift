/// All results, as Markdown.
struct ResultTable {
    let sections: [Section]
    let machine: Machine
    let program: ProgramFacts
    let runs: Int
    let isQuick: Bool

    /// The table, and the machine it was measured on.
    var markdown: String {
        var lines = [machine.sentence, "", program.sentence, ""]
        if isQuick {
            lines += ["A quick run: a tenth of the work. The bars apply only to whole runs.", ""]
        } else {
            let count = runs == 1 ? "one run" : "at least \(runs) runs"
            lines += ["Medians of \(count); for memory, the maximum of all runs.", ""]
        }
        lines.append("| measured | result | least – most | yardstick | ratio | bar | met |")
        lines.append("| --- | ---: | ---: | --- | ---: | ---: | --- |")
        for section in sections {
            lines.append("| **\(section.title)** | | | | | | |")
            lines += section.rows.map(line)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func line(of row: Row) -> String {
        let verdict = isQuick ? "" : row.holds.map { $0 ? "yes" : "**no**" } ?? ""
        let cells = [
            row.what, row.figure.text, row.figure.values.count > 1 ? row.figure.range : "", row.yardstick ?? "",
            row.ratio ?? "", row.bar ?? "", verdict,
        ]
        return "| \(cells.joined(separator: " | ")) |"
    }
}
