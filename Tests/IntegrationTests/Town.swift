import Foundation

/// A small project on disk and its gateway's world, with one of each kind of trouble.
struct Town {
    /// The token that the gateway accepts.
    static let token = "wa_town_4711_SECRET"

    private let scratch: ScratchFolder

    /// Writes the project; further files replace those of the same name.
    init(_ files: [String: String] = [:]) throws {
        scratch = try ScratchFolder()
        let all = ["rollcall.yaml": Self.configuration, "policies/town.yaml": Self.policy, "gateway.yaml": Self.seed]
        for (name, text) in all.merging(files, uniquingKeysWith: { $1 }) { try scratch.write(name, text) }
    }

    /// Copies an example.
    init(copyOf example: String) throws {
        scratch = try ScratchFolder()
        let files = FileManager.default
        let source = "\(Program.sources)/examples/\(example)"
        for name in try files.contentsOfDirectory(atPath: source) {
            try files.copyItem(atPath: "\(source)/\(name)", toPath: scratch.path(name))
        }
    }

    /// Returns the path of a project file.
    func path(_ name: String = "") -> String { scratch.path(name) }

    /// Writes a project file.
    func write(_ name: String, _ text: String) throws { try scratch.write(name, text) }

    /// Returns the text of a project file.
    func text(_ name: String) -> String { scratch.text(name) }

    /// Returns the program in the project's folder, with only the gateway's address and the token in its environment.
    func rollcall(_ url: String, token: String? = Town.token, _ more: [String: String] = [:]) -> Program {
        var environment = ["ROLLCALL_GATEWAY_URL": url].merging(more) { $1 }
        environment["ROLLCALL_TOKEN"] = token
        return Program(
            executable: "\(Program.built)/rollcall", environment: environment, folder: path(),
            holding: scratch)
    }

    /// Runs a body with a simulator that serves the project's world.
    func served<Value>(_ body: (RunningSimulator) async throws -> Value) async throws -> Value {
        try await RunningSimulator.serving(path("gateway.yaml"), body)
    }

    /// No pauses, and a short settle time.
    static let configuration = """
        gateway: { url: "http://127.0.0.1:1" }
        policies: [policies]
        pace: { calls_per_minute: 0, settle: 300ms }
        """

    /// An address where nobody listens.
    static let nowhere = "http://127.0.0.1:1"

    private static let policy = """
        session: S1
        people:
          ada: +44 7700 900101
          ben: +44 7700 900102
          cleo: +44 7700 900103
          shy_dora: +44 7700 900104
          long_ago: { phone: +44 7700 900105, note: moved away }
        groups:
          120363000000000001@g.us:
            name: Choir
            admins: [ada]
            members: [ben, cleo, shy_dora, { who: long_ago, until: 2020-01-31, reason: moved away }]
          120363000000000002@g.us:
            name: Choir board
            admins: [ada]
          120363000000000003@g.us:
            name: Not ours
            members: [ben]
            mode: additive
          120363000000000004@g.us:
            admins: [ben]
            mode: additive
            members: [ada]
        """

    private static let seed = """
        organisations: { town: { keys: { key: { token: \(token) }, other: { token: wa_other } } } }
        people:
          desk: { phone: +44 7700 900100, name: Town desk }
          ada: { phone: +44 7700 900101 }
          ben: { phone: +44 7700 900102 }
          cleo: { phone: +44 7700 900103 }
          dora: { phone: +44 7700 900104, adds: declines }
          long_ago: { phone: +44 7700 900105 }
          hidden: { phone: +44 7700 900106, lid: 150000000000106@lid, number: hidden }
          hidden_too: { phone: +44 7700 900107, lid: 150000000000107@lid, number: hidden }
          creator: { phone: +44 7700 900108 }
        sessions:
          S1: { organisation: town, account: desk }
        groups:
          120363000000000001@g.us:
            session: S1
            subject: "Choir \\e[31mred\\u202E"
            creator: creator
            admins: [desk, creator, ben]
            members: [ada, hidden, hidden_too, +44 7700 900120]
          120363000000000002@g.us:
            session: S1
            subject: Choir board
            creator: desk
            admins: [desk, ada]
            members: [+44 7700 900131, +44 7700 900132, +44 7700 900133, +44 7700 900134]
          120363000000000003@g.us:
            session: S1
            subject: Not ours
            creator: creator
            admins: [creator]
            members: [desk]
          120363000000000004@g.us:
            session: S1
            subject: "\\e[2JCleared"
            creator: desk
            admins: [desk, ben]
            members: [ada]
        """
}
