import HTTPTransfer
import Stage
import Testing

@testable import GatewaySimulator

@Suite("The simulated gateway without a network")
struct SimulatedTransferTests {
    /// Returns the result of a request with a fault, as a sentence.
    private func outcome(_ fault: Fault) async throws -> String {
        let world = try SimulatedWorld(WorldSeed())
        world.inject(FaultRule(path: "*", fault: fault))
        let request = HTTPRequest(method: "GET", url: "http://gateway.example/api/v1/sessions")
        do throws(TransferError) {
            return "status \(try await SimulatedTransfer(world).exchange(request).status)"
        } catch {
            switch error {
            case .timedOut: return "timed out"
            case .interrupted: return "interrupted"
            case .tooLarge(let limit): return "larger than \(limit)"
            case .invalidRequest, .unreachable, .malformed, .cancelled: return "\(error)"
            }
        }
    }

    @Test("The in-process transfer alters answers as HTTP would")
    func outcomes() async throws {
        #expect(try await outcome(.drip(milliseconds: 1)) == "status 401")
        #expect(try await outcome(.truncate(bytes: 1)) == "interrupted")
        #expect(try await outcome(.reset(afterEffect: true)) == "interrupted")
        #expect(try await outcome(.hang(afterEffect: false)) == "timed out")
        #expect(try await outcome(.hang(afterEffect: true)) == "timed out")
        #expect(try await outcome(.gzipBomb(megabytes: 63)) == "status 401")
        #expect(try await outcome(.gzipBomb(megabytes: 64)) == "larger than 67108864")
    }
}
