import LocatedYAML
import PolicyFiles

/// Reads the bytes as YAML, and then as a policy file beside a valid table.
enum FuzzedPolicy {
    private static let table = Array("name,phone\nDewi,+62 812-0000-004\nEko,0062 812-0000-005\n".utf8)

    private static let tablePositions: TextPositions = {
        ScratchFolder.shared.write("people.csv", table)
        return TextPositions(table)
    }()

    /// Reads a file twice.
    static func attempt(_ bytes: [UInt8]) {
        let positions = TextPositions(bytes)
        YAMLClaims.check(YAMLReading(parsing: bytes), positions: positions)
        let files = ["policy.yaml": positions, "people.csv": tablePositions]
        ScratchFolder.shared.write("policy.yaml", bytes)
        PolicyClaims.check(read(), again: read(), files: files)
    }

    private static func read() -> PolicyReading {
        PolicyReader.read(patterns: ["policy.yaml"], relativeTo: ScratchFolder.shared.path)
    }
}
