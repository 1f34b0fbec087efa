import ArgumentParser
import Foundation

/// `rollcall-bench`: measures the program on generated work, with yardsticks measured in the same run.
@main
struct RollcallBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollcall-bench", abstract: "Measure rollcall on generated work.",
        discussion: """
            `make bench` builds what is measured and the yardsticks, and runs this. Works: \
            \(WorkName.allCases.map(\.rawValue).joined(separator: ", ")).
            """)

    @Option(parsing: .upToNextOption, help: "Measure only these.")
    var only: [WorkName] = []

    @Option(help: "Minimum number of runs of each measurement.")
    var runs: Int?

    @Flag(help: "Run a tenth of the work twice, to check that everything runs. The bars do not apply.")
    var quick = false

    @Flag(help: "Write the table into docs/performance.md.")
    var write = false

    @Option(help: "The folder for build products and generated files.")
    var scratch = ".build-bench"

    func validate() throws {
        if let runs, !(1...1_000).contains(runs) { throw ValidationError("--runs must be from 1 to 1000.") }
        guard write else { return }
        if quick { throw ValidationError("--write needs a whole run; leave out --quick.") }
        if !only.isEmpty { throw ValidationError("--write needs a whole run; leave out --only.") }
        if let runs, runs < 5 { throw ValidationError("--write needs at least five runs.") }
    }

    func run() async throws {
        let bench = try Bench(scratch: scratch, runs: runs ?? (quick ? 2 : 5), isQuick: quick)
        var sections: [Section] = []
        var complaints: [String] = []
        for name in WorkName.allCases where only.isEmpty || only.contains(name) {
            do {
                bench.say("\(name.rawValue): preparing")
                sections.append(try await name.work.measure(with: bench))
            } catch {
                complaints.append("\(name.rawValue): \(error)")
                bench.say(complaints[complaints.count - 1])
            }
        }
        let table = ResultTable(
            sections: sections, machine: try Machine.current(bench), program: try ProgramFacts.current(bench),
            runs: bench.runs, isQuick: quick)
        print(table.markdown, terminator: "")
        guard complaints.isEmpty else {
            bench.say("Some measurements failed, so nothing is written:\n  " + complaints.joined(separator: "\n  "))
            throw ExitCode.failure
        }
        if write { try PerformancePage(path: "docs/performance.md").replaceTable(by: table.markdown) }
    }
}

extension WorkName: ExpressibleByArgument {}
