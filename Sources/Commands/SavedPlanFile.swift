import Glibc
import Reports

/// A file from which a saved plan is read.
enum SavedPlanFile {
    /// More bytes than any plan has.
    private static let mostBytes = 1 << 30

    /// The file's bytes; anything that is no file, or too large for a plan, is none.
    static func read(_ path: String) throws(PlanFile.Fault) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .notAPlan("it cannot be opened: \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= mostBytes else {
            throw .notAPlan("it is not a regular file")
        }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var filled = 0
        while filled < bytes.count {
            let count = bytes.withUnsafeMutableBytes { buffer in
                Glibc.read(descriptor, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
            }
            guard count > 0 else { throw .notAPlan("it cannot be read in full") }
            filled += count
        }
        return bytes
    }
}
