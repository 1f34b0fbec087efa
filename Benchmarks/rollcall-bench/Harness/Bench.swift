import Foundation

/// Where everything is, and how thoroughly it is measured.
struct Bench: Sendable {
    /// How often each thing is measured at least.
    let runs: Int
    /// Whether a tenth of the work is enough.
    let isQuick: Bool
    /// The absolute path of the folder of what was built.
    let scratch: String

    /// The folder of what is generated, emptied at the beginning.
    var work: String { "\(scratch)/work" }
    /// The programs that are measured.
    var rollcall: String { "\(scratch)/release/rollcall" }
    var simulator: String { "\(scratch)/release/gateway-simulator" }
    /// A Python with what the yardsticks import.
    var python: String { "\(scratch)/venv/bin/python" }

    /// Looks whether all is there that `make bench` builds.
    init(scratch: String, runs: Int, isQuick: Bool) throws {
        self.scratch = URL(fileURLWithPath: scratch).standardizedFileURL.path
        self.runs = runs
        self.isQuick = isQuick
        let files = FileManager.default
        for program in [rollcall, simulator, python] + ["measured", "yaml_events", "send_calls"].map(yardstick)
        where !files.isExecutableFile(atPath: program) {
            throw Complaint("\(program) is not there; `make bench` builds it.")
        }
        if files.fileExists(atPath: work) { try files.removeItem(atPath: work) }
        try files.createDirectory(atPath: path("running"), withIntermediateDirectories: true)
    }

    /// A yardstick that was compiled.
    func yardstick(_ name: String) -> String { "\(scratch)/yardsticks/\(name)" }

    /// A yardstick that is a script.
    func script(_ name: String) -> String { "\(scratch)/yardsticks/\(name)" }

    /// A path below the folder of what is generated.
    func path(_ name: String) -> String { "\(work)/\(name)" }

    /// An empty folder below the folder of what is generated.
    func folder(_ name: String) throws -> String {
        let path = path(name)
        let files = FileManager.default
        if files.fileExists(atPath: path) { try files.removeItem(atPath: path) }
        try files.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    /// So much work, or a tenth of it.
    func scaled(_ count: Int) -> Int { isQuick ? max(1, count / 10) : count }

    /// Tells whoever waits, on standard error.
    func say(_ line: String) { FileHandle.standardError.write(Data("\(line)\n".utf8)) }
}
