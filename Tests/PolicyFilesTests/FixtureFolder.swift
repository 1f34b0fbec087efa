import Core

@testable import PolicyFiles

/// The fixtures and golden texts next to the tests.
enum FixtureFolder {
    /// The folder of these tests.
    static let tests = FilePath.folder(of: #filePath)

    /// Returns the names of all cases below `Fixtures`, each with its golden text's name.
    static func cases(_ kind: String) -> [String] {
        (try? DiskFile.names(in: "\(tests)/Fixtures/\(kind)")) ?? []
    }
}
