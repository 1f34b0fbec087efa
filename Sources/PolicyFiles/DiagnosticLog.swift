import Core
import LocatedYAML

/// Collects errors and warnings while files are read.
struct DiagnosticLog {
    /// The most errors, and the most warnings, listed for one file.
    static let maxPerFile = 1_000

    private var diagnostics: Set<Diagnostic> = []
    private var countByFile: [String: Int] = [:]
    /// Separate, so that warnings take no room from errors.
    private var warningsByFile: [String: Int] = [:]
    /// Places with invalid YAML, where other errors only follow from it and are not reported.
    private var faultyPositions: Set<SourceLocation> = []
    /// Whether there is an error.
    private(set) var hasErrors = false

    /// Adds an error.
    mutating func error(_ message: String, at location: SourceLocation) {
        hasErrors = true
        add(Diagnostic(severity: .error, location: location, message: message))
    }

    /// Counts an error if the file's list is full, so that no message has to be built; false if there is room.
    mutating func countOnly(errorIn file: String) -> Bool {
        guard countByFile[file, default: 0] >= Self.maxPerFile else { return false }
        countByFile[file, default: 0] += 1
        hasErrors = true
        return true
    }

    /// Adds a warning.
    mutating func warning(_ message: String, at location: SourceLocation) {
        add(Diagnostic(severity: .warning, location: location, message: message))
    }

    /// Adds the YAML problems and warnings of a file; call it before adding others of the file.
    mutating func note(_ reading: YAMLReading, in file: String) {
        for doubt in reading.warnings {
            warning(doubt.message, at: SourceLocation(file: file, line: doubt.line, column: doubt.column))
        }
        for problem in reading.problems {
            let location = SourceLocation(file: file, line: problem.line, column: problem.column)
            error(problem.message, at: location)
            faultyPositions.insert(location)
        }
    }

    /// Returns all unique diagnostics, by place; the end of a long list gives the number of the rest.
    func sorted() -> [Diagnostic] {
        var all = diagnostics.sorted()
        let lists = [(countByFile, Diagnostic.Severity.error, "problems"), (warningsByFile, .warning, "warnings")]
        for (counts, severity, noun) in lists {
            for (file, count) in counts where count > Self.maxPerFile {
                guard let last = all.lastIndex(where: { $0.location.file == file }) else { continue }
                all.insert(
                    Diagnostic(
                        severity: severity, location: all[last].location,
                        message: "this file has \(count - Self.maxPerFile) more \(noun); fix these first, then run"
                            + " again to see the rest"),
                    at: last + 1)
            }
        }
        return all
    }

    private mutating func add(_ diagnostic: Diagnostic) {
        guard !faultyPositions.contains(diagnostic.location), !diagnostics.contains(diagnostic) else { return }
        let file = diagnostic.location.file
        let counts = diagnostic.severity == .error ? \DiagnosticLog.countByFile : \.warningsByFile
        self[keyPath: counts][file, default: 0] += 1
        if self[keyPath: counts][file, default: 0] <= Self.maxPerFile { diagnostics.insert(diagnostic) }
    }
}
