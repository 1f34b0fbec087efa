import CFuzzer
import Glibc

/// Passes fuzzed bytes to a reader of untrusted bytes, which the first argument names.
///
/// All further arguments go to libFuzzer.
@main
struct ReaderFuzzer {
    /// The target of the process; libFuzzer's callback carries no context.
    nonisolated(unsafe) private static var target = FuzzTarget.policy

    static func main() {
        guard CommandLine.arguments.count > 1, let chosen = FuzzTarget(rawValue: CommandLine.arguments[1]) else {
            let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: ", ")
            writeToErrors("Name one of the targets: \(names).")
            exit(64)
        }
        target = chosen
        // libFuzzer gets the program's name and its own options.
        var arguments: [UnsafeMutablePointer<CChar>?] = CommandLine.arguments.enumerated()
            .filter { $0.offset != 1 }.map { strdup($0.element) }
        var count = CInt(arguments.count)
        arguments.append(nil)
        let status = arguments.withUnsafeMutableBufferPointer { buffer in
            var base = buffer.baseAddress
            return LLVMFuzzerRunDriver(&count, &base) { bytes, size in
                ReaderFuzzer.target.attempt(Array(UnsafeBufferPointer(start: bytes, count: size)))
                return 0
            }
        }
        exit(status)
    }
}
