/// Operations on paths as texts, without access to the disk.
///
/// They look at bytes, since a name may start with a combining mark that merges with the slash.
enum FilePath {
    /// Drops empty and `.` parts, and resolves `..` if there is a part before it; an empty path becomes `.`.
    static func cleaned(_ path: String) -> String {
        let isAbsolute = path.utf8.first == UInt8(ascii: "/")
        var parts: [Substring] = []
        for part in self.parts(of: path) where part != "." {
            if part == "..", let last = parts.last, last != ".." {
                parts.removeLast()
            } else if part != ".." || !isAbsolute {
                parts.append(part)
            }
        }
        let joined = parts.joined(separator: "/")
        if isAbsolute { return "/" + joined }
        return joined.isEmpty ? "." : joined
    }

    /// Prefixes a relative path with a folder; cleans the result, or an absolute path.
    static func joined(_ folder: String, _ path: String) -> String {
        if path.utf8.first == UInt8(ascii: "/") || folder.isEmpty || folder == "." { return cleaned(path) }
        return cleaned(folder + "/" + path)
    }

    /// Returns a path relative to a folder, both clean; nil if the texts do not determine it.
    static func relative(_ path: String, to folder: String) -> String? {
        let isAbsolute = path.utf8.first == UInt8(ascii: "/")
        guard isAbsolute == (folder.utf8.first == UInt8(ascii: "/")) else { return nil }
        let parts = self.parts(of: path)
        let base = folder == "." ? [] : self.parts(of: folder)
        let shared = zip(parts, base).prefix { $0 == $1 }.count
        let up = base.dropFirst(shared)
        guard !up.contains("..") else { return nil }
        return (up.map { _ in ".." } + parts.dropFirst(shared)).joined(separator: "/")
    }

    /// Returns the folder of a file; `.` for a bare name.
    static func folder(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Returns the last part of a path.
    static func name(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
        return String(path[path.utf8.index(after: slash)...])
    }

    /// Whether a path leads out of the folder it is relative to.
    static func escapes(_ path: String) -> Bool {
        let clean = cleaned(path)
        return clean.utf8.first == UInt8(ascii: "/") || parts(of: clean).first == ".."
    }

    /// Whether a resolved path is below a resolved folder.
    static func isBelow(_ folder: String, _ path: String) -> Bool {
        path.utf8.starts(with: (folder == "/" ? folder : folder + "/").utf8)
    }

    private static func parts(of path: String) -> [Substring] {
        path.utf8.split(separator: UInt8(ascii: "/")).map { Substring($0) }
    }
}
