import Glibc

/// A file that is read whole, and that is never a device or a pipe which could hold the program up.
enum RegularFile {
    /// Why it was not read.
    enum Fault: Error, Equatable {
        /// It cannot be opened; the system's word.
        case notOpened(String)
        /// It is a folder, a device, a pipe or a socket, or larger than it may be.
        case notRegular
        /// It cannot be read in full.
        case cutShort

        /// The end of a sentence that begins with the file.
        var words: String {
            switch self {
            case .notOpened(let word): "cannot be opened: \(word)"
            case .notRegular: "is not a regular file"
            case .cutShort: "cannot be read in full"
            }
        }
    }

    /// The file's bytes, which may be so many at most.
    static func read(_ path: String, atMost limit: Int) throws(Fault) -> [UInt8] {
        try contents(of: path, atMost: limit).bytes
    }

    /// The file's bytes, which may be so many at most, and who may read it.
    static func contents(of path: String, atMost limit: Int) throws(Fault) -> (bytes: [UInt8], permissions: mode_t) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .notOpened(String(cString: strerror(errno))) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= limit else {
            throw .notRegular
        }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var filled = 0
        while filled < bytes.count {
            let count = bytes.withUnsafeMutableBytes { buffer in
                Glibc.read(descriptor, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
            }
            guard count > 0 else { throw .cutShort }
            filled += count
        }
        return (bytes, status.st_mode)
    }
}
