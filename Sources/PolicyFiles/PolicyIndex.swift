import Membership

/// A place in one of the files of a run, in twelve bytes.
struct Place: Hashable {
    /// The index of the file's name.
    let file: UInt32
    /// The line, from 1.
    let line: UInt32
    /// The column, from 1.
    let column: UInt32
}

/// Days, and a reason, that an entry gives.
struct EntryTerms: Hashable {
    /// The first day; nil where it is open.
    var from: CalendarDate?
    /// The last day; nil where it is open.
    var until: CalendarDate?
    /// Why; nil where nothing is said.
    var reason: String?

    /// Nothing said.
    static let none = EntryTerms()

    /// Whether a day lies within.
    func includes(_ day: CalendarDate) -> Bool {
        if let from, day < from { return false }
        if let until, day > until { return false }
        return true
    }

    /// The days that lie within both, and the inner reason before the outer one.
    func narrowed(by inner: EntryTerms) -> EntryTerms {
        EntryTerms(
            from: [from, inner.from].compactMap(\.self).max(), until: [until, inner.until].compactMap(\.self).min(),
            reason: inner.reason ?? reason)
    }
}

/// One line of a list: whom it names, where, and on what terms.
struct Entry {
    /// A person, a team, or a name that is still to be looked up.
    var target: Target
    /// Where it stands.
    let place: Place
    /// The index of its terms; 0 for none.
    let terms: UInt32

    /// An index with its kind in the two highest bits.
    struct Target: Hashable {
        private let raw: UInt32

        /// A person's index.
        static func person(_ index: Int) -> Target { Target(raw: UInt32(index)) }
        /// A team's index.
        static func team(_ index: Int) -> Target { Target(raw: UInt32(index) | 1 << 30) }
        /// The index of a name in the symbol table.
        static func symbol(_ index: Int) -> Target { Target(raw: UInt32(index) | 2 << 30) }

        /// What the index counts.
        enum Kind { case person, team, symbol }

        /// What the index counts.
        var kind: Kind {
            switch raw >> 30 {
            case 0: .person
            case 1: .team
            default: .symbol
            }
        }

        /// The index.
        var index: Int { Int(raw & (1 << 30 - 1)) }
    }
}

/// A run of entries.
struct EntryRange {
    let start: UInt32
    let end: UInt32

    /// No entries.
    static let empty = EntryRange(0..<0)

    /// Takes the indices of entries.
    init(_ range: Range<Int>) {
        start = UInt32(range.lowerBound)
        end = UInt32(range.upperBound)
    }

    /// The indices of the entries.
    var indices: Range<Int> { Int(start)..<Int(end) }
}

/// Someone whom the policy names, in sixteen bytes and the index of a name.
struct PersonRecord {
    /// The number's digits; 0 where it is not known.
    var phone: UInt64
    /// The LID's digits; 0 where it is not known.
    var lid: UInt64
    /// The index of the name, plus one; 0 for none.
    var name: UInt32 = 0
}

/// A team, or a CSV file, which is a team without a name.
struct TeamRecord {
    /// The name; nil for a CSV file.
    let name: String?
    /// The path of the CSV file, as people know it; nil for a team.
    var file: String?
    /// Where it is described.
    let place: Place
    /// Who is in it.
    var entries: EntryRange = .empty
    /// Whether an entry was left out because it was wrong.
    var isIncomplete = false
    /// Whether every entry that names the CSV file says that it may be empty.
    var mayBeEmpty = false
}

/// A group as its policy describes it.
struct GroupRecord {
    let key: GroupKey
    let name: String?
    let place: Place
    let mode: GroupMode
    let rejoin: RejoinRule
    let limits: Limits
    let mayBeEmpty: Bool
    let admins: EntryRange
    let members: EntryRange
    let kept: EntryRange
    /// Whether an entry was left out because it was wrong.
    let isIncomplete: Bool
}

/// All that the policy files say, teams kept once however many groups they serve.
struct PolicyIndex {
    var files: [String] = []
    var symbols: [String] = []
    var people: [PersonRecord] = []
    /// The place of each person in the order of numbers, then LIDs; set when everybody is known.
    private(set) var ranks: [UInt32] = []
    var teams: [TeamRecord] = []
    var groups: [GroupRecord] = []
    var entries: [Entry] = []
    /// The terms of entries; the first stands for none.
    var terms: [EntryTerms] = [.none]
    /// The terms of those people whose own entry says until when they belong anywhere.
    var departures: [Int: UInt32] = [:]

    /// Makes room for what a file of so many bytes may name, if each line does.
    ///
    /// Pages that stay untouched cost nothing, and to grow means to copy.
    mutating func makeRoom(forSourceOf size: Int) {
        people.makeRoom(for: size / 20)
        entries.makeRoom(for: size / 20)
    }

    /// Puts everybody in order, which each group goes by: no two people have the same number, or the same LID.
    mutating func rankPeople() {
        // Numbers have bits to spare in their keys, so that whoever has none comes last, by LID.
        let byLID = NumberOrder(people.map { $0.phone == 0 ? $0.lid : 0 })
        let byNumber = NumberOrder(
            byLID.places.map { PhoneNumber(digits: people[Int($0)].phone)?.orderKey ?? .max })
        ranks = [UInt32](repeating: 0, count: people.count)
        for (rank, place) in byNumber.places.enumerated() {
            ranks[Int(byLID.places[Int(place)])] = UInt32(truncatingIfNeeded: rank)
        }
    }

    /// A place as people know it.
    func location(_ place: Place) -> SourceLocation {
        SourceLocation(file: files[Int(place.file)], line: Int(place.line), column: Int(place.column))
    }

    /// Everyone with a LID who has a name or a number too: a bare LID in a list says nothing of who it is.
    var named: [LID: PersonReference] {
        var named: [LID: PersonReference] = [:]
        for (place, person) in people.enumerated() where person.lid != 0 && (person.name != 0 || person.phone != 0) {
            if let lid = LID(digits: person.lid) { named[lid] = reference(place) }
        }
        return named
    }

    /// A person as plans name them.
    func reference(_ index: Int) -> PersonReference {
        let person = people[index]
        return PersonReference(
            phone: PhoneNumber(digits: person.phone), lid: LID(digits: person.lid),
            name: person.name == 0 ? nil : symbols[Int(person.name) - 1])
    }
}

extension Array {
    /// Makes room for so many more.
    ///
    /// Where it has to grow it doubles at least, so that many small steps do not copy it each time.
    fileprivate mutating func makeRoom(for more: Int) {
        if count + more > capacity { reserveCapacity(Swift.max(count + more, 2 * capacity)) }
    }
}
