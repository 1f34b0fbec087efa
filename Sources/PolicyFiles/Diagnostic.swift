package import Membership

/// Something wrong with what people wrote, and where.
package struct Diagnostic: Hashable, Sendable {
    /// How much it matters.
    package enum Severity: String, Hashable, Sendable {
        /// The files cannot be used as they are.
        case error
        /// The files can be used, but someone should look.
        case warning
    }

    /// How much it matters.
    package let severity: Severity
    /// Where it stands.
    package let location: SourceLocation
    /// One sentence that says what was found, what was expected, and how to mend it.
    package let message: String

    /// Describes one problem.
    package init(severity: Severity, location: SourceLocation, message: String) {
        self.severity = severity
        self.location = location
        self.message = message
    }
}

extension Diagnostic: Comparable {
    /// By place, errors before warnings, then by message.
    package static func < (left: Diagnostic, right: Diagnostic) -> Bool {
        if left.location != right.location { return left.location < right.location }
        if left.severity != right.severity { return left.severity == .error }
        return left.message < right.message
    }
}

extension Diagnostic: CustomStringConvertible {
    /// `file:line:column: error: message`, the form that editors and pipelines read.
    package var description: String { "\(location): \(severity.rawValue): \(message)" }
}
