import Core
import GatewaySimulator
import Testing

@Suite("The world against a model")
struct ModelTests {
    /// A small generator of reproducible numbers.
    private struct Dice: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state ^ (state >> 29)) &* 0xbf58_476d_1ce4_e5b9
        }
    }

    @Test("Any sequence of changes leaves the same roles as a dictionary model", arguments: 0..<50)
    func anySequence(start: Int) throws {
        var dice = Dice(state: UInt64(start))
        let sizeLimit = 8
        let declining = try SampleWorld.phone(120)
        let sample = try SampleWorld(adjust: { seed in
            seed.groups[0].sizeLimit = sizeLimit
            seed.people.append(PersonSeed(phone: declining, adds: .declines))
            seed.behaviour.lag = Lag(milliseconds: 10)
        })
        var model: [PhoneNumber: Role] = [
            sample.own: .admin, sample.creator: .admin, sample.admin: .admin, sample.member: .member,
        ]
        let others = try (104..<112 as Range<UInt64>).map { try SampleWorld.phone($0) }
        let phones = others + [declining, sample.creator, sample.admin, sample.member]
        for _ in 0..<60 {
            let phone = try #require(phones.randomElement(using: &dice))
            let role = model[phone]
            let expected: Int
            let response: SimulatedResponse
            switch Int.random(in: 0..<4, using: &dice) {
            case 0:
                response = sample.add([phone])
                expected = 204
                if role == nil, phone != declining, model.count < sizeLimit { model[phone] = .member }
            case 1:
                response = sample.remove(phone)
                expected = 204
                if phone != sample.creator { model[phone] = nil }
            case 2:
                response = sample.promote(phone)
                expected = role == nil ? 404 : 204
                if role != nil { model[phone] = .admin }
            default:
                response = sample.demote(phone)
                expected = role == nil ? 404 : 204
                if role != nil, phone != sample.creator { model[phone] = .member }
            }
            #expect(response.status == expected)
            #expect(try sample.roles() == model)
        }
        sample.clock.advance(byMilliseconds: 10)
        let listed = try Set(sample.listedMembers())
        let lids = try Set(model.keys.map { try #require(sample.world.lid(of: $0)).description })
        #expect(listed == lids)
        let group = try sample.ask("GET", sample.groupPath).decoded(Group.self)
        #expect(group.participantCount == model.count)
    }
}
