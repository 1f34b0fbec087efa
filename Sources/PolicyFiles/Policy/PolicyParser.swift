import Core
import LocatedYAML

/// Reads policy files one after another; resolves names only after the last.
struct PolicyParser {
    var index = PolicyIndex()
    var log: DiagnosticLog
    let defaultLimits: Limits
    let gateways: [GatewayName]
    /// Whether a CSV file may be outside the folder of the policy that names it.
    let allowsTablesOutside: Bool

    /// The index of each name that was read, defined or not.
    var symbolByName: [String: Int] = [:]
    /// The indices of people with a number, plus one.
    private var peopleByNumber = HashTable<UInt32>(free: 0, expecting: 500)
    private var personByLID: [LID: Int] = [:]
    /// The definitions of `people` and `teams`, in the order of the files.
    var definitions: [Definition] = []
    /// The definition of each symbol, if it has one.
    var definitionBySymbol: [Int: Int] = [:]
    var groupPositions: [GroupID: FilePosition] = [:]
    /// The `until` of people, by symbol.
    var lastDays: [Int: CalendarDate] = [:]
    var tables: [TableRequest] = []
    var tableByRequest: [TableRequest.Key: Int] = [:]
    var digest = PolicyDigest()
    /// Whether a file or section could not be read; it may define a name that seems undefined.
    var hasUnreadFiles = false

    static let topKeys = ["session", "gateway", "people", "teams", "groups"]

    /// A line of `people`, or a team.
    struct Definition {
        let symbol: Int
        let position: FilePosition
        let meaning: Meaning

        enum Meaning {
            /// A person, by the indices of the number and of the LID; both are nil if the line is wrong.
            case person(byPhone: Int?, byLID: Int?)
            case team(Int)
        }
    }

    /// A CSV file that entries name; it is read once, after the policies.
    struct TableRequest {
        struct Key: Hashable {
            let name: String
            let column: String
        }

        let key: Key
        let path: String
        /// The folder of the policy; the file must be in it, unless the configuration allows more.
        let folder: String
        let position: FilePosition
        let team: Int
        /// The places of entries that do not say `empty: true`.
        var positionsThatNeedRows: [FilePosition] = []
    }

    /// The defaults for the groups of a file.
    struct FileDefaults {
        var session: SessionID?
        var gateway: GatewayName?
        /// Whether the session of the file is invalid.
        var sessionIsFaulty = false
        /// Whether the gateway of the file is unknown.
        var gatewayIsFaulty = false
    }

    /// Continues the given log.
    init(limits: Limits, gateways: [GatewayName], allowsTablesOutside: Bool, log: DiagnosticLog) {
        defaultLimits = limits
        self.gateways = gateways
        self.allowsTablesOutside = allowsTablesOutside
        self.log = log
    }

    /// Reads one policy file.
    mutating func read(_ file: FoundFile) {
        let start = SourceLocation(file: file.name, line: 1, column: 1)
        let bytes: [UInt8]
        do throws(DiskFault) {
            bytes = try DiskFile.contents(of: file.path)
        } catch {
            hasUnreadFiles = true
            log.error("the file \(error.words)", at: start)
            return
        }
        digest.add(name: file.name, bytes: bytes)
        index.makeRoom(forSourceOf: bytes.count)
        let reading = YAMLReading(parsing: bytes)
        log.note(reading, in: file.name)
        switch reading {
        case .unreadable: hasUnreadFiles = true
        case .empty: log.warning("the file is empty; add `people`, `teams` or `groups`, or delete it", at: start)
        case .document(let root, let problems):
            let source = PolicySource(file: file, number: UInt32(index.files.count), isFaulty: !problems.isEmpty)
            index.files.append(file.name)
            guard
                let top = CheckedMapping(
                    root, in: file.name, what: "a policy", keys: Self.topKeys, allowsExtensions: true, log: &log)
            else {
                hasUnreadFiles = true
                return
            }
            readSections(of: top, source)
        }
    }

    private mutating func readSections(of top: CheckedMapping, _ source: PolicySource) {
        var defaults = FileDefaults(session: top.session(log: &log), gateway: gateway(of: top))
        defaults.sessionIsFaulty = defaults.session == nil && !top.reportMissing("session")
        defaults.gatewayIsFaulty = defaults.gateway == nil && !top.reportMissing("gateway")
        let lacksNames = top.value("people") == nil && !top.reportMissing("people")
        if lacksNames || (top.value("teams") == nil && !top.reportMissing("teams")) { hasUnreadFiles = true }
        if let people = top.value("people") { readPeople(people, of: source) }
        if let teams = top.value("teams") { readTeams(teams, of: source) }
        if let groups = top.value("groups") { readGroups(groups, of: source, defaults: defaults) }
    }

    /// Returns the gateway that a mapping names; nil if it is absent, or reported as unknown.
    mutating func gateway(of mapping: CheckedMapping) -> GatewayName? {
        guard let (text, location) = mapping.text("gateway", log: &log) else { return nil }
        let name = GatewayName(text)
        if gateways.contains(name) { return name }
        var suggester = SpellingSuggester()
        let names = gateways.map(\.text)
        log.error(
            "the configuration has no gateway \(quoted(text)), only \(enumeration(names, joinedBy: "or"))"
                + suggester.hint(for: text, among: names), at: location)
        return nil
    }

    /// Returns the index of a name; adds the name if it is new.
    mutating func symbol(_ name: String) -> Int {
        if let known = symbolByName[name] { return known }
        symbolByName[name] = index.symbols.count
        index.symbols.append(name)
        return index.symbols.count - 1
    }

    /// Returns the index of the person with an account; adds the person if it is new.
    mutating func person(_ account: AccountID) -> Int {
        switch account {
        case .phone(let phone):
            let slot = peopleByNumber.slot(of: phone.digits) { index.people[Int($0) - 1].phone == phone.digits }
            if peopleByNumber[slot] != 0 { return Int(peopleByNumber[slot]) - 1 }
            index.people.append(IndexedPerson(phone: phone.digits, lid: 0))
            peopleByNumber.fill(slot, with: UInt32(index.people.count)) { [people = index.people] in
                people[Int($0) - 1].phone
            }
        case .lid(let lid):
            if let known = personByLID[lid] { return known }
            personByLID[lid] = index.people.count
            index.people.append(IndexedPerson(phone: 0, lid: lid.digits))
        }
        return index.people.count - 1
    }
}

/// A policy file being read.
struct PolicySource {
    let file: FoundFile
    let number: UInt32
    /// Whether its YAML has problems; keys that seem missing may be lost.
    let isFaulty: Bool

    /// Returns the compact place of a node.
    func position(_ node: YAMLNode) -> FilePosition {
        FilePosition(file: number, line: UInt32(node.line), column: UInt32(node.column))
    }

    /// Returns the place of a node for messages.
    func location(_ node: YAMLNode) -> SourceLocation {
        SourceLocation(file: file.name, line: node.line, column: node.column)
    }
}
