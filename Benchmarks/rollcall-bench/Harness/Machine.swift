import Foundation

/// The machine's specification, without its name.
struct Machine: Sendable {
    /// The specification in one sentence.
    let sentence: String

    /// Reads the specification from the system.
    static func current(_ bench: Bench) throws -> Machine {
        let model = field("model name", of: "/proc/cpuinfo") ?? "an unknown processor"
        let memory = field("MemTotal", of: "/proc/meminfo").flatMap { Int($0.prefix { $0 != " " }) } ?? 0
        let kernel = contents(of: "/proc/sys/kernel/osrelease").prefix { $0.isNumber || $0 == "." }
        let system =
            field("PRETTY_NAME", of: "/etc/os-release", separator: "=")?
            .trimmingCharacters(in: CharacterSet(charactersIn: "\"")) ?? "Linux"
        let swift = try bench.run("/usr/bin/env", ["swift", "--version"]).output
        let version = swift.components(separatedBy: "Swift version ").dropFirst().first?.prefix { $0 != " " } ?? "?"
        let day = ISO8601DateFormatter.string(
            from: Date(), timeZone: TimeZone(secondsFromGMT: 0) ?? .current, formatOptions: .withFullDate)
        let cores = ProcessInfo.processInfo.processorCount
        let gigabytes = (Double(memory) * 1_024 / 1e9).threeDigits
        return Machine(
            sentence:
                "Measured on \(day): \(model), \(cores) cores, \(gigabytes) GB of memory, \(system), Linux \(kernel), "
                + "Swift \(version).")
    }

    private static func contents(of path: String) -> String {
        (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    }

    /// Returns the value after a name at the start of a line.
    private static func field(_ name: String, of path: String, separator: Character = ":") -> String? {
        let line = contents(of: path).split(separator: "\n").first { $0.hasPrefix(name) }
        return line?.split(separator: separator, maxSplits: 1).last.map { $0.trimmingCharacters(in: .whitespaces) }
    }
}

/// The program's size and the libraries it links.
struct ProgramFacts: Sendable {
    /// The facts in one or two sentences.
    let sentence: String

    /// Reads the facts from the program file.
    static func current(_ bench: Bench) throws -> ProgramFacts {
        let size = try FileManager.default.attributesOfItem(atPath: bench.rollcall)[.size] as? Int ?? 0
        let described = try bench.run("/usr/bin/env", ["objdump", "-p", bench.rollcall]).output
        var needed: [String] = []
        for line in described.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 2, words[0] == "NEEDED" { needed.append(String(words[1])) }
        }
        let sections = try bench.run("/usr/bin/env", ["readelf", "--sections", "--wide", bench.rollcall]).output
        let state = sections.contains(" .symtab ") ? "not stripped" : "stripped"
        let library = needed.contains { $0.hasPrefix("libswift") } ? "without" : "with"
        let bytes = Figure.Unit.bytes.text(of: Double(size))
        return ProgramFacts(
            sentence: "The program is \(bytes) large, \(state), \(library) Swift's library in it. It links "
                + "\(needed.joined(separator: ", ")).")
    }
}
