import ArgumentParser

/// A kind of document with a JSON Schema.
enum DocumentSchema: String, CaseIterable, ExpressibleByArgument {
    /// `rollcall.yaml`.
    case config
    /// A policy file.
    case policy
    /// A plan, printed as JSON or saved.
    case plan

    /// The schema: JSON on several lines, with a final line break.
    var text: String {
        switch self {
        case .config: Self.configText
        case .policy: Self.policyText
        case .plan: Self.planText
        }
    }

    /// The file name for the schema.
    var fileName: String { "\(rawValue).schema.json" }
}
