import LocatedYAML

/// Where a secret comes from; the secret itself never stands in a configuration.
package enum SecretSource: Sendable, Hashable {
    /// A variable of the environment.
    case environment(String)
    /// A file that holds nothing else.
    case file(String)

    /// The place in words, fit for a message: a secret that was written where its place is expected is not repeated.
    ///
    /// The key is the one that names the place, the noun what the secret is.
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
