import Glibc
import Reports

/// A file that a command leaves behind.
enum ResultFile {
    /// Writes the file whole or not at all: what stood there before stays until the new one is complete and on disk.
    ///
    /// It belongs to its owner alone, since it may hold numbers, unless it is for everyone. `isOwn` tells by its beginning whether a file that is there
    /// may be replaced: a slip of the pen must not cost a ledger or a policy.
    static func write(
        _ text: String, to path: String, forEveryone: Bool = false, replacing isOwn: ([UInt8]) -> Bool = { _ in true }
    ) throws(Failure) {
        guard beginning(of: path).map({ $0.isEmpty || isOwn($0) }) ?? true else {
            throw Failure(
                .failure,
                "\(path.defusedForTerminal) is there already and is no file of this kind; nothing was written")
        }
        do throws(Fault) {
            try replace(path, with: Array(text.utf8), mode: forEveryone ? 0o644 : 0o600)
        } catch {
            throw unwritable(path, String(cString: strerror(error.code)))
        }
    }

    /// Refuses a path at which no file can be made, before any work is done for it.
    static func checkPlace(of path: String) throws(Failure) {
        guard access(path, F_OK) != 0 else { return }
        guard takesFiles(folderOf: path) else {
            throw unwritable(path, "\(String(cString: strerror(errno))); make its folder, or name another file")
        }
    }

    /// Refuses a path at which `write` would not succeed as things are, whether or not there is a file.
    static func checkReplacing(_ path: String) throws(Failure) {
        var target = path
        if let resolved = realpath(path, nil) {
            defer { free(resolved) }
            target = String(cString: resolved)
        }
        var status = stat()
        let isReplaced = stat(target, &status) != 0 || status.st_mode & S_IFMT == S_IFREG
        guard isReplaced ? takesFiles(folderOf: target) : access(target, W_OK) == 0 else {
            throw unwritable(path, String(cString: strerror(errno)))
        }
        guard status.st_mode & S_IFMT != S_IFDIR else { throw unwritable(path, "it is a folder") }
    }

    /// Whether a file can be made beside a path; if not, `errno` says why.
    private static func takesFiles(folderOf path: String) -> Bool {
        access(path.lastIndex(of: "/").map { String(path[...$0]) } ?? ".", W_OK | X_OK) == 0
    }

    private static func unwritable(_ path: String, _ why: String) -> Failure {
        Failure(.failure, "\(path.defusedForTerminal) cannot be written: \(why)")
    }

    /// The first bytes of a regular file; nil where there is none, or it cannot be read.
    private static func beginning(of path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        return Array(bytes.prefix(max(0, count)))
    }

    /// What the system said.
    private struct Fault: Error {
        let code = errno
    }

    private static func replace(_ path: String, with bytes: [UInt8], mode: mode_t) throws(Fault) {
        var path = path
        if let target = realpath(path, nil) {
            defer { free(target) }
            path = String(cString: target)
            var status = stat()
            guard stat(path, &status) == 0 else { throw Fault() }
            // A pipe or a device is written to, and never replaced.
            if status.st_mode & S_IFMT != S_IFREG { return try fill(path, with: bytes) }
        }
        var template = Array("\(path).XXXXXX".utf8CString)
        // The file is made with mode 0600, under a name that nobody could have guessed.
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw Fault() }
        do throws(Fault) {
            do throws(Fault) {
                try write(bytes, to: descriptor)
                guard fchmod(descriptor, mode) == 0, fsync(descriptor) == 0 else { throw Fault() }
            } catch {
                close(descriptor)
                throw error
            }
            guard close(descriptor) == 0, rename(template, path) == 0 else { throw Fault() }
        } catch {
            unlink(template)
            throw error
        }
    }

    private static func fill(_ path: String, with bytes: [UInt8]) throws(Fault) {
        let descriptor = open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Fault() }
        defer { close(descriptor) }
        try write(bytes, to: descriptor)
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) throws(Fault) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Fault() }
            rest = rest.dropFirst(count)
        }
    }
}
