/// Returns the index of the first element of a sorted list that makes the predicate false; the count if there is none.
@inlinable @inline(__always) package func lowerBound(_ count: Int, _ isBelow: (Int) -> Bool) -> Int {
    var (start, length) = (0, count)
    while length > 0 {
        let half = length / 2
        // No branch: the processor cannot predict which half it is.
        let goesOn = isBelow(start + half)
        start = goesOn ? start + half + 1 : start
        length = goesOn ? length - half - 1 : half
    }
    return start
}
