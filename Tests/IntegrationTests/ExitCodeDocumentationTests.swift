import Commands
import Testing

@Suite("Documentation: exit codes") struct ExitCodeDocumentationTests {
    private static let all: [Commands.ExitStatus] = [
        .success, .failure, .changesPending, .incomplete, .withheld, .stale, .locked, .usage, .policyInvalid,
        .gatewayUnreachable, .credentialsRejected, .configurationInvalid, .interrupted(signal: 1),
        .interrupted(signal: 2), .interrupted(signal: 15),
    ]

    @Test("The tables name each exit code once, and no other", arguments: ["docs/exit-codes.md", "README.md"])
    func table(page: String) throws {
        let tables = try MarkdownPage(page).tables
        let table = try #require(tables.first { ["code", "exit code"].contains($0.header.first) })
        let codes = table.rows.flatMap { $0[0].matches(of: #/[0-9]+/#).compactMap { Int32($0.0) } }
        #expect(codes.sorted() == Self.all.map { $0.code }.sorted())
    }
}
