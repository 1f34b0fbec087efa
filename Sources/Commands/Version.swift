/// The version of the program, as `--version`, the ledger and the `User-Agent` tell it.
package enum Version {
    /// A semantic version.
    package static let current = "0.1.0"
}
