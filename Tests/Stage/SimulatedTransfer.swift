import Foundation
package import GatewaySimulator
package import HTTPTransfer

/// Passes requests to a simulated gateway in the same process, without a network.
package struct SimulatedTransfer: HTTPExchanging {
    private let world: SimulatedWorld
    private let responseLimit = TransferSettings(userAgent: "", environment: [:]).responseLimit

    /// Passes requests to a world.
    package init(_ world: SimulatedWorld) { self.world = world }

    /// Returns the world's answer.
    package func exchange(_ request: HTTPRequest) async throws(TransferError) -> HTTPResponse {
        guard let scheme = request.url.range(of: "://"),
            let slash = request.url[scheme.upperBound...].firstIndex(of: "/")
        else { throw .unreachable("no path in the URL") }
        let simulated = SimulatedRequest(
            method: request.method, path: String(request.url[slash...]), headers: request.headers,
            body: request.body ?? [])
        let isSuperAdmin = simulated.header("authorization") == "Bearer \(Stage.superAdminToken)"
        let response = world.respond(to: simulated, login: isSuperAdmin ? Stage.superAdmin : nil)
        switch response.delivery {
        case .whole, .drip: break
        case .cut, .reset: throw .interrupted("the connection broke")
        case .never: throw .timedOut("no answer came")
        case .oversized(let megabytes):
            guard response.body.count <= responseLimit - megabytes << 20 else { throw .tooLarge(limit: responseLimit) }
        }
        return HTTPResponse(status: response.status, headers: response.headers, body: response.body)
    }
}

extension Stage {
    /// A login token that a simulated gateway accepts as a platform super_admin's.
    package static let superAdminToken = "jwt.super.admin"

    /// The login of that token.
    static let superAdmin = Caller(
        organisation: "org", permissions: LoginRole.admin.permissions, name: "super-admin", isSuperAdmin: true)
}
