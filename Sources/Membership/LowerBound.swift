/// The first place of a sorted list of which it does not hold that its element is below what is looked for; the count where it
/// always holds.
@inlinable @inline(__always) package func lowerBound(_ count: Int, _ isBelow: (Int) -> Bool) -> Int {
    var (start, length) = (0, count)
    while length > 0 {
        let half = length / 2
        // Without a branch: which half it is cannot be foretold.
        let goesOn = isBelow(start + half)
        start = goesOn ? start + half + 1 : start
        length = goesOn ? length - half - 1 : half
    }
    return start
}
