import ArgumentParser
import Membership
import PolicyFiles
import Reports
import RunLedger

/// `rollcall explain`: where a person's memberships come from.
struct ExplainCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Show where a person's memberships come from, and what became of them.",
        usage: "rollcall explain <person> [--limit <n>] [--format text|json] [<options>]",
        discussion: """
            Offline: reads the policies and the ledger, and asks no gateway. Every entry that names the person is shown \
            with file, line and column and the teams on the way; then what earlier runs have learned and done.
            """)

    @Argument(help: "A name from the policy, a phone number or a JID.")
    var person: String

    @Option(help: "How many actions at most, the latest first.")
    var limit: Int = 20

    @Option(help: "How the account is written.")
    var format: OutputFormat = .text

    @OptionGroup var shared: SharedOptions

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit must be at least 1.") }
    }

    func run(in context: Context) async throws -> ExitStatus {
        let project = try Project.load(shared, in: context)
        let who = try reference(in: project.policies)
        let account = PersonAccount(
            person: who, mentions: project.policies.mentions(of: who), groupNames: project.policies.groupNames,
            today: context.time.now().date,
            history: try await history(of: who, at: project.configuration.ledger))
        switch format {
        case .text: context.output.write(PersonText(painter: shared.painter(in: context)).render(account))
        case .json: context.output.write(PersonJSON.document(account).rendered())
        }
        return .success
    }

    /// Whom the words mean: someone whom the policies name, else whoever has the number or LID.
    private func reference(in policies: PolicySet) throws(Failure) -> PersonReference {
        if let known = policies.person(matching: person) { return known }
        if let reference = PersonReference(spelling: person) { return reference }
        throw Failure(
            .usage,
            "the policies name nobody \"\(person.defusedForTerminal)\"; give a name from `people`, a phone number with "
                + "its country code such as +6281234567890, or a JID")
    }

    private func history(of person: PersonReference, at path: String) async throws(Failure) -> PersonHistory {
        do throws(LedgerError) {
            guard Ledger.exists(at: path) else { return PersonHistory() }
            return try await Ledger(readingFrom: path).history(of: person, latest: limit)
        } catch {
            throw Failure(error)
        }
    }
}
