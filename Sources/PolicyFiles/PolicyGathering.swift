import LocatedYAML
import Membership

/// Takes in policy files one after the other; names are looked up only once all have been seen.
struct PolicyGathering {
    var index = PolicyIndex()
    var log: DiagnosticLog
    let defaultLimits: Limits
    let gateways: [GatewayName]
    /// Whether a CSV file may lie outside of the folder of the policy that names it.
    let allowsTablesOutside: Bool

    /// The index of each name that was met, defined or not.
    var symbolByName: [String: Int] = [:]
    private var peopleByNumber = PeopleByNumber()
    private var personByLID: [UInt64: Int] = [:]
    /// What `people` and `teams` define, in the order of the files.
    var definitions: [Definition] = []
    /// The definition of each symbol that has one.
    var definitionBySymbol: [Int: Int] = [:]
    var groupPlaces: [GroupID: Place] = [:]
    /// Until when people belong anywhere, by their names, where their own line says so.
    var lastDays: [Int: CalendarDate] = [:]
    var tables: [TableRequest] = []
    var tableByRequest: [TableRequest.Key: Int] = [:]
    var digest = PolicyDigest()
    /// Whether a file or section could not be read, so that a name may well be defined there.
    var mayMissNames = false

    static let topKeys = ["session", "gateway", "people", "teams", "groups"]

    /// One line of `people`, or one team.
    struct Definition {
        let symbol: Int
        let place: Place
        let meaning: Meaning

        enum Meaning {
            /// A person; nil digits where the line is wrong in itself.
            case person(phone: UInt64?, lid: UInt64?)
            case team(Int)
        }
    }

    /// A CSV file that an entry names: read after the policies, and once, however many entries name it.
    struct TableRequest {
        struct Key: Hashable {
            let name: String
            let column: String
        }

        let key: Key
        let path: String
        /// The folder of the policy that asks, which the file must not lie outside of unless that is allowed.
        let folder: String
        let place: Place
        let team: Int
        /// Where entries name the file without saying that it may be empty.
        var placesThatNeedRows: [Place] = []
    }

    /// What holds for the groups of one file unless they say otherwise.
    struct FileDefaults {
        var session: SessionID?
        var gateway: GatewayName?
        /// Whether the file names a session, but none that can be.
        var sessionIsFaulty = false
        /// Whether the file names a gateway, but none that is known.
        var gatewayIsFaulty = false
    }

    /// Begins with what was found wrong so far.
    init(limits: Limits, gateways: [GatewayName], allowsTablesOutside: Bool, log: DiagnosticLog) {
        defaultLimits = limits
        self.gateways = gateways
        self.allowsTablesOutside = allowsTablesOutside
        self.log = log
    }

    /// Takes in one policy file.
    mutating func read(_ file: FoundFile) {
        let start = SourceLocation(file: file.name, line: 1, column: 1)
        let bytes: [UInt8]
        do throws(DiskFault) {
            bytes = try DiskFile.contents(of: file.path)
        } catch {
            mayMissNames = true
            log.error("the file \(error.words)", at: start)
            return
        }
        digest.add(name: file.name, bytes: bytes)
        index.makeRoom(forSourceOf: bytes.count)
        let reading = YAMLReading(parsing: bytes)
        log.note(reading, in: file.name)
        switch reading {
        case .unreadable: mayMissNames = true
        case .empty: log.warning("the file is empty and describes nobody", at: start)
        case .document(let root, let problems): read(root, of: file, isFaulty: !problems.isEmpty)
        }
    }

    private mutating func read(_ root: YAMLNode, of file: FoundFile, isFaulty: Bool) {
        let number = UInt32(index.files.count)
        index.files.append(file.name)
        let source = PolicySource(file: file, number: number, isFaulty: isFaulty)
        guard
            let top = CheckedMapping(
                root, in: file.name, what: "a policy", keys: Self.topKeys, allowsExtensions: true, log: &log)
        else {
            mayMissNames = true
            return
        }
        var defaults = FileDefaults(session: top.session(log: &log), gateway: gateway(of: top))
        defaults.sessionIsFaulty = defaults.session == nil && !top.lacks("session")
        defaults.gatewayIsFaulty = defaults.gateway == nil && !top.lacks("gateway")
        let lacksNames = top.value("people") == nil && !top.lacks("people")
        if lacksNames || (top.value("teams") == nil && !top.lacks("teams")) { mayMissNames = true }
        if let people = top.value("people") { readPeople(people, of: source) }
        if let teams = top.value("teams") { readTeams(teams, of: source) }
        if let groups = top.value("groups") { readGroups(groups, of: source, defaults: defaults) }
    }

    /// The gateway that a mapping names; nil where it is absent, or noted as unknown.
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

    /// The index of a name.
    mutating func symbol(_ name: String) -> Int {
        if let known = symbolByName[name] { return known }
        symbolByName[name] = index.symbols.count
        index.symbols.append(name)
        return index.symbols.count - 1
    }

    /// The index of whoever has a number or a LID.
    mutating func person(_ account: AccountID) -> Int {
        switch account {
        case .phone(let phone):
            if let known = peopleByNumber.find(phone.digits, among: index.people) { return known }
            index.people.append(PersonRecord(phone: phone.digits, lid: 0))
        case .lid(let lid):
            if let known = personByLID[lid.digits] { return known }
            personByLID[lid.digits] = index.people.count
            index.people.append(PersonRecord(phone: 0, lid: lid.digits))
        }
        return index.people.count - 1
    }
}

/// A policy file that is being taken in.
struct PolicySource {
    let file: FoundFile
    let number: UInt32
    /// Whether its YAML has problems, so that what seems to be missing may only be lost.
    let isFaulty: Bool

    /// The place of a node, compact.
    func place(_ node: YAMLNode) -> Place {
        Place(file: number, line: UInt32(node.line), column: UInt32(node.column))
    }

    /// The place of a node, as people know it.
    func location(_ node: YAMLNode) -> SourceLocation {
        SourceLocation(file: file.name, line: node.line, column: node.column)
    }
}
