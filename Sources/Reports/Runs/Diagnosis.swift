/// The result of `rollcall doctor`: every check and what it found.
package struct Diagnosis: Hashable, Sendable {
    /// The result of one check.
    package enum Status: String, Hashable, Sendable {
        /// In order.
        case ok
        /// It works, but somebody should look at it.
        case warning
        /// It prevents runs.
        case problem
    }

    /// One check and its result.
    package struct Finding: Hashable, Sendable {
        /// The name of the check, such as `configuration`, `policy`, `session` or `clock`.
        package var check: String
        /// The thing checked, such as a session id; nil if there is only one.
        package var subject: String?
        /// The result.
        package var status: Status
        /// One sentence; may contain untrusted text.
        package var message: String
        /// How to fix it; nil if nothing is wrong.
        package var remedy: String?

        /// Creates a finding.
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

    /// The findings; a check comes after the checks that it depends on.
    package var findings: [Finding] = []

    /// Creates a diagnosis without findings.
    package init() {}

    /// Whether a problem prevents runs.
    package var hasProblems: Bool { findings.contains { $0.status == .problem } }

    /// Returns the text for people: one line for each finding, then its remedy if it has one.
    package func text(_ painter: Painter) -> String {
        var table = TextTable(width: painter.width)
        for finding in findings {
            let subject = finding.subject.map { " \($0)" } ?? ""
            table.add([
                finding.status.rawValue, "\(finding.check)\(subject)".escapedForTerminal,
                finding.message.escapedForTerminal,
            ])
        }
        var lines: [String] = []
        for (finding, cells) in zip(findings, table.lines()) {
            lines.append(painter.paint(cells[0], finding.status.style) + cells[1] + cells[2])
            if let remedy = finding.remedy {
                let line = "         → \(remedy.escapedForTerminal)"
                lines.append(painter.paint(painter.line(line, hanging: 11), .faint))
            }
        }
        let counts = [Status.problem, .warning].map { status in (status, findings.count { $0.status == status }) }
        let parts = counts.filter { $0.1 > 0 }.map { "\($0.1) \($0.0.rawValue)\($0.1 == 1 ? "" : "s")" }
        let summary = parts.isEmpty ? "No problems found." : parts.joined(separator: ", ") + "."
        return (lines + ["", painter.paint(summary, .strong)]).joined(separator: "\n") + "\n"
    }

    /// The JSON form.
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
