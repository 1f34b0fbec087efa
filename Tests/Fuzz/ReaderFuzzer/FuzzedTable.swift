import PolicyFiles

/// Reads the bytes as a CSV file that a valid policy names twice, for two of its columns.
enum FuzzedTable {
    private static let policy = Array(
        """
        session: S1
        teams:
          crew: [{ csv: people.csv, until: 2026-12-31 }]
        groups:
          1@g.us: { admins: [+62 812-0000-001], members: [crew, { csv: people.csv, column: Handy }] }
        """.utf8)

    private static let policyPositions: TextPositions = {
        ScratchFolder.shared.write("policy.yaml", policy)
        return TextPositions(policy)
    }()

    /// Reads a file twice.
    static func attempt(_ bytes: [UInt8]) {
        let files = ["policy.yaml": policyPositions, "people.csv": TextPositions(bytes)]
        ScratchFolder.shared.write("people.csv", bytes)
        PolicyClaims.check(read(), again: read(), files: files)
    }

    private static func read() -> PolicyReading {
        PolicyReader.read(patterns: ["policy.yaml"], relativeTo: ScratchFolder.shared.path)
    }
}
