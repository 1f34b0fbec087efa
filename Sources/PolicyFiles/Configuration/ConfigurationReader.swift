import Core
import LocatedYAML

/// Reads `rollcall.yaml` and the environment variables that override it.
package enum ConfigurationReader {
    /// Reads the configuration at a path; relative paths in it start from its folder.
    ///
    /// A relative `ROLLCALL_LEDGER` starts from the working folder, like paths on a command line.
    package static func read(path: String, environment: [String: String]) -> ConfigurationReading {
        var log = DiagnosticLog()
        let start = SourceLocation(file: path, line: 1, column: 1)
        let bytes: [UInt8]
        do throws(DiskFault) {
            bytes = try DiskFile.contents(of: path)
        } catch .missing {
            return ConfigurationReading(outcome: .missing, diagnostics: [])
        } catch {
            log.error("the configuration \(error.words)", at: start)
            return ConfigurationReading(outcome: .invalid, diagnostics: log.sorted())
        }
        let reading = YAMLReading(parsing: bytes)
        log.note(reading, in: path)
        var configuration: Configuration?
        switch reading {
        case .unreadable: break
        case .empty:
            log.error("the configuration is empty; add at least `gateway` with a `url`, and `policies`", at: start)
        case .document(let root, _):
            let draft = ConfigurationDraft(path: path, environment: environment.filter { !$0.value.isEmpty })
            configuration = draft.read(root, log: &log)
        }
        if let configuration, !log.hasErrors {
            return ConfigurationReading(outcome: .valid(configuration), diagnostics: log.sorted())
        }
        return ConfigurationReading(outcome: .invalid, diagnostics: log.sorted())
    }
}
