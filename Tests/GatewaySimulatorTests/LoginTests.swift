import Core
import Foundation
import JWTKit
import Testing

@testable import GatewaySimulator

@Suite("Login tokens")
struct LoginTests {
    private func ask(_ sample: SampleWorld, _ authority: LoginAuthority, token: String, path: String = "/groups") async
        -> SimulatedResponse
    {
        let request = SimulatedRequest(
            method: "GET", path: "/api/v1/sessions/\(SampleWorld.session)\(path)",
            headers: [("Authorization", "bearer \(token)")])
        return sample.world.respond(to: request, login: await authority.identity(in: request))
    }

    @Test("Each role allows what its name says", arguments: LoginRole.allCases)
    func roles(role: LoginRole) async throws {
        let sample = try SampleWorld()
        let authority = try await LoginAuthority(clock: { [clock = sample.clock] in clock.now })
        let token = try await authority.token(organisation: "school", role: role, subject: "ana")
        #expect(await ask(sample, authority, token: token).status == 200)
        #expect(await ask(sample, authority, token: token, path: "/me").status == (role == .admin ? 200 : 403))
        #expect(sample.world.journal.map(\.caller) == ["ana", "ana"])
    }

    @Test("A session of another organisation is not found in any role")
    func otherOrganisation() async throws {
        let sample = try SampleWorld()
        let authority = try await LoginAuthority(clock: { [clock = sample.clock] in clock.now })
        let token = try await authority.token(organisation: "club")
        #expect(await ask(sample, authority, token: token).status == 404)
        let unknown = try await authority.token(organisation: "nobody")
        #expect(await ask(sample, authority, token: unknown).status == 401)
    }

    @Test("A token is refused from the second in which it expires")
    func expiry() async throws {
        let sample = try SampleWorld()
        let authority = try await LoginAuthority(clock: { [clock = sample.clock] in clock.now })
        let token = try await authority.token(organisation: "school", lifetime: .seconds(60))
        sample.clock.advance(byMilliseconds: 59_999)
        #expect(await ask(sample, authority, token: token).status == 200)
        sample.clock.advance(byMilliseconds: 1)
        let response = await ask(sample, authority, token: token)
        #expect(response.status == 401)
        #expect(response.errorCode == "unauthorized")
    }

    @Test("A token of another authority, an unsigned one and a forged one are refused")
    func refused() async throws {
        let sample = try SampleWorld()
        let clock: @Sendable () -> Timestamp = { [clock = sample.clock] in clock.now }
        let authority = try await LoginAuthority(clock: clock)
        let token = try await authority.token(organisation: "school")
        let parts = token.split(separator: ".").map(String.init)
        let other = try await LoginAuthority(clock: clock).token(organisation: "school")
        let foreignParts = try await authority.token(organisation: "club").split(separator: ".").map(String.init)
        let shared = JWTKeyCollection()
        await shared.add(
            hmac: "a secret that an attacker has chosen", digestAlgorithm: .sha256, kid: "gateway-simulator-1")
        let symmetric = try await shared.sign(
            LoginClaims(sub: "eve", organizationId: "school", role: .admin, exp: 4_000_000_000),
            kid: "gateway-simulator-1")
        func encoded(_ text: String) -> String {
            Data(text.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
                .replacing("=", with: "")
        }
        let refused = [
            other, symmetric, "\(encoded(#"{"alg":"none"}"#)).\(parts[1]).",
            "\(encoded(#"{"alg":"none","kid":"gateway-simulator-1"}"#)).\(parts[1]).\(parts[2])",
            "\(parts[0]).\(foreignParts[1]).\(parts[2])", "\(parts[0]).\(parts[1]).", "\(parts[0]).\(parts[1])", "..",
            "a.b.c", "\(parts[0]).\(encoded("[]")).\(parts[2])", "\(encoded("{}")).\(parts[1]).\(parts[2])",
        ]
        for token in refused {
            #expect(await ask(sample, authority, token: token).status == 401)
        }
        #expect(await ask(sample, authority, token: token).status == 200)
    }

    @Test("The published keys verify a token")
    func published() async throws {
        let authority = try await LoginAuthority()
        let token = try await authority.token(organisation: "school", role: .viewer, subject: "ana")
        let text = String(decoding: try authority.publishedKeysText(), as: UTF8.self)
        #expect(!text.contains(#""d""#))
        let claims = try await JWTKeyCollection().add(jwksJSON: text).verify(token, as: LoginClaims.self)
        #expect(claims.organizationId == "school")
        #expect(claims.role == .viewer)
        #expect(claims.sub == "ana")
    }
}
