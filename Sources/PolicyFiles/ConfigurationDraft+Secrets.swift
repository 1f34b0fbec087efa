import LocatedYAML

extension ConfigurationDraft {
    /// Returns the source of a secret; nil if it is absent, or reported as wrong.
    ///
    /// Messages never repeat the value, since it may be the secret itself; they suggest the variable `variable`.
    func readSecret(
        _ key: String, noun: String, variable: String, of parent: CheckedMapping, log: inout DiagnosticLog
    ) -> SecretSource? {
        guard let node = parent.value(key) else { return nil }
        let advice = "write `\(key): { env: \(variable) }` or `\(key): { file: /path/to/a/file }`"
        guard node.kind == .mapping else {
            log.error(
                "do not write the \(noun) itself into this file, which people share; \(advice)",
                at: parent.location(of: node))
            return nil
        }
        // No `CheckedMapping` here, since it would show the key, which may be the secret.
        guard node.pairs.count == 1, let pair = node.pairs.first, ["env", "file"].contains(pair.key.text) else {
            log.error("`\(key)` takes either `env` or `file`; \(advice)", at: parent.location(of: node))
            return nil
        }
        let text = pair.value.text
        guard pair.value.kind == .scalar, !pair.value.isNull, !text.isEmpty, !looksLikeToken(text),
            !text.contains("://")
        else {
            log.error(
                "`\(pair.key.text)` must say where to find the \(noun), not contain it; \(advice)",
                at: parent.location(of: pair.value.isNull ? pair.key : pair.value))
            return nil
        }
        if pair.key.text == "env" {
            guard isVariableName(text) else {
                log.error(
                    "`env` must be the name of an environment variable (letters, digits and underscores); \(advice)",
                    at: parent.location(of: pair.value))
                return nil
            }
            return .environment(text)
        }
        return .file(FilePath.joined(folder, text))
    }

    /// Whether a text starts like a gateway key or a login token.
    func looksLikeToken(_ text: String) -> Bool { text.hasPrefix("wa_") || text.hasPrefix("eyJ") }

    private func isVariableName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !isDigit(first), text.utf8.count <= 128 else { return false }
        return text.utf8.allSatisfy { byte in
            isDigit(byte) || byte == UInt8(ascii: "_") || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        }
    }
}
