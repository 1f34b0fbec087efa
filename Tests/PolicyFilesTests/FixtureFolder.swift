import Glibc

@testable import PolicyFiles

/// The fixtures and goldens beside the tests.
enum FixtureFolder {
    /// The folder of these tests.
    static let tests = FilePath.folder(of: #filePath)

    /// The names of all cases below `Fixtures`, each with its golden's name.
    static func cases(_ kind: String) -> [String] {
        (try? DiskFile.names(in: "\(tests)/Fixtures/\(kind)")) ?? []
    }
}

/// Compares texts with recorded ones, or records them anew.
enum Golden {
    /// Whether this run records: set `ROLLCALL_RECORD_GOLDENS` to anything.
    static var isRecording: Bool { getenv("ROLLCALL_RECORD_GOLDENS") != nil }

    /// The recorded text; nil where there is none.
    static func text(_ name: String) -> String? {
        guard let bytes = try? DiskFile.contents(of: "\(FixtureFolder.tests)/Golden/\(name).txt") else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Writes a text to be compared with from now on.
    static func record(_ text: String, as name: String) -> Bool {
        guard let file = fopen("\(FixtureFolder.tests)/Golden/\(name).txt", "w") else { return false }
        defer { fclose(file) }
        return fputs(text, file) >= 0
    }
}
