/// How WhatsApp and the gateway behave where their documents leave room.
package struct Behaviour: Hashable, Sendable {
    /// How far stored copies are behind the truth.
    package var lag: Lag
    /// How a list says that there is no further page.
    package var endOfList: EndOfList
    /// Members in a page of a roster; nil puts all in one.
    package var membersPerPage: Int?
    /// Groups in a page; nil puts all in one.
    package var groupsPerPage: Int?
    /// Whether fields without a value are left out rather than null.
    package var omitsNulls: Bool
    /// What answers an attempt to remove or demote the creator.
    package var creatorProtection: CreatorProtection
    /// Whether one number that is not on WhatsApp fails a whole add with 400.
    package var failsWholeBatch: Bool
    /// Whether a number that no person of the seed has is on WhatsApp all the same.
    package var strangersAreOnWhatsApp: Bool
    /// The most members of a group that does not say otherwise.
    package var groupSize: Int
    /// Whether `contacts?group=` narrows the list; otherwise it has no effect.
    package var groupFilterWorks: Bool

    /// The behaviour that the gateway's reference describes.
    package init(
        lag: Lag = Lag(), endOfList: EndOfList = .null, membersPerPage: Int? = nil, groupsPerPage: Int? = nil,
        omitsNulls: Bool = false, creatorProtection: CreatorProtection = .silent, failsWholeBatch: Bool = false,
        strangersAreOnWhatsApp: Bool = true, groupSize: Int = 1_024, groupFilterWorks: Bool = true
    ) {
        self.lag = lag
        self.endOfList = endOfList
        self.membersPerPage = membersPerPage
        self.groupsPerPage = groupsPerPage
        self.omitsNulls = omitsNulls
        self.creatorProtection = creatorProtection
        self.failsWholeBatch = failsWholeBatch
        self.strangersAreOnWhatsApp = strangersAreOnWhatsApp
        self.groupSize = groupSize
        self.groupFilterWorks = groupFilterWorks
    }
}

/// How long a change takes to reach the stored copy: until both have passed.
package struct Lag: Hashable, Sendable {
    /// Milliseconds after the change.
    package var milliseconds: Int64
    /// Reads of the group's members that still show the state before.
    package var reads: Int

    /// Describes a lag; none by default.
    package init(milliseconds: Int64 = 0, reads: Int = 0) {
        self.milliseconds = milliseconds
        self.reads = reads
    }
}

/// How `nextCursor` ends a list.
package enum EndOfList: String, Hashable, Sendable, CaseIterable {
    /// As null.
    case null
    /// As an empty text.
    case empty
    /// By not being there.
    case absent
}

/// What answers an attempt to remove or demote the creator of a group; either way nothing happens.
package enum CreatorProtection: String, Hashable, Sendable, CaseIterable {
    /// 204.
    case silent
    /// 403.
    case forbidden
}

/// What the stored copy of a group gets wrong, on top of its lag.
package struct RosterDistortion: Hashable, Sendable {
    /// Whether the list of members is empty.
    package var isEmpty: Bool
    /// So many of the last members are missing.
    package var missing: Int
    /// Whether the session's own account is missing.
    package var lacksOwnAccount: Bool
    /// So many of the first members are listed twice.
    package var duplicates: Int
    /// Whether a bot and a broadcast list are listed among the members.
    package var listsForeignEntries: Bool
    /// So many of the first members are listed by number instead of LID.
    package var listedByNumber: Int
    /// Whether each read begins with another member.
    package var rotates: Bool
    /// By how much `participantCount` is off.
    package var countOffset: Int

    /// Describes a distortion; none by default.
    package init(
        isEmpty: Bool = false, missing: Int = 0, lacksOwnAccount: Bool = false, duplicates: Int = 0,
        listsForeignEntries: Bool = false, listedByNumber: Int = 0, rotates: Bool = false, countOffset: Int = 0
    ) {
        self.isEmpty = isEmpty
        self.missing = missing
        self.lacksOwnAccount = lacksOwnAccount
        self.duplicates = duplicates
        self.listsForeignEntries = listsForeignEntries
        self.listedByNumber = listedByNumber
        self.rotates = rotates
        self.countOffset = countOffset
    }
}
