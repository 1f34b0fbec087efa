import Core
import Glibc
import Testing

@testable import PolicyFiles

@Suite("Policies: which files are read")
struct FileFindingTests {
    private func find(_ patterns: [String], in folder: TemporaryFolder, configuration: String? = nil) -> [String] {
        var log = DiagnosticLog()
        let located = patterns.map { ($0, SourceLocation(file: "rollcall.yaml", line: 1, column: 1)) }
        let files = PolicyFileFinder.find(located, folder: folder.path, configuration: configuration, log: &log)
        return files.map(\.name) + log.sorted().map(\.message)
    }

    @Test(
        "Files, folders and patterns select policies",
        arguments: [
            (["."], ["a.yaml", "b.yml", "sub/c.yaml", "sub/deep/d.yaml"]),
            (["sub"], ["sub/c.yaml", "sub/deep/d.yaml"]),
            (["./sub/../a.yaml", "a.yaml"], ["a.yaml"]),
            (["?.yaml"], ["a.yaml"]),
            (["s*"], ["sub/c.yaml", "sub/deep/d.yaml"]),
            (["sub/deep/*.yaml", "*.yml", "a.yaml"], ["a.yaml", "b.yml", "sub/deep/d.yaml"]),
            (["notes.txt"], ["notes.txt"]),
            ([".hidden.yaml"], [".hidden.yaml"]),
        ])
    func patterns(patterns: [String], expected: [String]) throws {
        let folder = try TemporaryFolder([
            "a.yaml": "", "b.yml": "", "sub/c.yaml": "", "sub/deep/d.yaml": "", "notes.txt": "", ".hidden.yaml": "",
            ".git/e.yaml": "", "rollcall.yaml": "",
        ])
        #expect(find(patterns, in: folder, configuration: folder.path + "/rollcall.yaml") == expected)
    }

    @Test(
        "An unread file in a searched folder that looks like a policy gives a warning",
        arguments: [
            ("staff.YAML", "staff.yaml"), ("staff.Yml", "staff.yml"), ("staff.yaml ", "staff.yaml"),
            ("staff.yml.", "staff.yml"), ("staff.yaml.txt", "staff.yaml"), ("staff.yalm", "staff.yaml"),
            ("a.b.YML", "a.b.yml"), ("staff.json", "staff.yaml"), ("staff.JSON", "staff.yaml"),
        ])
    func overlookedFiles(name: String, meant: String) throws {
        let folder = try TemporaryFolder(["p/a.yaml": "", "p/sub/\(name)": #"{ "groups": {} }"#])
        let warning =
            "this file looks like a policy but is not read, because its name does not end in .yaml or .yml; name it"
            + " `\(meant)`"
        #expect(find(["p"], in: folder) == ["p/a.yaml", warning])
        #expect(find(["p/a.yaml"], in: folder) == ["p/a.yaml"])
        #expect(find(["p", "p/sub/\(name)"], in: folder) == ["p/a.yaml", "p/sub/\(name)"])
    }

    @Test(
        "An unread file of any name that describes groups gives a warning",
        arguments: [
            "staff", "staff.txt", "staff.yaml.new", "staff.yamll", "staff.yaml (1)", "staff.yaml\u{200B}",
            "staff.y\u{430}ml",
        ])
    func oversightsByContent(name: String) throws {
        let text = "session: S1\ngroups:\n  1@g.us: { members: [] }\n"
        let folder = try TemporaryFolder(["p/a.yaml": "", "p/sub/\(name)": text])
        let found = find(["p"], in: folder)
        #expect(found.count == 2)
        #expect(found.last?.hasPrefix("this file looks like a policy but is not read") == true)
    }

    @Test("Ignored files, and files that are not policies, give no warning")
    func noOversights() throws {
        let names = [
            "README.md", "a.csv", "A.CSV", ".staff.YAML", "staff.yaml~", "#staff.yaml#", "staff.yaml.bak",
            "staff.yaml.orig",
            "policy.schema.json", "notes.txt", ".yaml.swp",
        ]
        let folder = try TemporaryFolder(["a.yaml": "", "other.json": #"{ "name": "x" }"#])
        for name in names { try folder.write(name, #"{ "groups": {} }"#) }
        try folder.write("rollcall.YAML", "")
        #expect(find(["."], in: folder, configuration: folder.path + "/rollcall.YAML") == ["a.yaml"])
    }

    @Test("A pattern for every policy of a folder warns of those it skips")
    func passedOver() throws {
        let folder = try TemporaryFolder(["p/a.yaml": "", "p/b.yml": "", "p/c.YAML": "", "p/notes.txt": ""])
        let beside = "this file looks like a policy but is not read, because no entry of `policies` matches it"
        #expect(find(["p/*.yaml"], in: folder).prefix(2) == ["p/a.yaml", beside])
        #expect(find(["p/*.yaml"], in: folder).count == 3)
        #expect(find(["p/*.yaml", "p/*.yml"], in: folder).count == 3)
        // A pattern for a part of a folder means only that part.
        #expect(find(["p/a*.yaml"], in: folder) == ["p/a.yaml"])
    }

    @Test("A name with pattern characters is literal if such a file exists")
    func literalNames() throws {
        let folder = try TemporaryFolder(["a[1].yaml": "", "a1.yaml": ""])
        #expect(find(["a[1].yaml"], in: folder) == ["a[1].yaml"])
    }

    @Test("An absolute path inside the folder is shown relative to it")
    func absolutePaths() throws {
        let folder = try TemporaryFolder(["sub/a.yaml": ""])
        #expect(find([folder.path + "/sub"], in: folder) == ["sub/a.yaml"])
        let elsewhere = try TemporaryFolder([:])
        let sibling = "../" + FilePath.name(of: folder.path) + "/sub"
        #expect(find([sibling], in: elsewhere) == [sibling + "/a.yaml"])
        #expect(find([folder.path + "/sub/a.yaml"], in: elsewhere) == [folder.path + "/sub/a.yaml"])
    }

    @Test("Circular links end, and a file is read once under its first name")
    func links() throws {
        let folder = try TemporaryFolder(["sub/b.yaml": ""])
        try folder.link("sub/loop", to: "..")
        try folder.link("a.yaml", to: "sub/b.yaml")
        try folder.link("self", to: "self")
        try folder.link("sub/self", to: "self")
        try folder.link("sub/nowhere", to: "nothing")
        #expect(find(["sub"], in: folder) == ["sub/b.yaml", leadsOut])
        #expect(find(["sub", "a.yaml"], in: folder) == ["a.yaml", leadsOut])
    }

    /// The message about a link that would let policy authors choose other files to read.
    private let leadsOut =
        "this is a link to a file outside the folder that `policies` names; to use that file, list it under `policies`"

    @Test("A link is followed inside the searched folder, and no further")
    func linksOut() throws {
        let folder = try TemporaryFolder([
            "secret.yaml": "", "policies/..data/a.yaml": "", "policies/b.yaml": "", "outside/c.yaml": "",
        ])
        try folder.link("policies/a.yaml", to: "..data/a.yaml")
        try folder.link("policies/more", to: "..data")
        #expect(find(["policies"], in: folder) == ["policies/a.yaml", "policies/b.yaml"])
        try folder.link("policies/s.yaml", to: "../secret.yaml")
        #expect(find(["policies"], in: folder).contains(leadsOut))
        #expect(!find(["policies"], in: folder).contains("policies/s.yaml"))
        #expect(find(["policies/*.yaml"], in: folder) == ["policies/a.yaml", "policies/b.yaml", leadsOut])
        try folder.link("policies/all", to: "../outside")
        #expect(find(["policies"], in: folder).count { $0 == leadsOut } == 2)
        // Paths in the configuration may lead anywhere.
        try folder.link("named.yaml", to: "outside/c.yaml")
        #expect(find(["named.yaml"], in: folder) == ["named.yaml"])
    }

    @Test("A pipe or device is refused, and does not block the program")
    func pipes() throws {
        let folder = try TemporaryFolder(["a.yaml": ""])
        try #require(mkfifo(folder.path + "/pipe.yaml", 0o600) == 0)
        #expect(find(["pipe.yaml"], in: folder) == ["`pipe.yaml` is a pipe, not a regular file"])
        #expect(find(["."], in: folder) == ["a.yaml", "this is a pipe, not a regular file"])
        #expect(find(["/dev/zero"], in: folder) == ["`/dev/zero` is a device, not a regular file"])
        #expect(throws: DiskFault.notAFile("a pipe")) { try DiskFile.contents(of: folder.path + "/pipe.yaml") }
    }

    @Test("A socket is refused like a pipe, also as a table")
    func sockets() throws {
        let folder = try TemporaryFolder(["p.yaml": "session: S1\ngroups: {1@g.us: {members: [{csv: pipe.csv}]}}"])
        try #require(mkfifo(folder.path + "/pipe.csv", 0o600) == 0)
        #expect(
            folder.policies(["p.yaml"]).diagnostics.map(\.description) == [
                "p.yaml:2:35: error: the file `pipe.csv` is a pipe, not a regular file"
            ])
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = Array((folder.path + "/s.yaml").utf8)
        try #require(path.count < MemoryLayout.size(ofValue: address.sun_path))
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        let size = socklen_t(MemoryLayout.size(ofValue: address))
        let isBound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) == 0 }
        }
        try #require(isBound)
        #expect(find(["s.yaml"], in: folder) == ["`s.yaml` is a socket, not a regular file"])
        #expect(find(["."], in: folder) == ["p.yaml", "this is a socket, not a regular file"])
    }

    @Test("A policy that vanishes before it is read is reported by name")
    func vanished() throws {
        let folder = try TemporaryFolder()
        var gathering = PolicyParser(
            limits: Limits(), gateways: [.default], allowsTablesOutside: false, log: DiagnosticLog())
        gathering.read(FoundFile(name: "a.yaml", path: folder.path + "/a.yaml"))
        #expect(gathering.log.sorted().map(\.description) == ["a.yaml:1:1: error: the file does not exist"])
    }

    @Test("A broken link to a policy is reported by its own name")
    func brokenLinks() throws {
        let folder = try TemporaryFolder(["sub/a.yaml": ""])
        try folder.link("sub/self.yaml", to: "self.yaml")
        try folder.link("sub/nowhere.yaml", to: "nothing")
        #expect(
            find(["sub"], in: folder) == [
                "sub/a.yaml", "this link points to a file that does not exist; correct or delete the link",
                "this is a link that leads in circles",
            ])
    }

    @Test("A file above the limit is refused, and one at the limit is read")
    func sizes() throws {
        let folder = try TemporaryFolder(["a": "12345"])
        #expect(throws: DiskFault.tooLarge(limit: 4)) { try DiskFile.contents(of: folder.path + "/a", limit: 4) }
        #expect(try DiskFile.contents(of: folder.path + "/a", limit: 5).count == 5)
        // The kernel reports this file as empty, although it is not.
        #expect(throws: DiskFault.tooLarge(limit: 3)) { try DiskFile.contents(of: "/proc/self/status", limit: 3) }
    }

    @Test("The digest depends on names and bytes, not on the order of patterns")
    func digest() throws {
        let people = "people: {ana: +62 812-0000-001}"
        let groups = "session: S1\ngroups: {1@g.us: {members: [ana, {csv: t.csv}]}}"
        func digest(_ files: [String: String], _ patterns: [String] = ["."]) throws -> String? {
            try TemporaryFolder(files).policies(patterns).policies?.digest
        }
        let files = ["a.yaml": people, "b.yaml": groups, "t.csv": "phone\n+62 812-0000-002\n"]
        let first = try #require(try digest(files))
        #expect(first.hasPrefix("sha256:") && first.utf8.count == 71)
        #expect(try digest(files, ["b.yaml", "a.yaml"]) == first)
        #expect(try digest(files, ["./b.yaml", "*.yaml", "."]) == first)
        #expect(try digest(files.merging(["t.csv": "phone\n+62 812-0000-003\n"]) { $1 }) != first)
        #expect(try digest(files.merging(["a.yaml": people + "\n"]) { $1 }) != first)
        #expect(try digest(["c.yaml": people, "b.yaml": groups, "t.csv": "phone\n+62 812-0000-002\n"]) != first)
    }
}
