/// Finds the word that someone probably meant.
struct SpellingSuggester {
    /// Comparisons that are still made: a file full of mistakes is not compared with a million names each time.
    private var budget: Int

    /// Allows so many comparisons in all.
    init(budget: Int = 2_000_000) { self.budget = budget }

    /// A half sentence such as "; did you mean `members`?", or nothing.
    mutating func hint(for word: String, among candidates: some Sequence<String>) -> String {
        nearest(to: word, among: candidates).map { "; did you mean \(quoted($0))?" } ?? ""
    }

    /// The candidate with the fewest slips of the pen: one in a short word, two in a longer one.
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

    /// Insertions, deletions, replacements and swaps of neighbours that lead from one word to the other.
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
