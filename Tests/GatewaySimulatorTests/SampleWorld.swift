import Core
import Foundation
import Testing

@testable import GatewaySimulator

/// A clock that moves only when a test moves it.
final class HeldClock: Sendable {
    private let milliseconds = Guarded<Int64>(1_795_000_000_000)

    var now: Timestamp { Timestamp(milliseconds: milliseconds.withLock { $0 }) }

    func advance(byMilliseconds difference: Int64) { milliseconds.withLock { $0 += difference } }
}

/// One organisation with a connected session and a group, and a second organisation with its own session.
struct SampleWorld {
    static let session = "01J9SESSION000000000000001"
    static let foreignSession = "01J9SESSION000000000000002"
    static let group = "120363041234567890@g.us"

    let world: SimulatedWorld
    let clock = HeldClock()
    let groupID: GroupID
    let sessionID: SessionID
    let own: PhoneNumber
    let creator: PhoneNumber
    let admin: PhoneNumber
    let member: PhoneNumber
    let outsider: PhoneNumber

    init(
        adjust: (inout WorldSeed) throws -> Void = { _ in }, servesControlPaths: Bool = false,
        observer: (@Sendable (WorldChange) -> Void)? = nil
    ) throws {
        groupID = try #require(GroupID(Self.group))
        sessionID = try #require(SessionID(Self.session))
        let foreign = try #require(SessionID(Self.foreignSession))
        own = try Self.phone(100)
        creator = try Self.phone(101)
        admin = try Self.phone(102)
        member = try Self.phone(103)
        outsider = try Self.phone(104)
        let everything = Set(Permission.allCases)
        var seed = WorldSeed(
            organisations: [
                OrganisationSeed(
                    id: "school",
                    keys: [
                        APIKeySeed(name: "full", token: "wa_full", permissions: everything),
                        APIKeySeed(name: "reader", token: "wa_reader", permissions: [.read]),
                        APIKeySeed(name: "sender", token: "wa_sender", permissions: [.send]),
                        APIKeySeed(name: "manager", token: "wa_manager", permissions: [.manage]),
                    ]),
                OrganisationSeed(
                    id: "club", keys: [APIKeySeed(name: "club", token: "wa_club", permissions: everything)]),
            ],
            people: [
                PersonSeed(phone: creator, lid: LID(digits: 205_227_043_110_953), name: "Citra", tag: "boss"),
                PersonSeed(phone: admin, name: "Adi"), PersonSeed(phone: member, name: "Made \"M\"\n\u{1}"),
            ],
            sessions: [
                SessionSeed(id: sessionID, organisation: "school", account: own, label: "Office"),
                SessionSeed(id: foreign, organisation: "club", account: try Self.phone(190)),
            ],
            groups: [
                GroupSeed(
                    id: groupID, sessions: [sessionID], subject: "Volunteers", creator: creator,
                    admins: [own, creator, admin], members: [member])
            ])
        try adjust(&seed)
        world = try SimulatedWorld(
            seed, servesControlPaths: servesControlPaths, clock: { [clock] in clock.now }, observer: observer)
    }

    /// Returns a number from the range reserved for fiction.
    static func phone(_ last: UInt64) throws -> PhoneNumber {
        try #require(PhoneNumber(digits: 447_700_900_000 + last))
    }

    /// Requests a path below the session.
    func ask(
        _ method: String, _ path: String, key: String? = "wa_full", body: String = "", session: String = session
    ) -> SimulatedResponse {
        world.respond(
            to: SimulatedRequest(
                method: method, path: "/api/v1/sessions/\(session)\(path)",
                headers: key.map { [("Authorization", "Bearer \($0)")] } ?? [], body: Array(body.utf8)))
    }

    var groupPath: String { "/groups/120363041234567890%40g.us" }

    func add(_ phones: [PhoneNumber]) -> SimulatedResponse {
        let list = phones.map { "\"\($0.jid)\"" }.joined(separator: ",")
        return ask("POST", "\(groupPath)/members", body: "{\"participants\":[\(list)]}")
    }

    func remove(_ phone: PhoneNumber) -> SimulatedResponse {
        ask("DELETE", "\(groupPath)/members/\(phone.digits)%40s.whatsapp.net")
    }

    func promote(_ phone: PhoneNumber) -> SimulatedResponse {
        ask("POST", "\(groupPath)/members/\(phone.digits)%40s.whatsapp.net/promote")
    }

    func demote(_ phone: PhoneNumber) -> SimulatedResponse {
        ask("POST", "\(groupPath)/members/\(phone.digits)%40s.whatsapp.net/demote")
    }

    /// Changes a member named by LID.
    func change(_ method: String, _ lid: LID, _ action: String = "") -> SimulatedResponse {
        ask(method, "\(groupPath)/members/\(lid.digits)%40lid\(action)")
    }

    /// Returns the listed members of all pages.
    func rows() throws -> [Member] {
        try Page<Member>.all { cursor in
            ask("GET", "\(groupPath)/members" + (cursor.map { "?cursor=\($0)" } ?? ""))
        }
    }

    /// Returns the LIDs of the listed members of all pages.
    func listedMembers() throws -> [String] { try rows().map(\.lid) }

    /// Returns the row of a person; nil if there is none.
    func row(of phone: PhoneNumber) throws -> Member? {
        let lid = try #require(world.lid(of: phone)).description
        return try rows().first { $0.lid == lid }
    }

    func isListed(_ phone: PhoneNumber) throws -> Bool {
        try listedMembers().contains(try #require(world.lid(of: phone)).description)
    }

    func roles() throws -> [PhoneNumber: Role] { try #require(world.trueGroup(groupID)).roles }

    func lastOutcomes() throws -> [ParticipantEffect.Outcome] {
        try #require(world.journal.last).effects.map(\.outcome)
    }
}

/// A page of a list.
struct Page<Element: Decodable>: Decodable {
    let data: [Element]
    let nextCursor: String?

    /// Returns the entries of all pages; escapes the cursor as a client must.
    static func all(_ fetch: (String?) throws -> SimulatedResponse) throws -> [Element] {
        var elements: [Element] = []
        var cursor: String?
        repeat {
            let escaped = cursor?.addingPercentEncoding(withAllowedCharacters: .alphanumerics)
            let page = try JSONDecoder().decode(Page.self, from: Data(try fetch(escaped).body))
            elements += page.data
            cursor = page.nextCursor.flatMap { $0.isEmpty ? nil : $0 }
        } while cursor != nil && elements.count < 100_000
        return elements
    }
}

struct Member: Decodable {
    let lid: String
    let role: String
    let tag: String?
    let firstSeenAt: Int64
    let lastSeenAt: Int64?
}

struct Group: Decodable {
    let groupJid: String
    let subject: String?
    let ownerJid: String?
    let participantCount: Int
}

struct Contact: Decodable {
    let lid: String
    let phoneJid: String?
    let phoneNumber: String?
    let name: String?
}

struct Check: Decodable {
    let isOnWhatsApp: Bool
    let jid: String?
    let query: String
}

struct Envelope: Decodable {
    struct Body: Decodable {
        let code: String
        let message: String
    }

    let error: Body
}

extension SimulatedResponse {
    func decoded<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(body))
    }

    var errorCode: String? { (try? decoded(Envelope.self))?.error.code }
}
