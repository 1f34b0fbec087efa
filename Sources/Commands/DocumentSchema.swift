import ArgumentParser

/// A kind of document that has a JSON Schema.
enum DocumentSchema: String, CaseIterable, ExpressibleByArgument {
    /// `rollcall.yaml`.
    case config
    /// A policy file.
    case policy
    /// A plan, printed as JSON or saved.
    case plan

    /// The schema: JSON over several lines, with a line break at the end.
    var text: String {
        switch self {
        case .config: Self.configText
        case .policy: Self.policyText
        case .plan: Self.planText
        }
    }

    /// The name of a file that holds the schema.
    var fileName: String { "\(rawValue).schema.json" }
}
