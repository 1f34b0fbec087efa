import Core

/// A policy file to read.
struct FoundFile {
    /// The name for messages: relative to the configuration's folder if possible.
    let name: String
    /// The path to open.
    let path: String
}

/// Finds the files of the configuration's patterns: unique, and sorted by name.
struct PolicyFileFinder {
    private let folder: String
    /// Whether the current pattern is an absolute path.
    private var isAbsolute = false
    private var seenFiles: Set<DiskFile.Identity> = []
    private var found: [FoundFile] = []
    /// Files and folders that a pattern or folder leads to, but that must not or cannot be read.
    private var faults: [(path: String, fault: DiskFault)] = []
    /// Files in a folder that look like policies, but are not read because of their names.
    private var overlookedFiles: [(path: String, identity: DiskFile.Identity, words: String)] = []

    /// Creates a finder for a folder; the configuration file itself is not a policy.
    init(folder: String, configuration: String?) {
        self.folder = FilePath.cleaned(folder)
        if let configuration, let (_, identity) = try? DiskFile.look(at: configuration) { seenFiles.insert(identity) }
    }

    /// Returns the files of all patterns; reports each pattern without files at its place.
    static func find(
        _ patterns: [(text: String, location: SourceLocation)], folder: String, configuration: String?,
        log: inout DiagnosticLog
    ) -> [FoundFile] {
        var files: [FoundFile] = []
        var seen: Set<DiskFile.Identity> = []
        var overlookedFiles: [(name: String, identity: DiskFile.Identity, words: String)] = []
        for (text, location) in patterns {
            // A path from the command line is its own place, so the message shows it anyway.
            let shown = location.file == text ? quoted(text) : Redaction.open.mention(text)
            var finder = PolicyFileFinder(folder: folder, configuration: configuration)
            do throws(DiskFault) {
                try finder.follow(text)
                if finder.found.isEmpty, finder.faults.isEmpty {
                    log.error(
                        "\(shown) matches no policy file; name a file, a folder with files that end in"
                            + " .yaml or .yml, or a pattern such as `policies/*.yaml`", at: location)
                }
            } catch {
                log.error("\(shown) \(error.words)", at: location)
            }
            files += finder.found
            overlookedFiles += finder.overlookedFiles.map { (finder.name(of: $0.path), $0.identity, $0.words) }
            for (path, fault) in finder.faults {
                let position = SourceLocation(file: finder.name(of: path), line: 1, column: 1)
                let isBroken = fault == .missing
                log.error(
                    isBroken
                        ? "this link points to a file that does not exist; correct or delete the link"
                        : "this \(fault.words)", at: position)
            }
        }
        files.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        files = files.filter { file in
            guard let (_, identity) = try? DiskFile.look(at: file.path) else { return true }
            return seen.insert(identity).inserted
        }
        for (name, identity, words) in overlookedFiles where !seen.contains(identity) {
            log.warning(words, at: SourceLocation(file: name, line: 1, column: 1))
        }
        return files
    }

    private mutating func follow(_ pattern: String) throws(DiskFault) {
        if pattern.isEmpty || pattern.utf8.contains(0) { throw .missing }
        let path = FilePath.joined(folder, pattern)
        isAbsolute = pattern.utf8.first == UInt8(ascii: "/")
        do throws(DiskFault) {
            try take(path, kind: DiskFile.look(at: path).kind)
        } catch .missing where pattern.utf8.contains(where: { "*?[".utf8.contains($0) }) {
            if pattern.contains("**") { throw .unknownPattern }
            let stem = FilePath.folder(of: String(pattern.prefix { !"*?[".contains($0) } + "x"))
            let root = DiskFile.resolved(FilePath.joined(folder, stem))
            for match in try DiskFile.matches(of: pattern, in: folder) {
                guard Self.stays(match, in: root) else {
                    faults.append((FilePath.cleaned(match), .leadsOutside))
                    continue
                }
                try take(FilePath.cleaned(match), kind: DiskFile.look(at: match).kind)
            }
            findNearby(pattern)
        }
    }

    /// Looks for policies that a pattern such as `policies/*.yaml` misses because of their names.
    private mutating func findNearby(_ pattern: String) {
        guard let last = pattern.split(separator: "/").last, last.hasPrefix("*."),
            !pattern.dropLast(last.count).contains(where: { "*?[".contains($0) })
        else { return }
        let beside = FilePath.joined(folder, String(pattern.dropLast(last.count)))
        for name in (try? DiskFile.names(in: beside)) ?? [] where !name.hasPrefix(".") {
            let path = FilePath.joined(beside, name)
            guard let (kind, identity) = try? DiskFile.look(at: path), kind == .file, !seenFiles.contains(identity),
                !faults.contains(where: { $0.path == FilePath.cleaned(path) })
            else { continue }
            if name.hasSuffix(".yaml") || name.hasSuffix(".yml") {
                let words = "this file looks like a policy but is not read, because no entry of `policies` matches it"
                overlookedFiles.append((FilePath.cleaned(path), identity, words))
            } else {
                noteOversight(name, path: FilePath.cleaned(path), identity: identity)
            }
        }
    }

    private mutating func noteOversight(_ name: String, path: String, identity: DiskFile.Identity) {
        guard !seenFiles.contains(identity), let words = Self.oversight(name: name, path: path) else { return }
        overlookedFiles.append((path, identity, words))
    }

    /// Adds what a pattern names directly: any file, or the policies in and below a folder.
    private mutating func take(_ path: String, kind: DiskFile.Kind) throws(DiskFault) {
        switch kind {
        case .file: addFile(path, identity: try DiskFile.look(at: path).identity)
        case .folder: try search(path)
        case .pipe, .socket, .device: throw .notAFile(kind.rawValue)
        }
    }

    /// Adds the `.yaml` and `.yml` files in and below a folder, except hidden ones.
    private mutating func search(_ top: String) throws(DiskFault) {
        var seenFolders: Set<DiskFile.Identity> = [try DiskFile.look(at: top).identity]
        var open = [top]
        let root = DiskFile.resolved(top)
        while let current = open.popLast() {
            let names: [String]
            do throws(DiskFault) {
                names = try DiskFile.names(in: current)
            } catch {
                faults.append((current, error))
                continue
            }
            for name in names where !name.hasPrefix(".") {
                let path = FilePath.joined(current, name)
                let isPolicy = name.hasSuffix(".yaml") || name.hasSuffix(".yml")
                do throws(DiskFault) {
                    let (kind, identity) = try DiskFile.look(at: path)
                    if isPolicy || kind == .folder, !Self.stays(path, in: root) { throw .leadsOutside }
                    switch kind {
                    case .folder: if seenFolders.insert(identity).inserted { open.append(path) }
                    case .file where isPolicy: addFile(path, identity: identity)
                    case .file: noteOversight(name, path: path, identity: identity)
                    case .pipe, .socket, .device: if isPolicy { throw .notAFile(kind.rawValue) }
                    }
                } catch {
                    // Ignore a broken link that is not named like a policy.
                    if !isPolicy, error == .missing || error == .circular { continue }
                    faults.append((path, error))
                }
            }
        }
    }

    /// Whether the target of a path is in a folder; a link must not make Rollcall read other files.
    private static func stays(_ path: String, in root: String?) -> Bool {
        guard let root, let target = DiskFile.resolved(path) else { return true }
        return target == root || FilePath.isBelow(root, target)
    }

    private mutating func addFile(_ path: String, identity: DiskFile.Identity) {
        guard seenFiles.insert(identity).inserted else { return }
        found.append(FoundFile(name: name(of: path), path: path))
    }

    /// Returns the name of a file for messages, independent of the working folder.
    private func name(of path: String) -> String {
        guard let relative = FilePath.relative(path, to: folder) else { return path }
        return isAbsolute && relative.utf8.starts(with: "../".utf8) ? path : relative
    }
}

extension PolicyFileFinder {
    /// Returns a warning for a file that looks like a policy but is not read; nil for other files.
    ///
    /// Backups and other files put aside, such as `staff.yaml.bak`, get no warning.
    static func oversight(name: String, path: String) -> String? {
        let tidy = String(name.reversed().drop { $0.isWhitespace || $0 == "." }.reversed()).lowercased()
        guard !name.hasSuffix("~"), !name.hasPrefix("#") else { return nil }
        let shown = Confusables.skeleton(of: InvisibleCharacter.removed(from: tidy))
        if shown != tidy, shown.hasSuffix(".yaml") || shown.hasSuffix(".yml") { return advice + quoted(shown) }
        for (ending, meant) in [
            (".yaml", ".yaml"), (".yml", ".yml"), (".yaml.txt", ".yaml"), (".yml.txt", ".yml"), (".yalm", ".yaml"),
            (".ymal", ".yaml"), (".yam", ".yaml"),
        ] where tidy.hasSuffix(ending) {
            let start = name.index(name.startIndex, offsetBy: min(name.count, tidy.count - ending.count))
            return advice + quoted(name[..<start] + meant)
        }
        // JSON is YAML, so such a policy would be valid.
        if tidy.hasSuffix(".json"), !tidy.hasSuffix(".schema.json"), holdsSections(path) {
            return advice + quoted(name.dropLast(name.count - tidy.count + ".json".count) + ".yaml")
        }
        let isPutAside = putAside.contains { tidy.hasSuffix($0) }
        if !isPutAside, !tidy.hasSuffix(".md"), !tidy.hasSuffix(".csv"), describesGroups(path) {
            let stem = tidy.firstRange(of: ".ya").map { tidy[..<$0.lowerBound] } ?? tidy.prefix { $0 != "." }
            return advice + quoted(stem + ".yaml")
        }
        return nil
    }

    /// The endings of files that people and programs put aside.
    private static let putAside = [
        ".bak", ".orig", ".old", ".swp", ".disabled", ".off", ".example", ".sample", ".tmpl", ".template", ".j2",
        ".rej", ".save", ".dist",
    ]

    private static let advice =
        "this file looks like a policy but is not read, because its name does not end in .yaml or .yml; name it "

    /// Whether a file has a line that starts with `groups:`, and a group id.
    private static func describesGroups(_ path: String) -> Bool {
        guard let text = beginning(of: path) else { return false }
        return ("\n" + text).contains("\ngroups:") && text.contains("@g.us")
    }

    /// Whether the start of a JSON file contains a key of a policy.
    private static func holdsSections(_ path: String) -> Bool {
        guard let text = beginning(of: path) else { return false }
        return ["\"groups\"", "\"people\"", "\"teams\""].contains { text.contains($0) }
    }

    /// Returns the first 64 KiB of a file; nil if it cannot be read, or is too large for a hand-written policy.
    private static func beginning(of path: String) -> String? {
        guard let bytes = try? DiskFile.contents(of: path, limit: 1_048_576) else { return nil }
        return String(decoding: bytes.prefix(65_536), as: UTF8.self)
    }
}
