import LocatedYAML
import PolicyFiles

/// Reads the bytes as YAML, and then as a policy file beside a valid table.
enum FuzzedPolicy {
    private static let table = Array("name,phone\nDewi,+62 812-0000-004\nEko,0062 812-0000-005\n".utf8)

    private static let tablePlaces: TextPlaces = {
        ScratchFolder.shared.write("people.csv", table)
        return TextPlaces(table)
    }()

    /// Reads a file twice.
    static func attempt(_ bytes: [UInt8]) {
        let places = TextPlaces(bytes)
        YAMLClaims.check(YAMLReading(parsing: bytes), places: places)
        let files = ["policy.yaml": places, "people.csv": tablePlaces]
        ScratchFolder.shared.write("policy.yaml", bytes)
        PolicyClaims.check(read(), again: read(), files: files)
    }

    private static func read() -> PolicyReading {
        PolicyReader.read(patterns: ["policy.yaml"], relativeTo: ScratchFolder.shared.path)
    }
}
