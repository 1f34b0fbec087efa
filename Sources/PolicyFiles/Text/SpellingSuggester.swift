/// Finds the word that was probably meant.
struct SpellingSuggester {
    /// The remaining comparisons; bounds the time for a file full of mistakes.
    private var budget: Int

    /// Allows this many comparisons in total.
    init(budget: Int = 2_000_000) { self.budget = budget }

    /// Returns a clause such as "; did you mean `members`?", or an empty text.
    mutating func hint(for word: String, among candidates: some Sequence<String>) -> String {
        nearest(to: word, among: candidates).map { "; did you mean \(quoted($0))?" } ?? ""
    }

    /// Returns the nearest candidate, at most one edit away for up to 4 letters, else two; nil if there is none.
    mutating func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
        let sought = Array(word.lowercased().unicodeScalars.prefix(100))
        let most = sought.count <= 4 ? 1 : 2
        var best: (distance: Int, word: String)?
        for candidate in candidates {
            guard budget > 0 else { break }
            budget -= 1
            guard abs(candidate.unicodeScalars.count - sought.count) <= 2 else { continue }
            let distance = Self.distance(sought, Array(candidate.lowercased().unicodeScalars))
            guard distance <= most else { continue }
            if let best, (best.distance, best.word) <= (distance, candidate) { continue }
            best = (distance, candidate)
        }
        return best?.word
    }

    /// Returns the number of insertions, deletions, replacements and swaps of neighbours between two words.
    static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        if left.isEmpty || right.isEmpty { return max(left.count, right.count) }
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in 1...left.count {
            var current = [row]
            for column in 1...right.count {
                let same = left[row - 1] == right[column - 1]
                var cost = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + (same ? 0 : 1))
                if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                    cost = min(cost, beforeLast[column - 2] + 1)
                }
                current.append(cost)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}
