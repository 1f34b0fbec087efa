package import Core

/// A world's initial state, before the first request.
package struct WorldSeed: Sendable {
    /// Who owns sessions and tokens.
    package var organisations: [OrganisationSeed]
    /// People with more details than a number.
    package var people: [PersonSeed]
    /// The WhatsApp accounts linked to the gateway.
    package var sessions: [SessionSeed]
    /// The groups.
    package var groups: [GroupSeed]
    /// How WhatsApp and the gateway behave.
    package var behaviour: Behaviour
    /// Faults that are active from the start.
    package var faults: [FaultRule]
    /// What happens without a request; the first request at or after an event's time sees the event.
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
    /// The id that login tokens use.
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

/// Where a person's adds to groups are declined.
package enum AddRule: Hashable, Sendable {
    /// Nowhere: adds succeed.
    case accepts
    /// Everywhere.
    case declines
    /// In these groups.
    case declinesIn(Set<GroupID>)

    /// Returns whether an add to a group is declined.
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
    /// There is no contact.
    case absent
}

/// A person.
package struct PersonSeed: Sendable {
    /// The account's number, as WhatsApp spells it.
    package var phone: PhoneNumber
    /// The LID; nil assigns the next free one.
    package var lid: LID?
    /// The name in contacts.
    package var name: String?
    /// The name of a business.
    package var businessName: String?
    /// The nickname that member lists show.
    package var tag: String?
    /// Whether contacts show the number, unless a session or group overrides it.
    package var number: NumberVisibility
    /// Where adds are silently declined.
    package var adds: AddRule
    /// Whether the number has an account.
    package var isOnWhatsApp: Bool
    /// Other spellings of the number that reach the same account.
    package var otherNumbers: [PhoneNumber]
    /// True if a check of the number answers with the LID instead of the number.
    package var checkAnswersLID: Bool

    /// Describes a person; by default everyone sees the number and adds succeed.
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

/// A WhatsApp account linked to the gateway.
package struct SessionSeed: Sendable {
    /// The id.
    package var id: SessionID
    /// The organisation that owns it.
    package var organisation: String
    /// The name that people give it.
    package var label: String?
    /// The gateway's status word; `working` is connected.
    package var status: String
    /// The own account's number; nil while no account is paired.
    package var account: PhoneNumber?
    /// The device part of the own JID, as some gateways report it.
    package var device: Int?
    /// Messages a minute, as the session reports it.
    package var ratePerMinute: Int?
    /// Messages an hour, as the session reports it.
    package var ratePerHour: Int?
    /// True if `/me` answers 501, as in some deployments.
    package var refusesMe: Bool
    /// How far the stored copy is behind; nil uses the world's lag.
    package var lag: Lag?
    /// Whether this session's contacts show each number; overrides the person's setting.
    package var numbers: [PhoneNumber: NumberVisibility]
    /// People known from direct messages.
    package var directMessages: [PhoneNumber]

    /// Describes a session; by default it is connected.
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
    /// It is absent.
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
    /// The creator, whether still a member or not.
    package var creator: PhoneNumber?
    /// How `ownerJid` names the creator.
    package var ownerForm: OwnerForm
    /// The members in the order in which they joined.
    package var members: [Member]
    /// The maximum number of members; nil uses the world's.
    package var sizeLimit: Int?
    /// True if only admins may write.
    package var isAnnounce: Bool
    /// True if only admins may change subject and picture.
    package var isLocked: Bool
    /// The creation time; nil uses the start of the world.
    package var createdAt: Timestamp?
    /// Whether this group's contacts show each number; overrides session and person.
    package var numbers: [PhoneNumber: NumberVisibility]
    /// Errors in the stored copy.
    package var distortion: RosterDistortion

    /// A member of a group at the start.
    package struct Member: Hashable, Sendable {
        /// The number.
        package var phone: PhoneNumber
        /// The role.
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
        self.members = admins.map { Member(phone: $0, role: .admin) } + members.map { Member(phone: $0, role: .member) }
        self.sizeLimit = sizeLimit
        self.isAnnounce = isAnnounce
        self.isLocked = isLocked
        self.createdAt = createdAt
        self.numbers = numbers
        self.distortion = distortion
    }
}

/// Why a seed does not describe a valid world.
package enum SeedError: Error, Equatable, Sendable {
    /// Two organisations have one id.
    case duplicateOrganisation(String)
    /// Two api-keys have one token; the second key's name.
    case duplicateToken(name: String)
    /// A token does not begin with `wa_`; the key's name.
    case tokenWithoutPrefix(name: String)
    /// Two people have one number, or a person's number reaches another person.
    case duplicateNumber(PhoneNumber)
    /// Two people have one LID.
    case duplicateLID(LID)
    /// Two sessions have one id, or a group names a session twice.
    case duplicateSession(SessionID)
    /// The number of a session's own account is not on WhatsApp.
    case accountNotOnWhatsApp(SessionID, PhoneNumber)
    /// A session names an unknown organisation.
    case unknownOrganisation(String)
    /// Two groups have one id.
    case duplicateGroup(GroupID)
    /// A group or an event names an unknown session.
    case unknownSession(SessionID)
    /// An event names an unknown group.
    case unknownGroup(GroupID)
    /// A person is in one group twice.
    case duplicateMember(GroupID, PhoneNumber)
    /// A member's number is not on WhatsApp.
    case memberNotOnWhatsApp(GroupID, PhoneNumber)
}
