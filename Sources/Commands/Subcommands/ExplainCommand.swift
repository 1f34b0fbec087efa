import ArgumentParser
import Core
import PolicyFiles
import Reports
import RunLedger

/// `rollcall explain`: shows where a person's memberships come from.
struct ExplainCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Show where a person's memberships come from, and what earlier runs did.",
        usage: "rollcall explain <person> [--limit <n>] [--format text|json] [<options>]",
        discussion: """
            Works offline, from the policies and the ledger. Shows every entry that names the person, with file, line, \
            column and the teams that lead to it; then what earlier runs found and did.
            """)

    @Argument(help: "A name from the policy, a phone number or a JID (WhatsApp address).")
    var person: String

    @Option(help: "The most actions to show, latest first.")
    var limit: Int = 20

    @Option(help: "The output format.")
    var format: OutputFormat = .text

    @OptionGroup var shared: SharedOptions

    func validate() throws { guard limit > 0 else { throw ValidationError("--limit must be at least 1.") } }

    func run(in context: Context) async throws -> ExitStatus {
        let project = try Project.load(shared, in: context)
        let who = try reference(in: project.policies)
        let account = PersonReport(
            person: who, mentions: project.policies.mentions(of: who), groupNames: project.policies.groupNames,
            today: context.time.now().date, history: try await history(of: who, at: project.configuration.ledger))
        switch format {
        case .text: context.output.write(PersonText(painter: shared.painter(in: context)).render(account))
        case .json: context.output.write(PersonJSON.document(account).rendered())
        }
        return .success
    }

    /// Returns the person of the policies that the argument names, else the person with that number or LID.
    private func reference(in policies: PolicySet) throws(Failure) -> PersonReference {
        if let known = policies.person(matching: person) { return known }
        if let reference = PersonReference(spelling: person) { return reference }
        throw Failure(.usage, policies.sentence(onUnknownPerson: person).escapedForTerminal)
    }

    private func history(of person: PersonReference, at path: String) async throws -> PersonHistory {
        guard Ledger.exists(at: path) else { return PersonHistory() }
        return try await Ledger(readingFrom: path).history(of: person, latest: limit)
    }
}
