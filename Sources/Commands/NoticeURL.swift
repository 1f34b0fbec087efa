import HTTPTransfer
import Logging
import PolicyFiles

/// The URL of a webhook or a monitor, which whoever knows it can write to.
struct NoticeURL {
    private let text: String

    /// Why there is none that can be used, in a sentence without the URL.
    struct Fault: Error, Equatable {
        let words: String
    }

    /// Reads and checks it; the key is the one that names its place.
    static func read(
        _ source: SecretSource, key: String, logger: Logger, in context: Context
    ) throws(Fault) -> NoticeURL {
        let place = source.words(key: key, noun: "URL")
        let text: String
        do throws(Secret.Fault) {
            text = try Secret.read(source, place: place, logger: logger, in: context)
        } catch {
            throw Fault(words: "\(place) \(error.words)")
        }
        guard let url = NoticeURL(text) else {
            throw Fault(
                words:
                    "what \(place) holds is no URL that can be used; it begins with https://, or with http:// and this "
                    + "computer, and has no user name, space or #")
        }
        return url
    }

    /// Takes https, or http to this computer alone, with white space around it; nil for anything else.
    init?(_ text: String) {
        let trimmed = text.drop(while: \.isWhitespace)
        let end = trimmed.lastIndex { !$0.isWhitespace }.map(trimmed.index(after:)) ?? trimmed.startIndex
        let url = String(trimmed[..<end])
        do throws(TransferError) {
            let origin = try HTTPRequest(method: "GET", url: url).checkedOrigin()
            guard origin.scheme == .https || origin.isLoopback else { return nil }
        } catch {
            return nil
        }
        self.text = url
    }

    /// The URL with something put behind its path, before what it asks for.
    func appending(_ suffix: String) -> String {
        guard !suffix.isEmpty else { return text }
        let path = text.prefix { $0 != "?" }
        let trimmed = path.hasSuffix("/") ? path.dropLast() : path
        return trimmed + suffix + text.dropFirst(path.count)
    }
}
