import Foundation

/// A server that runs during a measurement.
final class BackgroundProgram {
    private let process = Process()
    private let name: String
    private let errors: String
    private let note: String

    /// Starts a program; its output goes to a file named after it.
    init(_ program: String, _ arguments: [String], in folder: String, for bench: Bench) throws {
        name = URL(fileURLWithPath: program).lastPathComponent
        errors = bench.path("\(name).log")
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.standardInput = FileHandle.nullDevice
        let log = try bench.writer(errors)
        process.standardOutput = log
        process.standardError = log
        try process.run()
        note = try bench.noteRunning(process.processIdentifier)
    }

    deinit { stop() }

    /// Waits until the condition holds, for at most ten seconds and only while the program lives.
    func wait(until isReady: () -> Bool) throws {
        for _ in 0..<200 where process.isRunning {
            if isReady() { return }
            Thread.sleep(forTimeInterval: 0.05)
        }
        let said = (try? String(contentsOfFile: errors, encoding: .utf8)) ?? ""
        throw Complaint("\(name) did not start: \(said.suffix(500))")
    }

    /// Ends the program and waits until it has exited.
    func stop() {
        guard process.isRunning else { return }
        process.terminate()
        process.waitUntilExit()
        // A note that stays behind does no harm: it holds a process number that nobody has.
        unlink(note)
    }
}
