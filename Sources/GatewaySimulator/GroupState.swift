import Membership

/// One membership as it truly is.
struct Participant: Hashable, Sendable {
    /// The gateway's own number for the entry.
    let id: Int64
    /// The account.
    let lid: LID
    /// The role.
    var role: Role
    /// When the account joined.
    let since: Timestamp
}

/// A group as WhatsApp has it.
struct GroupState: Sendable {
    /// The id.
    let id: GroupID
    /// The sessions that see the group.
    let sessions: [SessionID]
    /// The subject.
    var subject: String
    /// The description.
    var description: String?
    /// Who created the group.
    let creator: LID?
    /// How `ownerJid` names the creator.
    let ownerForm: OwnerForm
    /// The members in the order they joined.
    private(set) var members: [Participant] = []
    /// The most members.
    var sizeLimit: Int
    /// Whether only admins may write.
    let isAnnounce: Bool
    /// Whether only admins may change subject and picture.
    let isLocked: Bool
    /// When it was created.
    let createdAt: Timestamp
    /// Whose numbers the contacts of this group show or hide.
    var numbers: [LID: NumberVisibility] = [:]
    /// What stored copies get wrong.
    var distortion: RosterDistortion
    private var nextID: Int64 = 1

    /// Begins a group without members.
    init(_ seed: GroupSeed, creator: LID?, sizeLimit: Int, createdAt: Timestamp) {
        id = seed.id
        sessions = seed.sessions
        subject = seed.subject
        description = seed.description
        self.creator = creator
        ownerForm = seed.ownerForm
        self.sizeLimit = sizeLimit
        isAnnounce = seed.isAnnounce
        isLocked = seed.isLocked
        self.createdAt = createdAt
        distortion = seed.distortion
    }

    /// The role of an account; nil where it is no member.
    func role(of lid: LID) -> Role? { members.first { $0.lid == lid }?.role }

    /// Lets an account in; nothing happens where it is a member.
    mutating func join(_ lid: LID, role: Role, at now: Timestamp) {
        guard self.role(of: lid) == nil else { return }
        members.append(Participant(id: nextID, lid: lid, role: role, since: now))
        nextID += 1
    }

    /// Takes an account out; nothing happens where it is no member.
    mutating func leave(_ lid: LID) { members.removeAll { $0.lid == lid } }

    /// Gives a member a role; nothing happens where the account is no member.
    mutating func setRole(_ role: Role, of lid: LID) {
        guard let index = members.firstIndex(where: { $0.lid == lid }) else { return }
        members[index].role = role
    }
}
