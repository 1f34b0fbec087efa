import LocatedYAML
import Membership

/// Collects problems while files are read.
struct DiagnosticLog {
    /// The most problems of one file that are listed one by one.
    static let mostPerFile = 1_000

    private var diagnostics: Set<Diagnostic> = []
    private var countByFile: [String: Int] = [:]
    /// Warnings have a list of their own, so that they take no room from errors.
    private var warningsByFile: [String: Int] = [:]
    /// Places where the YAML itself is at fault, so that what follows from it is not told again.
    private var faultyPlaces: Set<SourceLocation> = []
    /// Whether there is an error among the problems.
    private(set) var hasErrors = false

    /// Notes an error.
    mutating func error(_ message: String, at location: SourceLocation) {
        hasErrors = true
        add(Diagnostic(severity: .error, location: location, message: message))
    }

    /// Counts an error of a file whose list is full, which saves the making of a sentence; false where there is room.
    mutating func countOnly(errorIn file: String) -> Bool {
        guard countByFile[file, default: 0] >= Self.mostPerFile else { return false }
        countByFile[file, default: 0] += 1
        hasErrors = true
        return true
    }

    /// Notes a warning.
    mutating func warning(_ message: String, at location: SourceLocation) {
        add(Diagnostic(severity: .warning, location: location, message: message))
    }

    /// Notes what is wrong with the YAML of a file, or easily overlooked, before the file's contents are looked at.
    mutating func note(_ reading: YAMLReading, in file: String) {
        for doubt in reading.warnings {
            warning(doubt.message, at: SourceLocation(file: file, line: doubt.line, column: doubt.column))
        }
        for problem in reading.problems {
            let location = SourceLocation(file: file, line: problem.line, column: problem.column)
            error(problem.message, at: location)
            faultyPlaces.insert(location)
        }
    }

    /// All problems by place, each once; the rest of a long list is summed up at the list's end.
    func sorted() -> [Diagnostic] {
        var all = Array(diagnostics)
        let lists = [(countByFile, Diagnostic.Severity.error, "problems"), (warningsByFile, .warning, "warnings")]
        for (counts, severity, noun) in lists {
            for (file, count) in counts where count > Self.mostPerFile {
                let last = all.lazy.filter { $0.location.file == file }.map(\.location).max()
                all.append(
                    Diagnostic(
                        severity: severity, location: last ?? SourceLocation(file: file, line: 1, column: 1),
                        message: "this file has \(count - Self.mostPerFile) more \(noun), which are not listed"))
            }
        }
        return all.sorted()
    }

    private mutating func add(_ diagnostic: Diagnostic) {
        guard !faultyPlaces.contains(diagnostic.location), !diagnostics.contains(diagnostic) else { return }
        let file = diagnostic.location.file
        let counts = diagnostic.severity == .error ? \DiagnosticLog.countByFile : \.warningsByFile
        self[keyPath: counts][file, default: 0] += 1
        if self[keyPath: counts][file, default: 0] <= Self.mostPerFile { diagnostics.insert(diagnostic) }
    }
}
