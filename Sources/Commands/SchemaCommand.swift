import ArgumentParser

/// `rollcall schema`: the JSON Schema of a kind of file.
struct SchemaCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the JSON Schema of the configuration, of policies or of plans.",
        usage: "rollcall schema config|policy|plan",
        discussion: """
            The schemas are JSON Schema 2020-12. Editors that know them tell of mistakes while you type; `rollcall \
            validate` knows more than they do. `rollcall init` writes them beside the files that they are for. After an \
            update of rollcall, write them anew:

              rollcall schema config >config.schema.json
              rollcall schema policy >policies/policy.schema.json
            """)

    @Argument(help: "What the schema is for.")
    var document: DocumentSchema

    func run(in context: Context) async throws -> ExitStatus {
        context.output.write(document.text)
        return .success
    }
}
