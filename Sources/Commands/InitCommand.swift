import ArgumentParser
import Glibc
import Reports

/// `rollcall init`: writes a configuration and a policy to start from.
struct InitCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Write a commented configuration and a sample policy.",
        discussion: """
            Writes rollcall.yaml and policies/example.yaml, each with a JSON Schema so your editor can flag mistakes \
            as you type. It never overwrites a file.
            """)

    @Argument(help: "The folder to write to; created if it does not exist.", completion: .directory)
    var folder: String = "."

    func run(in context: Context) async throws -> ExitStatus {
        let files = [
            (path: "\(folder)/rollcall.yaml", text: Self.configurationText),
            (path: "\(folder)/policies/example.yaml", text: Self.policyText),
            (path: "\(folder)/\(DocumentSchema.config.fileName)", text: DocumentSchema.config.text),
            (path: "\(folder)/policies/\(DocumentSchema.policy.fileName)", text: DocumentSchema.policy.text),
        ]
        for file in files where access(file.path, F_OK) == 0 {
            throw Failure(
                .failure, "\(file.path.escapedForTerminal) already exists; nothing was written. Name another folder")
        }
        try Self.makeFolder(folder)
        try Self.makeFolder("\(folder)/policies")
        var written: [String] = []
        do throws(Failure) {
            for file in files {
                try ResultFile.write(file.text, to: file.path, for: .everyone, existing: .kept, in: context)
                written.append(file.path)
            }
        } catch {
            // A second `init` would refuse to write beside what is left.
            for path in written { unlink(path) }
            throw error
        }
        for path in written { context.output.write("wrote \(path.escapedForTerminal)\n") }
        let painter = Painter(usesColor: false, width: context.terminal.resultWidth)
        context.output.write("\n" + painter.line(Self.advice, hanging: 0) + "\n")
        return .success
    }

    private static let advice = """
        Next: set gateway.url in rollcall.yaml and the token in $ROLLCALL_TOKEN, describe a group in
        policies/example.yaml, then run `rollcall validate` and `rollcall plan`.
        """

    private static func makeFolder(_ path: String) throws(Failure) {
        guard mkdir(path, 0o777) != 0, errno != EEXIST else { return }
        throw Failure(
            .failure, "cannot create the folder \(path.escapedForTerminal): \(String(cString: strerror(errno)))")
    }
}
