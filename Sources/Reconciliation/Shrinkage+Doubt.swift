import Membership
import RunLedger

extension Shrinkage {
    /// After so long a roster that lost more than half of its members counts as the group's real one, in milliseconds.
    private static let lifetime: Int64 = 86_400_000

    /// When the roster counts as the group's real one, unless it shrinks further before.
    var clearsAt: Timestamp { since.advanced(byMilliseconds: Self.lifetime) }

    /// Whether a roster of a size is still like this: a tenth may have gone since it was largest, rounded up.
    fileprivate func covers(_ listed: Int) -> Bool { listed >= size - (size + 9) / 10 }
}

extension GoodObservation {
    /// Whether a roster that lists so few has lost more than half, whom we may have removed since aside; of a handful nothing is said.
    func hasShrunk(to listed: Int, removedSince: Int = 0) -> Bool { size >= 4 && listed * 2 < size - removedSince }

    /// What is to be remembered of a roster that lists so few: it has been like this since it last shrank noticeably.
    func shrinkage(to listed: Int, at now: Timestamp) -> Shrinkage {
        guard let shrinkage, shrinkage.covers(listed) else { return Shrinkage(since: now, size: listed) }
        return Shrinkage(since: shrinkage.since, size: max(shrinkage.size, listed))
    }
}
