extension String {
    /// The page without its style sheet and the digest of the style sheet.
    package var unstyled: String {
        guard let start = firstRange(of: "<style>"), let end = firstRange(of: "</style>") else { return self }
        return String(self[..<start.upperBound] + self[end.lowerBound...])
            .replacing(/sha256-[A-Za-z0-9+\/=]+/, with: "sha256-")
    }
}
