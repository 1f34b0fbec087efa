package import Core

/// What happened to one person that a request named.
package struct ParticipantEffect: Hashable, Sendable {
    /// What happened, or why nothing did.
    package enum Outcome: String, Hashable, Sendable, CaseIterable {
        /// Joined the group.
        case added
        /// Was a member before the add.
        case already
        /// Does not accept adds.
        case declined
        /// The group was full.
        case full
        /// The number has no account.
        case notOnWhatsApp = "not_on_whatsapp"
        /// Left the group.
        case removed
        /// Was not a member before the removal or change of role.
        case notAMember = "not_a_member"
        /// Became an admin.
        case promoted
        /// Was an admin before the promotion.
        case alreadyAdmin = "already_admin"
        /// Became an ordinary member.
        case demoted
        /// Was an ordinary member before the demotion.
        case alreadyMember = "already_member"
        /// Is the group's creator: nobody can remove or demote them.
        case creator

        /// Whether the group changed.
        package var isChange: Bool {
            switch self {
            case .added, .removed, .promoted, .demoted: true
            case .already, .declined, .full, .notOnWhatsApp, .notAMember, .alreadyAdmin, .alreadyMember, .creator: false
            }
        }
    }

    /// The group.
    package let group: GroupID
    /// The number as the request spelt it; for a LID, the number of its account or `nobody`.
    package let phone: PhoneNumber
    /// The LID that the request named; nil if it named a number.
    package var lid: LID?
    /// What happened.
    package let outcome: Outcome

    /// The number of a LID that has no account: the smallest valid number.
    package static let nobody: PhoneNumber = {
        guard let smallest = PhoneNumber(digits: 1_000_000) else { preconditionFailure("seven digits are a number") }
        return smallest
    }()
}

/// One request and its results.
package struct JournalEntry: Hashable, Sendable {
    /// The request's number, from 1, in the order in which requests take effect.
    package let sequence: Int
    /// When it arrived.
    package let time: Timestamp
    /// The method.
    package let method: String
    /// The path with its query, as received.
    package let path: String
    /// The name of the api-key, or the subject of the login token; nil if neither was valid.
    package let caller: String?
    /// The body as text, cut after 65,536 bytes.
    package let body: String
    /// The answered status.
    package let status: Int
    /// What happened to each person that the request named.
    package let effects: [ParticipantEffect]
    /// True if an injected fault affected the request.
    package let isFaulty: Bool
}

/// The latest requests, oldest first.
struct Journal: Sendable {
    /// How many entries stay when the oldest are dropped, which happens at twice as many.
    static let capacity = 100_000

    /// The longest body kept, in bytes.
    static let longestBody = 65_536

    /// The entries.
    private(set) var entries: [JournalEntry] = []
    /// The number of the latest request.
    private(set) var sequence = 0

    /// Returns the next number.
    mutating func nextSequence() -> Int {
        sequence += 1
        return sequence
    }

    /// Keeps an entry, and drops the oldest if there are too many.
    mutating func append(_ entry: JournalEntry) {
        entries.append(entry)
        if entries.count >= Self.capacity * 2 { entries.removeFirst(Self.capacity) }
    }

    /// Drops all entries; the numbers continue.
    mutating func clear() { entries.removeAll() }
}
