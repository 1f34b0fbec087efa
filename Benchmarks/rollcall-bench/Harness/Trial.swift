import Foundation

/// One complete run of a program, as the system measured it.
struct Trial: Sendable {
    /// Wall time from before the start until after the exit.
    let seconds: Double
    /// Processor time on all processors.
    let processorSeconds: Double
    /// Peak resident memory.
    let peakBytes: Double
    /// The standard output.
    let output: String
}

extension [Trial] {
    /// The wall times.
    var times: Figure { Figure(map(\.seconds), .seconds) }
    /// The processor times.
    var processorTimes: Figure { Figure(map(\.processorSeconds), .seconds) }
    /// The peaks of memory.
    var peaks: Figure { Figure(map(\.peakBytes), .bytes, .most) }
}

extension Bench {
    /// Runs a program to its end; throws on an unexpected exit status or output.
    ///
    /// Its output must contain `saying`. It is killed after `limit` seconds.
    @discardableResult
    func run(
        _ program: String, _ arguments: [String] = [], in folder: String? = nil,
        environment: [String: String] = [:], expecting status: Int = 0, saying text: String? = nil, limit: Int = 1_200
    ) throws -> Trial {
        let (report, output, errors) = (path("report"), path("output"), path("errors"))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: yardstick("measured"))
        process.arguments = [String(limit), report, program] + arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder ?? work)
        process.environment = Self.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try writer(output)
        process.standardError = try writer(errors)
        try process.run()
        let note = try noteRunning(process.processIdentifier)
        process.waitUntilExit()
        try FileManager.default.removeItem(atPath: note)
        let name = ([URL(fileURLWithPath: program).lastPathComponent] + arguments).joined(separator: " ").prefix(200)
        let fields = try String(contentsOfFile: report, encoding: .utf8).split { $0 == " " || $0 == "\n" }
        try FileManager.default.removeItem(atPath: report)
        guard process.terminationStatus == 0, fields.count == 4, let code = Int(fields[0]),
            let wall = Double(fields[1]),
            let processor = Double(fields[2]), let peak = Double(fields[3])
        else { throw Complaint("\(name) could not be measured.") }
        let said = try String(contentsOfFile: output, encoding: .utf8)
        guard code == status else {
            let last = try String(contentsOfFile: errors, encoding: .utf8).suffix(500)
            throw Complaint("\(name) ended with \(code), not \(status): \(said.suffix(300)) \(last)")
        }
        if let text, !said.contains(text) {
            throw Complaint("\(name) did not print “\(text)”, but: \(said.suffix(500))")
        }
        return Trial(seconds: wall / 1e9, processorSeconds: processor / 1e6, peakBytes: peak * 1_024, output: said)
    }

    /// Runs several bodies alternately, so that a slow phase of the machine affects all of them.
    ///
    /// The first of `1 + count` rounds only warms up: it brings files into memory.
    func inTurn(_ count: Int, _ name: String, _ bodies: [() throws -> Trial]) throws -> [[Trial]] {
        var trials = bodies.map { _ in [Trial]() }
        for round in 0...count {
            if count < 20 || round % 10 == 0 { sayRound(round, of: count, name) }
            for (position, body) in bodies.enumerated() {
                let trial = try body()
                if round > 0 { trials[position].append(trial) }
            }
        }
        return trials
    }

    /// Prints the progress of a work; round 0 is the warm-up.
    func sayRound(_ round: Int, of count: Int, _ name: String) {
        say("\(name): \(round == 0 ? "warming up" : "\(round) of \(count)")")
    }

    /// The environment of the programs: nothing from the caller that could change the results.
    private static let environment = [
        "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8",
        "HOME": "/nonexistent", "ROLLCALL_TOKEN": "wa_bench",
    ]

    func writer(_ path: String) throws -> FileHandle {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let handle = FileHandle(forWritingAtPath: path)
        else { throw Complaint("\(path) cannot be written.") }
        return handle
    }

    /// Records a process that must be ended if this one dies; the caller removes the note.
    func noteRunning(_ process: Int32) throws -> String {
        let note = path("running/\(process)")
        try "".write(toFile: note, atomically: false, encoding: .utf8)
        return note
    }
}
