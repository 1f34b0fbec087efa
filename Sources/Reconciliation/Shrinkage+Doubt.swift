import Core
import RunLedger

extension Shrinkage {
    /// After this long, a roster that lost more than half of its members counts as real, in milliseconds.
    private static let lifetime: Int64 = 86_400_000

    /// When the roster counts as real, unless it shrinks further before.
    var clearsAt: Timestamp { since.advanced(byMilliseconds: Self.lifetime) }

    /// Whether a roster of a size is still like this: it may be up to a tenth smaller, rounded up.
    fileprivate func covers(_ listed: Int) -> Bool { listed >= size - (size + 9) / 10 }
}

extension TrustedRoster {
    /// Whether a roster has lost more than half of its members, not counting our removals; false below four members.
    func hasShrunk(to listed: Int, removedSince: Int = 0) -> Bool { size >= 4 && listed * 2 < size - removedSince }

    /// Returns since when a roster is small, and its largest size since it last shrank by more than a tenth.
    func shrinkage(to listed: Int, at now: Timestamp) -> Shrinkage {
        guard let shrinkage, shrinkage.covers(listed) else { return Shrinkage(since: now, size: listed) }
        return Shrinkage(since: shrinkage.since, size: max(shrinkage.size, listed))
    }
}
