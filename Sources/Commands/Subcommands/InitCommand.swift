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

extension InitCommand {
    /// A configuration with every default as a comment.
    static let configurationText = """
        # yaml-language-server: $schema=config.schema.json
        # The configuration of rollcall. Comments show the built-in defaults, or examples if there is no default.
        version: 1

        gateway:
          url: https://gateway.example.com   # /api/v1 is appended
          # token: { env: ROLLCALL_TOKEN }   # or { file: /run/secrets/rollcall }; never the token itself
          # ca_file: /etc/ssl/private-ca.pem # certificate authorities to trust instead of the system's
          # self: { SESSION_ID: +62… }       # the session's own number, if the token lacks the permission `manage`

        policies: [policies]                 # files, folders and globs, relative to this file
        # ledger: rollcall.sqlite

        # limits:
        #   removals: 25%                    # removals and demotions per group; a number or a percentage
        #   removals_floor: 3                # always allowed, whatever the percentage
        #   removals_per_run: 2%             # of all memberships; 20 are always allowed
        #   removals_per_person: 10          # groups in which a run may remove or demote one person
        #   removals_per_source: 10          # people that one team or file may lose in a run
        #   min_admins: 1                    # admins that a group keeps; the session's own account counts
        #   min_other_admins: 1              # admins that a group keeps besides the session's own account
        #   group_size: 1024

        # pace:
        #   calls_per_minute: 20             # changes per session; 0 = no pauses
        #   jitter: 0.5                      # Rollcall makes each pause longer at random: 0.5 means by up to 50%
        #   adds_per_call: 1
        #   adds_per_day: 50                 # per session, in any 24 hours; 0 = no limit
        #   settle: 5s                       # how long a change may take to appear in the member list

        # read:
        #   concurrency: 8
        #   timeout: 30s

        # declined:                          # people who were added but never appeared in the group
        #   retry_after: 1d                  # the pause before the second try
        #   backoff: 2                       # each further pause is this many times as long as the one before
        #   give_up_after: 4                 # number of tries; after that, send the person the invite link

        # csv:
        #   outside: false                   # whether CSV files may be outside their policy's folder

        # metrics: { textfile: /var/lib/node_exporter/rollcall.prom }   # for Prometheus, after each plan and apply

        # Notices after each `apply`. The URLs are secrets, so they come from a variable or a file.
        # notify: [{ url: { env: ROLLCALL_WEBHOOK }, on: [failure, withheld], format: slack }]
        # ping: { url: { env: ROLLCALL_PING } }

        """

    /// A valid policy that shows each kind of entry.
    static let policyText = """
        # yaml-language-server: $schema=policy.schema.json
        # Who belongs in which group. Review every change to this file: `rollcall apply` carries it out.
        session: REPLACE-WITH-YOUR-SESSION-ID   # list session ids with `rollcall sessions`

        people:
          amina: +62 812-5550-0101
          bima: { phone: +62 812-5550-0102, note: class teacher }

        teams:
          teachers:
            - amina
            - bima
          helpers:
            - +62 812-5550-0103
            - { who: +62 812-5550-0104, until: 2099-12-31, reason: exchange year }

        groups:
          120363000000000001@g.us:
            name: Class 4b
            admins: [amina]
            members: [teachers, helpers]
            keep: [+62 812-5550-0199]           # Rollcall never adds, removes, promotes or demotes them
            mode: additive                      # removes nobody; `exact` removes people who are not listed

        """
}
