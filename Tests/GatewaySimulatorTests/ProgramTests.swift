import Foundation
import GatewaySimulator
import HTTPTransfer
import Testing

/// Runs the built program.
@Suite("The program", .serialized)
struct ProgramTests {
    private struct Outcome {
        let status: Int32
        let output: String
        let errors: String
    }

    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// Runs the program to its end; passes its URL to `whileServing`, and then stops it.
    private func run(
        _ arguments: [String], signal: Int32 = SIGTERM,
        whileServing: (@Sendable (String) async throws -> Void)? = nil
    ) async throws -> Outcome {
        let scratch = FileManager.default.temporaryDirectory.appending(path: "simulator-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }
        func sink(_ name: String) throws -> FileHandle {
            let url = scratch.appending(path: name)
            try Data().write(to: url)
            return try FileHandle(forWritingTo: url)
        }
        let urlFile = scratch.appending(path: "url")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent().appending(path: "gateway-simulator")
        process.arguments = arguments + (whileServing == nil ? [] : ["--port", "0", "--url-file", urlFile.path])
        process.standardOutput = try sink("output")
        process.standardError = try sink("errors")
        let (ended, announce) = AsyncStream.makeStream(of: Int32.self)
        process.terminationHandler = { process in
            announce.yield(process.terminationStatus)
            announce.finish()
        }
        try process.run()
        if let whileServing {
            while process.isRunning, !FileManager.default.fileExists(atPath: urlFile.path) {
                try await Task.sleep(for: .milliseconds(10))
            }
            if let text = try? String(contentsOf: urlFile, encoding: .utf8) {
                try await whileServing(text.trimmingCharacters(in: .newlines))
            }
            kill(process.processIdentifier, signal)
        }
        var status: Int32 = -1
        for await value in ended { status = value }
        func text(_ name: String) throws -> String {
            try String(contentsOf: scratch.appending(path: name), encoding: .utf8)
        }
        return Outcome(status: status, output: try text("output"), errors: try text("errors"))
    }

    private static func seed(_ example: String) -> String {
        folder.appending(path: "examples/\(example)/gateway.yaml").path
    }

    @Test(
        "The program prints its URL, serves, and exits cleanly when stopped, even with open connections",
        arguments: [SIGTERM, SIGINT])
    func serves(signal: Int32) async throws {
        let transfer = CurlTransfer(settings: TransferSettings(userAgent: "test", environment: [:]))
        let outcome = try await run(["--seed", Self.seed("school"), "--control"], signal: signal) { url in
            let client = Client(url: url, transfer: transfer)
            let answer = try await client.ask("GET", "/api/v1/sessions", ("x-api-key", "wa_school_demo"))
            #expect(answer.status == 200)
            #expect(try await client.ask("GET", "/_simulator/state", ("accept", "*/*")).status == 200)
        }
        await transfer.close()
        #expect(outcome.status == 0)
        let lines = outcome.output.split(separator: "\n")
        #expect(lines.count == 1)
        #expect(try #require(lines.first).wholeMatch(of: /listening on http:\/\/127\.0\.0\.1:[0-9]+/) != nil)
        #expect(outcome.errors.isEmpty)
    }

    @Test("The program prints a valid login token, and serves control paths only if asked")
    func printsToken() async throws {
        let outcome = try await run(["--seed", Self.seed("school"), "--print-token", "larkhill:viewer"]) { url in
            let transfer = CurlTransfer(settings: TransferSettings(userAgent: "test", environment: [:]))
            let client = Client(url: url, transfer: transfer)
            let answer = try await client.ask("GET", "/_simulator/state", ("accept", "*/*"))
            #expect(answer.status == 404)
            await transfer.close()
        }
        #expect(outcome.output.hasPrefix("token ey"))
        #expect(outcome.output.split(separator: "\n").count == 2)
    }

    @Test("An invalid or missing seed file, or an unknown organisation, is reported only on standard error")
    func refusals() async throws {
        let broken = FileManager.default.temporaryDirectory.appending(path: "seed-\(UUID().uuidString).yaml")
        try Data("people:\n  ana: 12\n".utf8).write(to: broken)
        defer { try? FileManager.default.removeItem(at: broken) }
        let wrong = try await run(["--seed", broken.path])
        #expect(wrong.status == 65)
        #expect(wrong.errors.hasPrefix("\(broken.path):2:8: error: '12' is not a phone number"))
        let missing = try await run(["--seed", "/nowhere/gateway.yaml"])
        #expect(missing.status == 64)
        #expect(missing.errors.contains("/nowhere/gateway.yaml cannot be read"))
        let folder = try await run(["--seed", Self.folder.path])
        #expect(folder.status == 64)
        let unknown = try await run(["--seed", Self.seed("school"), "--print-token", "nobody"])
        #expect(unknown.status == 64)
        #expect(unknown.errors.contains("the seed has no organisation 'nobody'; it has larkhill"))
        let role = try await run(["--seed", Self.seed("school"), "--print-token", "larkhill:king"])
        #expect(role.status == 64)
        for outcome in [wrong, missing, folder, unknown, role] { #expect(outcome.output.isEmpty) }
    }

    @Test("Text from a seed file never controls the terminal or starts a line, wherever the error is")
    func hostileSeeds() async throws {
        let hostile = #"\e[31m\e]0;x\a\u009B\u202E\u2028\u0085\r\nend"#
        let texts = [
            #""*": {}"#, #"people: { "*": {} }"#, #"people: { a: "*" }"#, #"people: { "*": +447700900101, "*": 1 }"#,
            #"{ people: { "*x": +447700900101 }, sessions: { s: { organisation: o, account: "*y" } } }"#,
            #"sessions: { "*": {} }"#,
            #"sessions: { s: { organisation: "*" } }"#, #"organisations: { a: { keys: { "*": {} } } }"#,
            #"groups: { "*": {} }"#, #"groups: { 1@g.us: { session: "*", created_at: "*" } }"#,
            #"behaviour: { creator: "*" }"#, #"faults: [{ path: a, change: { "*": [1] } }]"#,
            #"organisations: { "*": {}, b: { keys: { "*": { token: x } } } }"#,
        ]
        let file = FileManager.default.temporaryDirectory.appending(path: "seed-\(UUID().uuidString).yaml")
        defer { try? FileManager.default.removeItem(at: file) }
        for text in texts {
            try Data(text.replacing("*", with: hostile).utf8).write(to: file)
            let outcome = try await run(["--seed", file.path])
            #expect(outcome.status == 65)
            #expect(outcome.errors.contains("end"), "\(outcome.errors)")
            #expect(outcome.errors.split(separator: "\n").allSatisfy { $0.hasPrefix("\(file.path):") })
            for scalar in outcome.errors.unicodeScalars where scalar != "\n" {
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator: Issue.record("\(scalar.value) in \(text)")
                default: break
                }
            }
        }
        try Data("organisations: { \"\(hostile)\": {} }".utf8).write(to: file)
        let unknown = try await run(["--seed", file.path, "--print-token", "a"])
        #expect(unknown.status == 64)
        #expect(unknown.errors.contains(#"it has \u{1B}[31m"#) && unknown.errors.split(separator: "\n").count == 1)
    }
}
