import Core

/// One membership: a true one, or a row of a stored member list.
struct Participant: Hashable, Sendable {
    /// The gateway's own number for the entry.
    let id: Int64
    /// The account.
    let lid: LID
    /// The role.
    var role: Role
    /// When the account joined, or when an append-only store first saw it.
    let since: Timestamp
}

/// A group as it is on WhatsApp.
struct GroupState: Sendable {
    /// What the seed says; only the errors in the stored copies change.
    var seed: GroupSeed
    /// Who created the group.
    let creator: LID?
    /// The members now, in the order in which they joined.
    private(set) var members: [Participant] = []
    /// The maximum number of members.
    let sizeLimit: Int
    /// When it was created.
    let createdAt: Timestamp
    /// Whether contacts of this group show each number.
    var numbers: [LID: NumberVisibility] = [:]
    private var nextID: Int64 = 1

    /// Creates a group without members.
    init(_ seed: GroupSeed, creator: LID?, sizeLimit: Int, createdAt: Timestamp) {
        self.seed = seed
        self.creator = creator
        self.sizeLimit = sizeLimit
        self.createdAt = createdAt
    }

    /// The id.
    var id: GroupID { seed.id }

    /// Returns the role of an account; nil for a non-member.
    func role(of lid: LID) -> Role? { members.first { $0.lid == lid }?.role }

    /// Adds an account; a member stays as it is.
    mutating func join(_ lid: LID, role: Role, at now: Timestamp) {
        guard self.role(of: lid) == nil else { return }
        members.append(Participant(id: nextID, lid: lid, role: role, since: now))
        nextID += 1
    }

    /// Sets a member's role, or without a role removes the member; no effect on a non-member.
    mutating func setRole(_ role: Role?, of lid: LID) {
        guard let index = members.firstIndex(where: { $0.lid == lid }) else { return }
        if let role { members[index].role = role } else { members.remove(at: index) }
    }
}
