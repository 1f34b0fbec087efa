import Commands
import Foundation

/// The process: its arguments and environment in, its exit code out.
@main
enum RollcallProgram {
    static func main() async {
        HeapSettings.keepWhatIsFreed()
        let context = Context.live(environment: ProcessInfo.processInfo.environment)
        exit(await Rollcall.run(Array(CommandLine.arguments.dropFirst()), in: context))
    }
}
