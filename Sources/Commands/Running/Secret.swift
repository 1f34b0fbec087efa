import Core
import Logging
import PolicyFiles

/// Reads secrets from the variable or file that the configuration names.
enum Secret {
    /// Why there is no secret.
    enum Fault: Error, Equatable {
        /// The variable is not set.
        case notSet
        /// It is empty or only white space.
        case empty
        /// The file cannot be read.
        case unreadable(DiskFault)

        /// The end of a sentence that begins with the place.
        var words: String {
            switch self {
            case .notSet: "is not set"
            case .empty: "is empty"
            case .unreadable(let fault): fault.words
            }
        }
    }

    /// The largest secret accepted, in bytes.
    private static let maxBytes = 16_383

    /// Reads the secret with any white space around it; `location` is for a warning.
    static func read(
        _ source: SecretSource, location: String, logger: Logger, in context: Context
    ) throws(Fault) -> String {
        let text: String
        switch source {
        case .environment(let name):
            guard let value = context.environment[name], !value.isEmpty else { throw .notSet }
            text = value
        case .file(let path):
            do throws(DiskFault) {
                var isReadable = false
                let bytes = try DiskFile.contents(of: path, limit: maxBytes) { isReadable = $0 & 0o044 != 0 }
                if isReadable {
                    logger.warning("\(location) is readable by other users; restrict it with `chmod 600`")
                }
                text = String(decoding: bytes, as: UTF8.self)
            } catch {
                throw .unreadable(error)
            }
        }
        guard !text.allSatisfy(\.isWhitespace) else { throw .empty }
        return text
    }
}
