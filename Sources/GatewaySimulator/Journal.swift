package import Membership

/// What became of one person whom a request named.
package struct ParticipantEffect: Hashable, Sendable {
    /// What happened, or why nothing did.
    package enum Outcome: String, Hashable, Sendable, CaseIterable {
        /// Joined the group.
        case added
        /// Was a member before the add.
        case already
        /// Lets nobody add them.
        case declined
        /// The group was full.
        case full
        /// The number has no account.
        case notOnWhatsApp = "not_on_whatsapp"
        /// Left the group.
        case removed
        /// Was no member before the removal.
        case notAMember = "not_a_member"
        /// Became an admin.
        case promoted
        /// Was an admin before the promotion.
        case alreadyAdmin = "already_admin"
        /// Became an ordinary member.
        case demoted
        /// Was an ordinary member before the demotion.
        case alreadyMember = "already_member"
        /// Is the group's creator, whom nobody can remove or demote.
        case creator

        /// Whether the group is another one than before.
        package var isChange: Bool {
            switch self {
            case .added, .removed, .promoted, .demoted: true
            case .already, .declined, .full, .notOnWhatsApp, .notAMember, .alreadyAdmin, .alreadyMember, .creator:
                false
            }
        }
    }

    /// The group.
    package let group: GroupID
    /// The number as the request spelt it; where it named a LID, the number of its account, or `nobody`.
    package let phone: PhoneNumber
    /// The LID that the request named; nil where it named a number.
    package let lid: LID?
    /// What happened.
    package let outcome: Outcome

    /// Stands for the number of a LID that no account has: the smallest one there is.
    package static let nobody: PhoneNumber = {
        guard let smallest = PhoneNumber(digits: 1_000_000) else { preconditionFailure("seven digits are a number") }
        return smallest
    }()

    /// Describes an effect.
    package init(group: GroupID, phone: PhoneNumber, lid: LID? = nil, outcome: Outcome) {
        self.group = group
        self.phone = phone
        self.lid = lid
        self.outcome = outcome
    }
}

/// One request and what came of it.
package struct JournalEntry: Hashable, Sendable {
    /// The request's number, from 1 in the order in which the requests took effect.
    package let sequence: Int
    /// When it came.
    package let time: Timestamp
    /// The method.
    package let method: String
    /// The path with its query as received.
    package let path: String
    /// The name of the api-key, or the subject of the login token; nil where neither was good.
    package let caller: String?
    /// The body as text, cut after 65,536 bytes.
    package let body: String
    /// The status that was answered.
    package let status: Int
    /// What became of each person whom the request named.
    package let effects: [ParticipantEffect]
    /// Whether a fault on demand met the request.
    package let isFaulty: Bool
}

/// The latest requests, oldest first.
struct Journal: Sendable {
    /// So many entries are kept at least; twice as many at most.
    static let capacity = 100_000

    /// The longest body that is kept, in bytes.
    static let longestBody = 65_536

    /// The entries.
    private(set) var entries: [JournalEntry] = []
    /// The number of the latest request.
    private(set) var sequence = 0

    /// Takes the next number.
    mutating func nextSequence() -> Int {
        sequence += 1
        return sequence
    }

    /// Keeps an entry; the oldest are forgotten when there are too many.
    mutating func append(_ entry: JournalEntry) {
        entries.append(entry)
        if entries.count >= Self.capacity * 2 { entries.removeFirst(Self.capacity) }
    }

    /// Forgets all entries; numbers go on.
    mutating func clear() { entries.removeAll() }
}
