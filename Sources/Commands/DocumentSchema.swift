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
        let bytes =
            switch self {
            case .config: PackageResources.config_schema_json
            case .policy: PackageResources.policy_schema_json
            case .plan: PackageResources.plan_schema_json
            }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The file name for the schema.
    var fileName: String { "\(rawValue).schema.json" }
}
