import Core

/// A place in a file, in 12 bytes.
struct FilePosition: Hashable {
    /// The index of the file's name.
    let file: UInt32
    /// The line, from 1.
    let line: UInt32
    /// The column, from 1.
    let column: UInt32
}

/// The dates and reason of an entry.
struct EntryTerms: Hashable {
    /// The first day; nil if there is no start date.
    var from: CalendarDate?
    /// The last day; nil if there is no end date.
    var until: CalendarDate?
    /// The reason; nil if there is none.
    var reason: String?

    /// No dates and no reason.
    static let none = EntryTerms()

    /// Whether the day is within the dates.
    func includes(_ day: CalendarDate) -> Bool {
        if let from, day < from { return false }
        if let until, day > until { return false }
        return true
    }

    /// Returns the days that are within both, with the inner reason, or else the outer one.
    func narrowed(by inner: EntryTerms) -> EntryTerms {
        EntryTerms(
            from: [from, inner.from].compactMap(\.self).max(), until: [until, inner.until].compactMap(\.self).min(),
            reason: inner.reason ?? reason)
    }
}

/// An entry of a list: what it names, its place and its terms.
struct Entry {
    /// A person, a team, or a name that is not resolved yet.
    var target: Target
    /// The place of the entry.
    let position: FilePosition
    /// The index of its terms; 0 for none.
    let terms: UInt32

    /// An index, with its kind in the two highest bits.
    struct Target: Hashable {
        private let raw: UInt32

        /// Returns a person's index.
        static func person(_ index: Int) -> Target { Target(raw: UInt32(index)) }
        /// Returns a team's index.
        static func team(_ index: Int) -> Target { Target(raw: UInt32(index) | 1 << 30) }
        /// Returns the index of a name in the symbol table.
        static func symbol(_ index: Int) -> Target { Target(raw: UInt32(index) | 2 << 30) }

        /// The kinds of indices.
        enum Kind { case person, team, symbol }

        /// The kind of the index.
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

/// A person the policy names: number, LID and the index of a name.
struct IndexedPerson {
    /// The digits of the number; 0 if it is not known.
    var phone: UInt64
    /// The digits of the LID; 0 if it is not known.
    var lid: UInt64
    /// The index of the name, plus one; 0 for none.
    var name: UInt32 = 0
}

/// A team; or a CSV file, which is a team without a name.
struct IndexedTeam {
    /// The name; nil for a CSV file.
    let name: String?
    /// The path of the CSV file as messages show it; nil for a team.
    var file: String?
    /// The place of the definition.
    let position: FilePosition
    /// The indices of the entries for the people and teams in it.
    var entries = 0..<0
    /// Whether a wrong entry was skipped.
    var isIncomplete = false
    /// Whether every entry that names the CSV file says that it may be empty.
    var mayBeEmpty = false
}

/// A group as its policy defines it.
struct IndexedGroup {
    let key: GroupKey
    let name: String?
    let position: FilePosition
    let mode: GroupMode
    let rejoin: RejoinRule
    let limits: Limits
    let mayBeEmpty: Bool
    /// The indices of the entries of its lists.
    let admins: Range<Int>
    let members: Range<Int>
    let kept: Range<Int>
    /// Whether a wrong entry was skipped.
    let isIncomplete: Bool
}

/// The contents of all policy files; a team is stored once, however many groups use it.
struct PolicyIndex {
    var files: [String] = []
    var symbols: [String] = []
    var people: [IndexedPerson] = []
    /// The rank of each person by number, then by LID; set by `rankPeople`.
    private(set) var ranks: [UInt32] = []
    var teams: [IndexedTeam] = []
    var groups: [IndexedGroup] = []
    var entries: [Entry] = []
    /// The terms of entries; the first is `.none`.
    var terms: [EntryTerms] = [.none]
    /// The index of the terms of each person who has an `until` under `people`.
    var departures: [Int: UInt32] = [:]

    /// Reserves room for a file of this many bytes, as if each line named a person.
    ///
    /// Unused pages cost nothing, but growing means copying.
    mutating func makeRoom(forSourceOf size: Int) {
        people.makeRoom(for: size / 20)
        entries.makeRoom(for: size / 20)
    }

    /// Ranks all people, so that each group can sort by rank; numbers and LIDs are unique.
    mutating func rankPeople() {
        // No number has the key `.max`, so people without a number come last, by LID.
        let byLID = NumberSort(people.map { $0.phone == 0 ? $0.lid : 0 })
        let byNumber = NumberSort(byLID.positions.map { PhoneNumber(digits: people[Int($0)].phone)?.orderKey ?? .max })
        ranks = [UInt32](repeating: 0, count: people.count)
        for (rank, position) in byNumber.positions.enumerated() {
            ranks[Int(byLID.positions[Int(position)])] = UInt32(truncatingIfNeeded: rank)
        }
    }

    /// Returns a place for messages.
    func location(_ position: FilePosition) -> SourceLocation {
        SourceLocation(file: files[Int(position.file)], line: Int(position.line), column: Int(position.column))
    }

    /// Everybody with a LID and also a name or a number, by LID; a LID alone does not say who it is.
    var named: [LID: PersonReference] {
        var named: [LID: PersonReference] = [:]
        for (position, person) in people.enumerated() where person.lid != 0 && (person.name != 0 || person.phone != 0) {
            if let lid = LID(digits: person.lid) { named[lid] = reference(position) }
        }
        return named
    }

    /// Returns the person as plans show them.
    func reference(_ index: Int) -> PersonReference {
        let person = people[index]
        return PersonReference(
            phone: PhoneNumber(digits: person.phone), lid: LID(digits: person.lid),
            name: person.name == 0 ? nil : symbols[Int(person.name) - 1])
    }
}

extension Array {
    /// Reserves room for this many more elements; at least doubles the capacity if it grows, so that many small steps
    /// do not copy each time.
    fileprivate mutating func makeRoom(for more: Int) {
        if count + more > capacity { reserveCapacity(Swift.max(count + more, 2 * capacity)) }
    }
}
