import Membership

/// Places of a list by a number that most of its elements have: sorted, and searched by halving.
struct PlacesByNumber {
    /// The numbers, ascending.
    private var numbers: [UInt64] = []
    /// The place that belongs to the number at the same position; where numbers are equal, ascending.
    private(set) var places: [Int] = []

    /// Has none.
    init() {}

    /// Takes the numbers of a list's elements; nil where an element has none.
    init(_ list: some Sequence<UInt64?>) {
        var (known, placesOfKnown): ([UInt64], [Int]) = ([], [])
        known.reserveCapacity(list.underestimatedCount)
        placesOfKnown.reserveCapacity(list.underestimatedCount)
        for (place, number) in list.enumerated() {
            guard let number else { continue }
            known.append(number)
            placesOfKnown.append(place)
        }
        let order = NumberOrder(known)
        numbers = order.numbers
        places = order.places.map { placesOfKnown[Int($0)] }
    }

    /// The positions of a number.
    func range(of number: UInt64) -> Range<Int> {
        var cursor = 0
        return range(of: number, near: &cursor)
    }

    /// The same, for a caller who asks for one number after the other: who goes in their order is answered at once.
    func range(of number: UInt64, near cursor: inout Int) -> Range<Int> {
        let start = numbers.lowerBound(of: number, near: &cursor)
        var end = start
        while end < numbers.count, numbers[end] == number { end += 1 }
        return start..<end
    }

    /// Goes through the places of numbers that more than one element has.
    func forEachShared(_ body: (Int) -> Void) {
        for position in numbers.indices.dropFirst() where numbers[position - 1] == numbers[position] {
            body(places[position - 1])
            body(places[position])
        }
    }
}
