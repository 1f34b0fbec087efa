import Glibc

/// Reads whole regular files, never devices or pipes, which could block.
enum RegularFile {
    /// Why a file was not read.
    enum Fault: Error, Equatable {
        /// It cannot be opened; the system's error.
        case notOpened(String)
        /// It is a folder, a device, a pipe or a socket, or too large.
        case notRegular
        /// It cannot be read to the end.
        case cutShort

        /// The end of a sentence that begins with the file's name.
        var words: String {
            switch self {
            case .notOpened(let word): "cannot be opened: \(word)"
            case .notRegular: "is not a regular file"
            case .cutShort: "cannot be read in full"
            }
        }
    }

    /// Reads the file; throws `notRegular` if it is larger than `limit` bytes.
    static func read(_ path: String, atMost limit: Int) throws(Fault) -> [UInt8] {
        try contents(of: path, atMost: limit).bytes
    }

    /// Reads the file and its permissions; throws `notRegular` if it is larger than `limit` bytes.
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
