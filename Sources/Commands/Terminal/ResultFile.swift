import Core
import Glibc
import Reports

/// Writes all files of the program except the ledger.
enum ResultFile {
    /// The name for standard output.
    static let standardOutput = "-"

    /// What to do with an existing file.
    enum Existing {
        /// It is replaced if its beginning allows that, so a mistyped name cannot destroy a ledger or a policy.
        ///
        /// `kind` names the file that may be replaced, such as "saved plan".
        case replaced(if: ([UInt8]) -> Bool, kind: String)
        /// A regular file stays, and nothing is written.
        case kept
    }

    /// Who may read the file.
    enum Readers: mode_t {
        /// Its owner only, since it may contain phone numbers.
        case owner = 0o600
        /// Everyone.
        case everyone = 0o644
    }

    /// Writes the file completely or not at all: an old file stays until the new one is complete and on disk.
    ///
    /// Anything but a regular file is opened and written, never replaced, also behind a link. `-` is standard output.
    static func write(
        _ text: String, to path: String, for readers: Readers = .owner,
        existing: Existing = .replaced(if: { _ in true }, kind: "file"), in context: Context
    ) throws(Failure) {
        if isStandardOutput(path) { return context.output.write(text) }
        do {
            switch existing {
            case .kept where isSpecialFile(path): try fill(path, with: Array(text.utf8))
            case .kept: try make(path, with: Array(text.utf8), mode: readers.rawValue)
            case .replaced(let isOwn, let kind):
                guard isSpecialFile(path) || beginning(of: path).map({ $0.isEmpty || isOwn($0) }) ?? true else {
                    throw Failure(
                        .failure,
                        "\(path.escapedForTerminal) exists and is not a \(kind), so Rollcall did not replace it; name "
                            + "another file")
                }
                try replace(path, with: Array(text.utf8), mode: readers.rawValue)
            }
        } catch let failure as Failure {
            throw failure
        } catch {
            throw unwritable(path, String(cString: strerror((error as? Fault)?.code ?? EIO)))
        }
    }

    /// Whether a path means standard output: `-`, or a name of its descriptor.
    static func isStandardOutput(_ path: String?) -> Bool {
        path.map { $0 == standardOutput || descriptor(at: $0) == STDOUT_FILENO } ?? false
    }

    /// Rejects a path that cannot be created or must not be replaced, before any work is done.
    static func checkTarget(of path: String, keepsFiles: Bool = false) throws(Failure) {
        guard !isStandardOutput(path) else { return }
        guard access(path, F_OK) != 0 else {
            if keepsFiles, !isSpecialFile(path) {
                throw Failure(
                    .failure, "\(path.escapedForTerminal) already exists; nothing was written. Name another file")
            }
            return
        }
        guard takesFiles(folderOf: path) else {
            throw unwritable(path, "\(String(cString: strerror(errno))); create its folder, or name another file")
        }
    }

    /// Rejects a path that `write` could not write now, whether or not the file exists.
    static func checkReplacing(_ path: String) throws(Failure) {
        let target = DiskFile.resolved(path) ?? path
        var status = stat()
        let isReplaced = stat(target, &status) != 0 || status.st_mode & S_IFMT == S_IFREG
        guard isReplaced ? takesFiles(folderOf: target) : access(target, W_OK) == 0 else {
            throw unwritable(path, String(cString: strerror(errno)))
        }
        guard status.st_mode & S_IFMT != S_IFDIR else { throw unwritable(path, "it is a folder") }
    }

    /// Whether a file can be created in the folder of a path; if not, `errno` says why.
    private static func takesFiles(folderOf path: String) -> Bool {
        access(path.lastIndex(of: "/").map { String(path[...$0]) } ?? ".", W_OK | X_OK) == 0
    }

    private static func unwritable(_ path: String, _ why: String) -> Failure {
        Failure(.failure, "\(path.escapedForTerminal) cannot be written: \(why)")
    }

    /// Returns the first bytes of a regular file; nil if there is none or it cannot be read.
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

    /// The system's error.
    private struct Fault: Error {
        let code = errno
    }

    private static func replace(_ path: String, with bytes: [UInt8], mode: mode_t) throws(Fault) {
        if isSpecialFile(path) { return try fill(path, with: bytes) }
        let path = DiskFile.resolved(path) ?? path
        var template = Array("\(path).XXXXXX".utf8CString)
        // mkstemp creates the file with mode 0600 and an unpredictable name.
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

    /// Whether a path is a pipe, a device or an open descriptor of this process, which is never replaced.
    static func isSpecialFile(_ path: String) -> Bool {
        if descriptor(at: path) != nil { return true }
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
    }

    /// Returns the descriptor of this process that a path names, also behind links; nil for any other path.
    ///
    /// Such paths are `/dev/stdout`, `/dev/fd/3` or `/proc/self/fd/3`.
    private static func descriptor(at path: String) -> Int32? {
        var path = path
        for _ in 0..<40 {
            switch path {
            case "/dev/stdin": return STDIN_FILENO
            case "/dev/stdout": return STDOUT_FILENO
            case "/dev/stderr": return STDERR_FILENO
            default: break
            }
            for folder in ["/dev/fd/", "/proc/self/fd/", "/proc/\(getpid())/fd/"] where path.hasPrefix(folder) {
                return Int32(path.dropFirst(folder.count))
            }
            var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
            let count = readlink(path, &buffer, buffer.count - 1)
            guard count > 0 else { return nil }
            let target = String(decoding: buffer.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
            let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
            path = target.hasPrefix("/") ? target : folder + target
        }
        return nil
    }

    /// Creates a new file, never over one that appears meanwhile; deletes it if it cannot be written completely.
    private static func make(_ path: String, with bytes: [UInt8], mode: mode_t) throws(Fault) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw Fault() }
        defer { close(descriptor) }
        do throws(Fault) {
            try write(bytes, to: descriptor)
            guard fsync(descriptor) == 0 else { throw Fault() }
        } catch {
            unlink(path)
            throw error
        }
    }

    /// Writes to an existing target: to a descriptor at its position, to anything else at the end.
    private static func fill(_ path: String, with bytes: [UInt8]) throws(Fault) {
        let own = descriptor(at: path)
        let descriptor = own.map { fcntl($0, F_DUPFD_CLOEXEC, 0) } ?? open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
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
