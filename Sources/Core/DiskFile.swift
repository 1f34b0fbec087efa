package import Glibc

/// Why a file could not be read.
package enum DiskFault: Error, Equatable {
    /// There is no file with this name.
    case missing
    /// It is a folder, device, pipe or socket; the value is its kind in words.
    case notAFile(String)
    /// It is larger than the limit in bytes.
    case tooLarge(limit: Int)
    /// It is a link that leads back to itself.
    case circular
    /// It is a link to a target outside the folder where it was found.
    case leadsOutside
    /// The system reported an error; the value is its text.
    case failed(String)
    /// The pattern has `**`, which shells interpret differently.
    case unknownPattern

    /// The reason, as the end of a sentence that starts with the file's name.
    package var words: String {
        switch self {
        case .missing: "does not exist"
        case .circular: "is a link that leads in circles"
        case .notAFile(let kind): "is \(kind), not a regular file"
        case .tooLarge(let limit):
            "is larger than the limit of \(limit < 1_048_576 ? "\(limit) bytes" : "\(limit / 1_048_576) MB")"
        case .leadsOutside:
            "is a link to a file outside the folder that `policies` names; to use that file, list it under `policies`"
        case .failed(let words): "cannot be read: \(words)"
        case .unknownPattern:
            "has `**`, which Rollcall does not support; name the folder instead: Rollcall also reads all"
                + " folders below it"
        }
    }
}

/// Reads files from disk; checks each before opening it, so that a pipe or device cannot block the program.
package enum DiskFile {
    /// The largest file to read, in bytes.
    package static let largest = 256 * 1_048_576

    /// The identity of a file, independent of its name.
    package struct Identity: Hashable {
        /// The number of the device.
        package let device: UInt64
        /// The number of the file on it.
        package let node: UInt64
    }

    /// The kinds of files.
    package enum Kind: String {
        /// A regular file.
        case file = "a file"
        /// A folder.
        case folder = "a folder"
        /// A named pipe.
        case pipe = "a pipe"
        /// A socket.
        case socket = "a socket"
        /// A device, or anything else.
        case device = "a device"
    }

    /// Returns the kind and identity of the file at a path; follows symbolic links.
    package static func look(at path: String) throws(DiskFault) -> (kind: Kind, identity: Identity) {
        var status = stat()
        guard stat(path, &status) == 0 else { throw fault() }
        return (kind(of: status), Identity(device: UInt64(status.st_dev), node: UInt64(status.st_ino)))
    }

    /// Returns the bytes of a regular file, and passes its permissions to `check`.
    package static func contents(
        of path: String, limit: Int = largest, check: (mode_t) -> Void = { _ in }
    ) throws(DiskFault) -> [UInt8] {
        if path.utf8.contains(0) { throw .missing }
        let (found, _) = try look(at: path)
        guard found == .file else { throw .notAFile(found.rawValue) }
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw fault() }
        defer { close(descriptor) }
        // The file may have been replaced since the check.
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw fault() }
        guard kind(of: status) == .file else { throw .notAFile(kind(of: status).rawValue) }
        if Int(status.st_size) > limit { throw .tooLarge(limit: limit) }
        check(status.st_mode)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(status.st_size))
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let got = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if got == 0 { return bytes }
            if got > 0 { bytes.append(contentsOf: chunk[..<got]) } else if errno != EINTR { throw fault() }
            if bytes.count > limit { throw .tooLarge(limit: limit) }
        }
    }

    /// Returns the names in a folder, in byte order, without `.` and `..`.
    package static func names(in folder: String) throws(DiskFault) -> [String] {
        guard let stream = opendir(folder) else { throw fault() }
        defer { closedir(stream) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        guard errno == 0 else { throw fault() }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Returns the path with all symbolic links resolved; nil if there is no such file.
    package static func resolved(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// Returns the paths that match a shell pattern, relative to a folder; the folder's own name is literal.
    package static func matches(of pattern: String, in folder: String) throws(DiskFault) -> [String] {
        var literal = ""
        for scalar in folder.unicodeScalars {
            if "*?[]\\".unicodeScalars.contains(scalar) { literal += "\\" }
            literal.unicodeScalars.append(scalar)
        }
        var found = glob_t()
        defer { globfree(&found) }
        let isAbsolute = pattern.utf8.first == UInt8(ascii: "/")
        switch glob(isAbsolute || folder.isEmpty ? pattern : literal + "/" + pattern, 0, nil, &found) {
        case 0: break
        case GLOB_NOMATCH: return []
        default: throw .failed("the pattern matches too many files, or a folder in it cannot be read")
        }
        return (0..<Int(found.gl_pathc)).compactMap { index in found.gl_pathv[index].map { String(cString: $0) } }
    }

    private static func kind(of status: stat) -> Kind {
        switch status.st_mode & S_IFMT {
        case S_IFREG: .file
        case S_IFDIR: .folder
        case S_IFIFO: .pipe
        case S_IFSOCK: .socket
        default: .device
        }
    }

    private static func fault() -> DiskFault {
        switch errno {
        case ENOENT, ENOTDIR: .missing
        case ELOOP: .circular
        case let code: .failed(String(cString: strerror(code)))
        }
    }
}
