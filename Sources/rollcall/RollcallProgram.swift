import Commands
import Foundation

/// The process: passes arguments and environment to `Rollcall` and exits with its code.
@main
enum RollcallProgram {
    static func main() async {
        HeapSettings.keepWhatIsFreed()
        let context = Context.live(environment: ProcessInfo.processInfo.environment)
        exit(await Rollcall.run(Array(CommandLine.arguments.dropFirst()), in: context))
    }
}
