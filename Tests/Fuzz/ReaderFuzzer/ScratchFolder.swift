import Glibc

/// A folder in memory for files that are read by path; it is deleted when the process ends.
struct ScratchFolder {
    /// Its path.
    let path: String

    /// The folder of this process; ends the process if it cannot be created.
    static let shared = ScratchFolder()

    private init() {
        let base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
        path = "\(base)/rollcall-fuzz-\(getpid())"
        claim(mkdir(path, 0o700) == 0 || errno == EEXIST, "the folder \(path) cannot be made")
        atexit {
            let path = ScratchFolder.shared.path
            for name in ScratchFolder.names { unlink("\(path)/\(name)") }
            rmdir(path)
        }
    }

    private static let names = ["policy.yaml", "people.csv", "rollcall.yaml"]

    /// Writes or replaces a file.
    func write(_ name: String, _ bytes: [UInt8]) {
        claim(Self.names.contains(name), "nobody would remove the file \(name)")
        let descriptor = open("\(path)/\(name)", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        claim(descriptor >= 0, "the file \(name) cannot be opened")
        defer { close(descriptor) }
        let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        claim(written == bytes.count, "the file \(name) cannot be written")
    }
}
