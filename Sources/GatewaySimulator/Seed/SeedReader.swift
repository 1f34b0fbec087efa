import Core
import LocatedYAML

/// Reads a seed file: YAML, and therefore JSON too.
struct SeedReader {
    /// The file's name in error messages.
    let file: String
    /// The problems found so far.
    var problems: [SeedProblem] = []
    /// The numbers of named people.
    var people: [String: PhoneNumber] = [:]
    /// The world so far.
    var seed = WorldSeed()
    /// Where each number was first used.
    var numberPositions: [PhoneNumber: YAMLNode] = [:]
    /// Where each LID was first used.
    var lidPositions: [LID: YAMLNode] = [:]
    /// Where each token was first used.
    var tokenPositions: [String: YAMLNode] = [:]

    /// Creates a reader of a file.
    init(file: String) { self.file = file }

    /// Reads the whole file.
    mutating func read(_ root: YAMLNode) {
        guard
            let fields = fields(
                of: root, "the seed", known: "behaviour organisations people sessions groups faults schedule")
        else { return }
        if let node = fields["behaviour"] { readBehaviour(node) }
        for (name, node) in entries(fields, "organisations") { readOrganisation(name, node) }
        for (name, node) in entries(fields, "people") { readPerson(name, node) }
        for (name, node) in entries(fields, "sessions") { readSession(name, node) }
        for (name, node) in entries(fields, "groups") { readGroup(name, node) }
        for node in list(fields, "faults") { readFault(node) }
        for node in list(fields, "schedule") { readScheduled(node) }
    }

    /// Records a problem at a node.
    mutating func report(_ node: YAMLNode, _ message: String) {
        problems.append(
            SeedProblem(location: SourceLocation(file: file, line: node.line, column: node.column), message: message))
    }

    private mutating func readOrganisation(_ name: YAMLNode, _ node: YAMLNode) {
        var organisation = OrganisationSeed(id: name.text)
        let fields = fields(of: node, "an organisation", known: "keys") ?? [:]
        for (name, node) in entries(fields, "keys") {
            guard let fields = self.fields(of: node, "an api-key", known: "token permissions") else { continue }
            guard let tokenNode = fields["token"] else {
                report(name, "the api-key '\(name.text)' has no token; add token: wa_…")
                continue
            }
            let token = tokenNode.text
            if !token.hasPrefix("wa_") {
                report(tokenNode, SeedError.tokenWithoutPrefix(name: name.text).description)
            } else if let first = tokenPositions.updateValue(tokenNode, forKey: token) {
                report(
                    tokenNode,
                    "the api-key '\(name.text)' has the token of the key at line \(first.line); give each key its own")
            }
            var permissions = Set(Permission.allCases)
            if fields["permissions"] != nil {
                permissions = Set(list(fields, "permissions").compactMap { choice($0) })
            }
            organisation.keys.append(APIKeySeed(name: name.text, token: token, permissions: permissions))
        }
        seed.organisations.append(organisation)
    }
}

extension FaultRule {
    /// Reads a list of rules, written as under `faults` in a seed file.
    package static func readList(_ bytes: [UInt8], file: String) throws(SeedFileError) -> [FaultRule] {
        try SeedReader.read(bytes, file: file) { reader, root in
            for node in reader.list(["the faults": root], "the faults") { reader.readFault(node) }
        }.faults
    }
}

extension WorldSeed {
    /// Reads the bytes of a seed file; `file` is its name in error messages.
    package static func read(_ bytes: [UInt8], file: String) throws(SeedFileError) -> WorldSeed {
        try SeedReader.read(bytes, file: file) { reader, root in reader.read(root) }
    }
}

extension SeedReader {
    /// Parses a file and passes its root to a closure.
    static func read(
        _ bytes: [UInt8], file: String, _ body: (inout SeedReader, YAMLNode) -> Void
    ) throws(SeedFileError) -> WorldSeed {
        let reading = YAMLReading(parsing: bytes)
        var reader = SeedReader(file: file)
        reader.problems = reading.problems.map { problem in
            SeedProblem(
                location: SourceLocation(file: file, line: problem.line, column: problem.column),
                message: problem.message)
        }
        if let root = reading.root {
            body(&reader, root)
        } else if reader.problems.isEmpty {
            reader.problems.append(
                SeedProblem(
                    location: SourceLocation(file: file, line: 1, column: 1),
                    message: "the input is empty; docs/simulator.md shows what to write"))
        }
        guard reader.problems.isEmpty else { throw SeedFileError(problems: reader.problems.sorted()) }
        return reader.seed
    }
}
