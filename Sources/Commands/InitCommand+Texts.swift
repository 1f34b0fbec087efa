extension InitCommand {
    /// A configuration in which every default is written out as a comment.
    static let configurationText = """
        # yaml-language-server: $schema=config.schema.json
        # The configuration of rollcall. What stands here as a comment is the built-in default, or an example where there is none.
        version: 1

        gateway:
          url: https://gateway.example.com   # /api/v1 is appended
          # token: { env: ROLLCALL_TOKEN }   # or { file: /run/secrets/rollcall }; never the token itself
          # ca_file: /etc/ssl/private-ca.pem # certificate authorities to trust instead of the system's
          # self: { SESSION_ID: +62… }       # the session's own number, where the token lacks `manage`

        policies: [policies]                 # files, folders and globs, relative to this file
        # ledger: rollcall.sqlite

        # limits:
        #   removals: 25%                    # demotions and removals per group; a number or a percentage
        #   removals_floor: 3                # so many are always allowed, whatever the percentage
        #   removals_per_run: 2%             # of all memberships; 20 are always allowed
        #   removals_per_person: 10          # groups in which one person loses something
        #   removals_per_source: 10          # people whom one team or file loses
        #   min_admins: 1                    # the session's own account counts
        #   min_other_admins: 1              # it does not count
        #   group_size: 1024

        # pace:
        #   calls_per_minute: 20             # changes per session; 0 = no pauses
        #   jitter: 0.5                      # each pause is stretched by a random share up to this
        #   adds_per_call: 1
        #   adds_per_day: 50                 # per session, over a rolling 24 hours; 0 = no budget
        #   settle: 5s                       # how long a change may take to show in the roster

        # read:
        #   concurrency: 8
        #   timeout: 30s

        # declined:                          # people whom WhatsApp did not let us add
        #   retry_after: 1d                  # the pause before another try
        #   backoff: 2                       # by how much each further pause is longer
        #   give_up_after: 4                 # then a human has to send them the invite link

        # csv:
        #   outside: false                   # whether CSV files may lie outside of their policy's folder

        # metrics: { textfile: /var/lib/node_exporter/rollcall.prom }   # for Prometheus, after each plan and apply

        # Told after each `apply`; addresses stand in a variable or a file, for they are secrets.
        # notify: [{ url: { env: ROLLCALL_WEBHOOK }, on: [failure, withheld], format: slack }]
        # ping: { url: { env: ROLLCALL_PING } }

        """

    /// A policy that is valid as it stands and shows each kind of entry.
    static let policyText = """
        # yaml-language-server: $schema=policy.schema.json
        # Who belongs in which group. Have changes to this file reviewed: `rollcall apply` does what it says.
        session: REPLACE-WITH-YOUR-SESSION-ID   # the gateway's id of the number that acts

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
            keep: [+62 812-5550-0199]           # stays as it is, in the group or not
            mode: additive                      # nobody is removed; `exact` removes whoever is not named

        """
}
