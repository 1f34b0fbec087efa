import Core
import Logging
import PolicyFiles

/// The URL of a webhook or a monitor; a secret, since anyone who knows it can post there.
struct NoticeURL {
    private let url: HTTPURL

    /// Why there is no usable URL, in a sentence without the URL.
    struct Fault: Error, Equatable {
        let words: String
    }

    /// Reads and checks the URL; `key` is its key in the configuration.
    static func read(
        _ source: SecretSource, key: String, logger: Logger, in context: Context
    ) throws(Fault) -> NoticeURL {
        let location = source.words(key: key, noun: "URL")
        let text: String
        do throws(Secret.Fault) {
            text = try Secret.read(source, location: location, logger: logger, in: context)
        } catch {
            throw Fault(words: "\(location) \(error.words)")
        }
        guard let url = NoticeURL(text) else {
            throw Fault(
                words:
                    "\(location) contains no usable URL; write one that begins with https://, without user name, "
                    + "spaces and #; http:// is only for this computer")
        }
        return url
    }

    /// Accepts https, or http to this computer; ignores white space around it; nil for anything else.
    init?(_ text: String) {
        let trimmed = text.drop(while: \.isWhitespace)
        let end = trimmed.lastIndex { !$0.isWhitespace }.map(trimmed.index(after:)) ?? trimmed.startIndex
        guard let url = try? HTTPURL(secure: String(trimmed[..<end])), !url.hasFragment else { return nil }
        self.url = url
    }

    /// Returns the URL with a suffix appended to its path, before the query.
    func appending(_ suffix: String) -> String { url.appending(path: suffix) }
}
