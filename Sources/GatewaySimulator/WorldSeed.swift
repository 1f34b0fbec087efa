package import Membership

/// A world to begin with: who and what there is, before the first request.
package struct WorldSeed: Sendable {
    /// Who owns sessions and tokens.
    package var organisations: [OrganisationSeed]
    /// People of whom more is known than their number.
    package var people: [PersonSeed]
    /// The attached WhatsApp numbers.
    package var sessions: [SessionSeed]
    /// The groups.
    package var groups: [GroupSeed]
    /// How WhatsApp and the gateway behave.
    package var behaviour: Behaviour
    /// Faults from the start on.
    package var faults: [FaultRule]
    /// What happens without any request, each before the first request at its time or later.
    package var schedule: [ScheduledEvent]

    /// Describes a world.
    package init(
        organisations: [OrganisationSeed] = [], people: [PersonSeed] = [], sessions: [SessionSeed] = [],
        groups: [GroupSeed] = [], behaviour: Behaviour = Behaviour(), faults: [FaultRule] = [],
        schedule: [ScheduledEvent] = []
    ) {
        self.organisations = organisations
        self.people = people
        self.sessions = sessions
        self.groups = groups
        self.behaviour = behaviour
        self.faults = faults
        self.schedule = schedule
    }
}

/// An organisation and its api-keys.
package struct OrganisationSeed: Sendable {
    /// The id, as login tokens name it.
    package var id: String
    /// The api-keys.
    package var keys: [APIKeySeed]

    /// Describes an organisation.
    package init(id: String, keys: [APIKeySeed] = []) {
        self.id = id
        self.keys = keys
    }
}

/// An api-key.
package struct APIKeySeed: Sendable {
    /// The name that the journal shows instead of the token.
    package var name: String
    /// The token itself; it begins with `wa_`.
    package var token: String
    /// What the key allows.
    package var permissions: Set<Permission>

    /// Describes a key.
    package init(name: String, token: String, permissions: Set<Permission> = Set(Permission.allCases)) {
        self.name = name
        self.token = token
        self.permissions = permissions
    }
}

/// Where a person lets nobody add them to groups.
package enum AddRule: Hashable, Sendable {
    /// Nowhere: adds succeed.
    case accepts
    /// Everywhere.
    case declines
    /// In these groups.
    case declinesIn(Set<GroupID>)

    /// Whether an add to a group is declined.
    func declines(_ group: GroupID) -> Bool {
        switch self {
        case .accepts: false
        case .declines: true
        case .declinesIn(let groups): groups.contains(group)
        }
    }
}

/// How much of a person's number a stored contact shows.
package enum NumberVisibility: String, Hashable, Sendable, CaseIterable {
    /// The contact has the number.
    case shown
    /// There is a contact, but without the number.
    case hidden
    /// There is no contact at all.
    case absent
}

/// A person.
package struct PersonSeed: Sendable {
    /// The number of the person's account, as WhatsApp itself spells it.
    package var phone: PhoneNumber
    /// The LID; nil gives the next free one.
    package var lid: LID?
    /// The name in contacts.
    package var name: String?
    /// The name of a business.
    package var businessName: String?
    /// The nickname that rosters show.
    package var tag: String?
    /// Whether contacts show the number, unless a session or group says otherwise.
    package var number: NumberVisibility
    /// Where adds are declined without a word.
    package var adds: AddRule
    /// Whether the number has an account at all.
    package var isOnWhatsApp: Bool
    /// Other spellings of the number that reach the same account.
    package var otherNumbers: [PhoneNumber]
    /// Whether a check of the number answers with the LID instead of the number.
    package var checkAnswersLID: Bool

    /// Describes a person, by default one who is easily added and known to all.
    package init(
        phone: PhoneNumber, lid: LID? = nil, name: String? = nil, businessName: String? = nil, tag: String? = nil,
        number: NumberVisibility = .shown, adds: AddRule = .accepts, isOnWhatsApp: Bool = true,
        otherNumbers: [PhoneNumber] = [], checkAnswersLID: Bool = false
    ) {
        self.phone = phone
        self.lid = lid
        self.name = name
        self.businessName = businessName
        self.tag = tag
        self.number = number
        self.adds = adds
        self.isOnWhatsApp = isOnWhatsApp
        self.otherNumbers = otherNumbers
        self.checkAnswersLID = checkAnswersLID
    }
}

/// An attached WhatsApp number.
package struct SessionSeed: Sendable {
    /// The id.
    package var id: SessionID
    /// The organisation that it belongs to.
    package var organisation: String
    /// The name that people give it.
    package var label: String?
    /// The gateway's word for its state; `working` is connected.
    package var status: String
    /// The own account's number; nil while nothing is paired.
    package var account: PhoneNumber?
    /// The device part of the own JID, as some gateways report it.
    package var device: Int?
    /// Messages a minute, as the session reports it.
    package var ratePerMinute: Int?
    /// Messages an hour, as the session reports it.
    package var ratePerHour: Int?
    /// Whether `/me` answers 501, as some deployments do.
    package var refusesMe: Bool
    /// How far the stored copy is behind; nil takes the world's.
    package var lag: Lag?
    /// Whose numbers this session's contacts show or hide, whatever the person's own setting.
    package var numbers: [PhoneNumber: NumberVisibility]
    /// Who is known from direct messages.
    package var directMessages: [PhoneNumber]

    /// Describes a session, by default a connected one.
    package init(
        id: SessionID, organisation: String, account: PhoneNumber?, label: String? = nil, status: String = "working",
        device: Int? = nil, ratePerMinute: Int? = 20, ratePerHour: Int? = 600, refusesMe: Bool = false,
        lag: Lag? = nil, numbers: [PhoneNumber: NumberVisibility] = [:], directMessages: [PhoneNumber] = []
    ) {
        self.id = id
        self.organisation = organisation
        self.label = label
        self.status = status
        self.account = account
        self.device = device
        self.ratePerMinute = ratePerMinute
        self.ratePerHour = ratePerHour
        self.refusesMe = refusesMe
        self.lag = lag
        self.numbers = numbers
        self.directMessages = directMessages
    }
}

/// How a group's `ownerJid` names the creator.
package enum OwnerForm: String, Hashable, Sendable, CaseIterable {
    /// By number.
    case phone
    /// By LID.
    case lid
    /// Not at all.
    case hidden
}

/// A group.
package struct GroupSeed: Sendable {
    /// The id.
    package var id: GroupID
    /// The sessions that see the group.
    package var sessions: [SessionID]
    /// The subject.
    package var subject: String
    /// The description.
    package var description: String?
    /// Who created the group, whether still a member or not.
    package var creator: PhoneNumber?
    /// How `ownerJid` names the creator.
    package var ownerForm: OwnerForm
    /// The members in the order they joined.
    package var members: [Member]
    /// The most members that WhatsApp lets in; nil takes the world's.
    package var sizeLimit: Int?
    /// Whether only admins may write.
    package var isAnnounce: Bool
    /// Whether only admins may change subject and picture.
    package var isLocked: Bool
    /// When WhatsApp says it was created; nil takes the start of the world.
    package var createdAt: Timestamp?
    /// Whose numbers the contacts of this group show or hide, whatever session and person say.
    package var numbers: [PhoneNumber: NumberVisibility]
    /// What the stored copy gets wrong.
    package var distortion: RosterDistortion

    /// A member of a group at the start.
    package struct Member: Hashable, Sendable {
        /// Who.
        package var phone: PhoneNumber
        /// With which role.
        package var role: Role

        /// Describes a member.
        package init(phone: PhoneNumber, role: Role) {
            self.phone = phone
            self.role = role
        }
    }

    /// Describes a group.
    package init(
        id: GroupID, sessions: [SessionID], subject: String, creator: PhoneNumber? = nil,
        ownerForm: OwnerForm = .phone, admins: [PhoneNumber] = [], members: [PhoneNumber] = [],
        description: String? = nil, sizeLimit: Int? = nil, isAnnounce: Bool = false, isLocked: Bool = false,
        createdAt: Timestamp? = nil, numbers: [PhoneNumber: NumberVisibility] = [:],
        distortion: RosterDistortion = RosterDistortion()
    ) {
        self.id = id
        self.sessions = sessions
        self.subject = subject
        self.description = description
        self.creator = creator
        self.ownerForm = ownerForm
        self.members =
            admins.map { Member(phone: $0, role: .admin) } + members.map { Member(phone: $0, role: .member) }
        self.sizeLimit = sizeLimit
        self.isAnnounce = isAnnounce
        self.isLocked = isLocked
        self.createdAt = createdAt
        self.numbers = numbers
        self.distortion = distortion
    }
}

/// Why a seed is no world.
package enum SeedError: Error, Equatable, Sendable {
    /// Two organisations have one id.
    case duplicateOrganisation(String)
    /// Two api-keys have one token; the second key's name.
    case duplicateToken(name: String)
    /// A token does not begin with `wa_`; the key's name.
    case tokenWithoutPrefix(name: String)
    /// Two people have one number, or one has a number that reaches another.
    case duplicateNumber(PhoneNumber)
    /// Two people have one LID.
    case duplicateLID(LID)
    /// Two sessions have one id, or one group names a session twice.
    case duplicateSession(SessionID)
    /// The number of a session's own account has no account.
    case accountNotOnWhatsApp(SessionID, PhoneNumber)
    /// A session belongs to an organisation that is not there.
    case unknownOrganisation(String)
    /// Two groups have one id.
    case duplicateGroup(GroupID)
    /// A group is seen by a session that is not there, or an event is about one.
    case unknownSession(SessionID)
    /// An event is about a group that is not there.
    case unknownGroup(GroupID)
    /// A person is in one group twice.
    case duplicateMember(GroupID, PhoneNumber)
    /// A member's number has no account.
    case memberNotOnWhatsApp(GroupID, PhoneNumber)
}
