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
            "has `**`, which is not supported; name the folder instead, which includes all folders below it"
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
    package enum Kind: Equatable {
        /// A regular file.
        case file
        /// A folder.
        case folder
        /// Anything else, in words.
        case other(String)
    }

    /// Returns the kind and identity of the file at a path; follows symbolic links.
    package static func look(at path: String) throws(DiskFault) -> (kind: Kind, identity: Identity) {
        var status = stat()
        guard stat(path, &status) == 0 else { throw fault() }
        return (kind(of: status), Identity(device: UInt64(status.st_dev), node: UInt64(status.st_ino)))
    }

    /// Returns the bytes of a regular file.
    package static func contents(of path: String, limit: Int = largest) throws(DiskFault) -> [UInt8] {
        try file(at: path, limit: limit).bytes
    }

    /// Returns the bytes of a regular file, and who may read it.
    package static func file(
        at path: String, limit: Int = largest
    ) throws(DiskFault) -> (bytes: [UInt8], permissions: mode_t) {
        if path.utf8.contains(0) { throw .missing }
        let (found, _) = try look(at: path)
        guard found == .file else { throw .notAFile(words(found)) }
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw fault() }
        defer { close(descriptor) }
        // The file may have been replaced since the check.
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw fault() }
        guard kind(of: status) == .file else { throw .notAFile(words(kind(of: status))) }
        if Int(status.st_size) > limit { throw .tooLarge(limit: limit) }
        return (try read(descriptor, expecting: Int(status.st_size), limit: limit), status.st_mode)
    }

    /// Returns the names in a folder, in byte order, without `.` and `..`.
    package static func names(in folder: String) throws(DiskFault) -> [String] {
        guard let stream = opendir(folder) else { throw fault() }
        defer { closedir(stream) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(stream) {
            let capacity = MemoryLayout.size(ofValue: entry.pointee.d_name)
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: capacity) { String(cString: $0) }
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

    /// Returns the kind of a file in words.
    package static func words(_ kind: Kind) -> String {
        switch kind {
        case .file: "a file"
        case .folder: "a folder"
        case .other(let words): words
        }
    }

    private static func read(_ descriptor: CInt, expecting size: Int, limit: Int) throws(DiskFault) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size)
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let got = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if got == 0 { return bytes }
            if got > 0 { bytes.append(contentsOf: chunk[..<got]) } else if errno != EINTR { throw fault() }
            if bytes.count > limit { throw .tooLarge(limit: limit) }
        }
    }

    private static func kind(of status: stat) -> Kind {
        switch status.st_mode & S_IFMT {
        case S_IFREG: .file
        case S_IFDIR: .folder
        case S_IFIFO: .other("a pipe")
        case S_IFSOCK: .other("a socket")
        default: .other("a device")
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
