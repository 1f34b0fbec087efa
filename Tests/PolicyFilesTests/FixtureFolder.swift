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
