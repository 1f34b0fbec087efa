/// What was looked at, in order, and what was found.
package struct Diagnosis: Hashable, Sendable {
    /// How one thing stands.
    package enum Status: String, Hashable, Sendable {
        /// As it should be.
        case ok
        /// It works, and should be looked at.
        case warning
        /// It keeps runs from doing their work.
        case problem
    }

    /// One thing that was looked at.
    package struct Finding: Hashable, Sendable {
        /// What was looked at, in a word: `configuration`, `policy`, `credentials`, `session`, `group`, `ledger`, `clock`.
        package var check: String
        /// Which one; nil where there is only one.
        package var subject: String?
        /// How it stands.
        package var status: Status
        /// What was seen, in a sentence; may hold text from strangers.
        package var message: String
        /// How to mend it; nil where nothing has to be.
        package var remedy: String?

        /// Describes a finding.
        package init(
            _ check: String, of subject: String? = nil, _ status: Status, _ message: String, remedy: String? = nil
        ) {
            self.check = check
            self.subject = subject
            self.status = status
            self.message = message
            self.remedy = remedy
        }
    }

    /// The findings, in the order in which one thing depends on another.
    package var findings: [Finding] = []

    /// Has looked at nothing.
    package init() {}

    /// Whether something keeps runs from doing their work.
    package var hasProblems: Bool { findings.contains { $0.status == .problem } }

    /// As people read it: what is as it should be in a line each, the rest with its remedy.
    package func text(_ painter: Painter) -> String {
        var table = TextTable(width: painter.width)
        for finding in findings {
            let subject = finding.subject.map { " \($0)" } ?? ""
            table.add([
                finding.status.rawValue, "\(finding.check)\(subject)".defusedForTerminal,
                finding.message.defusedForTerminal,
            ])
        }
        var lines: [String] = []
        for (finding, cells) in zip(findings, table.lines()) {
            lines.append(painter.paint(cells[0], finding.status.style) + cells[1] + cells[2])
            if let remedy = finding.remedy {
                let line = "         → \(remedy.defusedForTerminal)"
                lines.append(painter.paint(painter.line(line, hanging: 11), .faint))
            }
        }
        let counts = [Status.problem, .warning].map { status in (status, findings.count { $0.status == status }) }
        let told = counts.filter { $0.1 > 0 }.map { "\($0.1) \($0.0.rawValue)\($0.1 == 1 ? "" : "s")" }
        let summary = told.isEmpty ? "All is well." : told.joined(separator: ", ") + "."
        return (lines + ["", painter.paint(summary, .strong)]).joined(separator: "\n") + "\n"
    }

    /// As machines read it.
    package var json: JSONText {
        .object([
            "ok": .boolean(!hasProblems),
            "findings": .list(
                findings.map { finding in
                    .object([
                        "check": .string(finding.check), "subject": .string(finding.subject),
                        "status": .string(finding.status.rawValue), "message": .string(finding.message),
                        "remedy": .string(finding.remedy),
                    ])
                }),
        ])
    }
}

extension Diagnosis.Status {
    fileprivate var style: TextStyle {
        switch self {
        case .ok: .added
        case .warning: .caution
        case .problem: .removed
        }
    }
}
