import Glibc
import Logging
import PolicyFiles

/// Reads what the configuration only says the place of.
enum Secret {
    /// Why there is none; the words end a sentence that begins with the place.
    enum Fault: Error, Equatable {
        /// The variable is not set.
        case notSet
        /// Nothing but white space is there.
        case empty
        /// The file cannot be read.
        case unreadable(RegularFile.Fault)

        /// The end of the sentence.
        var words: String {
            switch self {
            case .notSet: "is not set"
            case .empty: "is empty"
            case .unreadable(let fault): fault.words
            }
        }
    }

    /// More than any token or URL has.
    private static let mostBytes = 16_383

    /// The secret as it stands there, white space around it included; the place is for a warning.
    static func read(
        _ source: SecretSource, place: String, logger: Logger, in context: Context
    ) throws(Fault) -> String {
        let text: String
        switch source {
        case .environment(let name):
            guard let value = context.environment[name], !value.isEmpty else { throw .notSet }
            text = value
        case .file(let path):
            do throws(RegularFile.Fault) {
                let file = try RegularFile.contents(of: path, atMost: mostBytes)
                if file.permissions & 0o044 != 0 {
                    logger.warning("\(place) can be read by others; restrict it with `chmod 600`")
                }
                text = String(decoding: file.bytes, as: UTF8.self)
            } catch {
                throw .unreadable(error)
            }
        }
        guard !text.allSatisfy(\.isWhitespace) else { throw .empty }
        return text
    }
}
