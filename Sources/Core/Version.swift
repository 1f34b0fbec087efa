/// The version of the program, as in `--version`, the ledger and the `User-Agent`.
package enum Version {
    /// A semantic version.
    package static let current = "0.1.0"
}
