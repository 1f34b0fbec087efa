import LocatedYAML

/// The source of a secret; a configuration never contains the secret itself.
package enum SecretSource: Sendable, Hashable {
    /// An environment variable.
    case environment(String)
    /// A file that contains only the secret.
    case file(String)

    /// Returns the source in words for a message; does not repeat it if it looks like the secret itself.
    ///
    /// `key` is the configuration key of the source, `noun` the kind of secret.
    package func words(key: String, noun: String) -> String {
        switch self {
        case .environment(let name):
            return "the environment variable " + (mayBeSecret(name) ? "that `\(key)` names" : name)
        case .file(let path):
            let name = path.split(separator: "/").last ?? ""
            return "the \(noun) file " + (mayBeSecret(String(name)) ? "that `\(key)` names" : path)
        }
    }
}
