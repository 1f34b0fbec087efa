package import Core
import FoundationEssentials
package import JWTKit

/// A stand-in for the login frontend: signs login tokens, publishes its keys and checks tokens.
///
/// Each authority makes its own key pair, so a token of one run is invalid in the next.
package struct LoginAuthority: Sendable {
    /// The published keys that verify tokens.
    package let publishedKeys: JWKS
    private let signer: JWTKeyCollection
    private let verifier: JWTKeyCollection
    private let clock: @Sendable () -> Timestamp

    /// The path of the published keys, outside the API.
    package static let keysPath = "/.well-known/jwks.json"

    private static let keyID = JWKIdentifier(string: "gateway-simulator-1")

    /// Makes a key pair.
    package init(clock: @escaping @Sendable () -> Timestamp = SimulatedWorld.systemTime) async throws {
        let key = ES256PrivateKey()
        // RFC 7518 requires base64url without padding; the key's own parameters are plain base64.
        func urlSafe(_ text: String) -> String {
            text.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        }
        publishedKeys = JWKS(keys: [
            .ecdsa(
                .es256, identifier: Self.keyID, x: key.parameters.map { urlSafe($0.x) },
                y: key.parameters.map { urlSafe($0.y) }, curve: .p256)
        ])
        signer = await JWTKeyCollection().add(ecdsa: key, kid: Self.keyID)
        verifier = try await JWTKeyCollection().add(jwks: publishedKeys)
        self.clock = clock
    }

    /// Returns the published keys as JSON.
    package func publishedKeysText() throws -> [UInt8] { Array(try JSONEncoder().encode(publishedKeys)) }

    /// Signs a token for a person of an organisation.
    package func token(
        organisation: String, role: LoginRole = .admin, subject: String = "someone",
        lifetime: Duration = .seconds(3_600), isSuperAdmin: Bool = false
    ) async throws -> String {
        let (seconds, _) = lifetime.components
        let (expiry, overflows) = (clock().milliseconds / 1_000).addingReportingOverflow(seconds)
        let claims = LoginClaims(
            sub: subject, organizationId: organisation, role: role,
            exp: overflows ? Int64(Int32.max) : expiry, platformRole: isSuperAdmin ? LoginClaims.superAdmin : nil)
        return try await signer.sign(claims, kid: Self.keyID)
    }

    /// Returns who a token identifies; nil unless this authority signed it, and it is well-formed and not expired.
    package func identity(of token: String) async -> Caller? {
        let parsed = try? DefaultJWTParser().parse(Array(token.utf8), as: LoginClaims.self)
        guard parsed?.header.alg == "ES256", let claims = try? await verifier.verify(token, as: LoginClaims.self),
            clock().milliseconds / 1_000 < claims.exp
        else { return nil }
        return Caller(
            organisation: claims.organizationId, permissions: claims.role.permissions, name: claims.sub,
            isSuperAdmin: claims.platformRole == LoginClaims.superAdmin)
    }

    /// Returns who the login token of a request identifies; nil without a valid one.
    package func identity(in request: SimulatedRequest) async -> Caller? {
        guard let header = request.header("authorization"), let token = BearerToken.token(in: header) else {
            return nil
        }
        return await identity(of: token)
    }
}

/// The claims of a login token.
package struct LoginClaims: JWTPayload, Equatable {
    /// The person.
    package let sub: String
    /// The organisation's id.
    package let organizationId: String
    /// The role in the organisation.
    package let role: LoginRole
    /// When the token expires, in seconds since 1970.
    package let exp: Int64
    /// The role on the whole platform; nil for most people.
    package var platformRole: String?

    /// The platform role that may run backfills.
    package static let superAdmin = "super_admin"

    /// Accepts all: the authority checks expiry, with a clock that tests control.
    package func verify(using algorithm: some JWTAlgorithm) throws {}
}
