import ArgumentParser

/// `rollcall schema`: prints the JSON Schema of a kind of file.
struct SchemaCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the JSON Schema of the configuration, of policies or of plans.",
        usage: "rollcall schema config|policy|plan",
        discussion: """
            The schemas are JSON Schema 2020-12. Your editor can use them to flag mistakes as you type; `rollcall \
            validate` finds more. `rollcall init` writes them next to their files. After an update of rollcall, write \
            them again:

              rollcall schema config >config.schema.json
              rollcall schema policy >policies/policy.schema.json
            """)

    @Argument(help: "The kind of file.")
    var document: DocumentSchema

    func run(in context: Context) async throws -> ExitStatus {
        context.output.write(document.text)
        return .success
    }
}

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
