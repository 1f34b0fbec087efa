import Glibc

/// A file that is there as a whole or not at all, and that its owner alone can read and write.
struct WholeFile {
    /// Where it is to be; a file that is there is replaced, a link by the file itself.
    let path: String

    /// Why it could not be written, by the system's word.
    struct WriteError: Error {
        let reason: String

        fileprivate static var current: WriteError { WriteError(reason: String(cString: strerror(errno))) }
    }

    /// Writes the text beside the place, brings it to the disk, and puts it in place at once.
    func write(_ text: String) throws(WriteError) {
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            throw WriteError(reason: "something that is no regular file has this name")
        }
        let draft = "\(path).\(getpid())-\(UInt32.random(in: .min ... .max)).tmp"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .current }
        do throws(WriteError) {
            try Self.fill(descriptor, with: text)
            guard rename(draft, path) == 0 else { throw WriteError.current }
        } catch {
            unlink(draft)
            throw error
        }
    }

    private static func fill(_ descriptor: Int32, with text: String) throws(WriteError) {
        defer { close(descriptor) }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .current }
            rest = rest.dropFirst(count)
        }
        guard fchmod(descriptor, 0o600) == 0, fsync(descriptor) == 0 else { throw .current }
    }
}
