import Foundation

/// The paths, and how thoroughly to measure.
struct Bench: Sendable {
    /// Minimum number of runs of each measurement.
    let runs: Int
    /// True if a tenth of the work is enough.
    let isQuick: Bool
    /// Absolute path of the folder with the build products.
    let scratch: String

    /// The folder for generated files, emptied at the start.
    var work: String { "\(scratch)/work" }
    /// The measured program.
    var rollcall: String { "\(scratch)/release/rollcall" }
    var simulator: String { "\(scratch)/release/gateway-simulator" }
    /// A Python with the packages that the yardsticks import.
    var python: String { "\(scratch)/venv/bin/python" }

    /// Checks that everything `make bench` builds is there.
    init(scratch: String, runs: Int, isQuick: Bool) throws {
        self.scratch = URL(fileURLWithPath: scratch).standardizedFileURL.path
        self.runs = runs
        self.isQuick = isQuick
        let files = FileManager.default
        for program in [rollcall, simulator, python] + ["measured", "yaml_events", "send_calls"].map(yardstick)
        where !files.isExecutableFile(atPath: program) {
            throw Complaint("\(program) is missing; `make bench` builds it.")
        }
        if files.fileExists(atPath: work) { try files.removeItem(atPath: work) }
        try files.createDirectory(atPath: path("running"), withIntermediateDirectories: true)
    }

    /// Path of a compiled yardstick.
    func yardstick(_ name: String) -> String { "\(scratch)/yardsticks/\(name)" }

    /// Path of a yardstick script.
    func script(_ name: String) -> String { "\(scratch)/yardsticks/\(name)" }

    /// A path inside the work folder.
    func path(_ name: String) -> String { "\(work)/\(name)" }

    /// Creates an empty folder inside the work folder.
    func folder(_ name: String) throws -> String {
        let path = path(name)
        let files = FileManager.default
        if files.fileExists(atPath: path) { try files.removeItem(atPath: path) }
        try files.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    /// Returns the amount of work, or a tenth of it in a quick run.
    func scaled(_ count: Int) -> Int { isQuick ? max(1, count / 10) : count }

    /// Prints progress to standard error.
    func say(_ line: String) { FileHandle.standardError.write(Data("\(line)\n".utf8)) }
}
