package import Core

/// An error or warning in a policy or configuration file, with its place.
package struct Diagnostic: Hashable, Sendable {
    /// The severities.
    package enum Severity: String, Hashable, Sendable {
        /// The files cannot be used.
        case error
        /// The files can be used, but somebody should check them.
        case warning
    }

    /// The severity.
    package let severity: Severity
    /// The place.
    package let location: SourceLocation
    /// One sentence: what was found, what was expected, and how to fix it.
    package let message: String

    /// Creates a diagnostic.
    package init(severity: Severity, location: SourceLocation, message: String) {
        self.severity = severity
        self.location = location
        self.message = message
    }
}

extension Diagnostic: Comparable {
    /// By place, then errors before warnings, then by message.
    package static func < (left: Diagnostic, right: Diagnostic) -> Bool {
        if left.location != right.location { return left.location < right.location }
        if left.severity != right.severity { return left.severity == .error }
        return left.message < right.message
    }
}

extension Diagnostic: CustomStringConvertible {
    /// `file:line:column: error: message`, which editors and CI systems can parse.
    package var description: String { "\(location): \(severity.rawValue): \(message)" }
}
