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

extension Array where Element: Comparable {
    /// Returns the index of the first element of a sorted array that is not less than the given one; else `count`.
    @inlinable package func lowerBound(of element: Element) -> Int { Core.lowerBound(count) { self[$0] < element } }

    /// Returns the same; takes constant time if it is the next element after the last one found with the cursor.
    @inlinable package func lowerBound(of element: Element, near cursor: inout Int) -> Int {
        if cursor >= count || self[cursor] != element || cursor > 0 && self[cursor - 1] == element {
            cursor = lowerBound(of: element)
        }
        let position = cursor
        if position < count, self[position] == element { cursor += 1 }
        return position
    }

    /// Whether a sorted array contains an element.
    @inlinable package func holds(_ element: Element) -> Bool {
        let position = lowerBound(of: element)
        return position < count && self[position] == element
    }
}
