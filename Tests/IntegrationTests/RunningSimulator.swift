import Foundation
import FoundationNetworking
import Glibc
import HTTPTransfer

/// The gateway simulator as a separate process, on a free loopback port.
struct RunningSimulator {
    /// Where it listens.
    let url: String
    /// A login token of a platform super_admin; empty if none was requested.
    let superAdminToken: String
    private let process: RunningProgram
    private let transfer: CurlTransfer

    /// Why the simulator is not running.
    struct Unusable: Error {
        let reason: String
    }

    /// One request in the simulator's journal.
    struct Entry: Decodable, Hashable {
        /// The method.
        let method: String
        /// The path.
        let path: String
        /// The answered status.
        let status: Int
        /// True if an injected fault affected it.
        let faulty: Bool
    }

    /// Runs a simulator during the body; it has ended when this returns or throws.
    ///
    /// `organisation` is the one whose super_admin gets a login token.
    static func serving<Value>(
        _ seed: String, superAdminOf organisation: String? = nil, _ body: (RunningSimulator) async throws -> Value
    ) async throws -> Value {
        let scratch = try ScratchFolder()
        let process = try Program(executable: "\(Program.built)/gateway-simulator").start(
            [
                "--seed", seed, "--port", "0", "--url-file", scratch.path("url"), "--control",
            ] + (organisation.map { ["--print-token", "\($0):super_admin"] } ?? []))
        let transfer = CurlTransfer(settings: TransferSettings(userAgent: "test", environment: [:]))
        let outcome: Result<Value, any Error>
        do {
            let url = try await address(in: scratch, of: process)
            let first = process.outputSoFar.split(separator: "\n").first { $0.hasPrefix("token ") }
            let simulator = RunningSimulator(
                url: url, superAdminToken: String(first?.dropFirst("token ".count) ?? ""), process: process,
                transfer: transfer)
            outcome = .success(try await body(simulator))
        } catch {
            outcome = .failure(error)
        }
        process.send(SIGTERM)
        _ = await process.ending()
        await transfer.close()
        return try outcome.get()
    }

    private static func address(in scratch: ScratchFolder, of process: RunningProgram) async throws -> String {
        var url: String { scratch.text("url").trimmingCharacters(in: .newlines) }
        try await waitUntil("the simulator's address") { !url.isEmpty || !process.errorsSoFar.isEmpty }
        guard !url.isEmpty else { throw Unusable(reason: process.errorsSoFar) }
        return url
    }

    /// Returns the change requests so far.
    func mutations() async throws -> [Entry] { try await requests().filter { $0.method != "GET" } }

    /// The journal as text.
    var journal: JournalPage { JournalPage(url: url + "/_simulator/journal") }

    /// Returns the requests so far, in order.
    func requests() async throws -> [Entry] {
        struct Journal: Decodable { let entries: [Entry] }
        return try await control("journal", as: Journal.self).entries
    }

    /// Makes an event happen that no API request can cause.
    func happen(_ path: String, _ body: String) async throws {
        let answer = try await transfer.exchange(
            HTTPRequest(
                method: "POST", url: "\(url)/_simulator/\(path)", headers: [("Content-Type", "application/json")],
                body: Array(body.utf8)))
        guard answer.status == 204 else { throw Unusable(reason: String(decoding: answer.body, as: UTF8.self)) }
    }

    /// Returns the answer of a control path.
    func control<Answer: Decodable>(_ path: String, as type: Answer.Type) async throws -> Answer {
        let answer = try await transfer.exchange(HTTPRequest(method: "GET", url: "\(url)/_simulator/\(path)"))
        return try JSONDecoder().decode(type, from: Data(answer.body))
    }
}

/// The simulator's journal, for threads that may block.
struct JournalPage: Sendable {
    /// Its address.
    let url: String

    /// The current journal; empty if it cannot be read.
    var text: String {
        guard let url = URL(string: url), let bytes = try? Data(contentsOf: url) else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }
}
