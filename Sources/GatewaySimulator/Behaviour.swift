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
    /// How stored data learns of changes.
    package var store: StoreKind
    /// Whether a store that only appends begins as after a backfill at the start of the world, or else with nothing.
    package var beginsBackfilled: Bool
    /// Whether the `data` of a list is null where it is empty.
    package var emptyDataIsNull: Bool
    /// What `lastSeenAt` says in the rows of a store that follows.
    package var lastSeen: LastSeenForm
    /// Whether a creator who is an admin is listed as `superadmin`, or else as `admin`.
    package var listsSuperadmin: Bool
    /// Whether removing, promoting and demoting take a LID as well as a phone JID.
    package var takesLIDs: Bool
    /// Whether what fails at WhatsApp answers 500, and changing the role of who is no member 204.
    package var masksFailures: Bool
    /// So many changes of a session reach WhatsApp before it limits the rate; nil never limits it.
    package var changesBeforeRateLimit: Int?
    /// What a live call answers while the session is not connected.
    package var disconnectedStatus: DisconnectedStatus
    /// How a backfill that is asked for goes.
    package var backfill: BackfillBehaviour

    /// The behaviour that the gateway's reference describes.
    package init(
        lag: Lag = Lag(), endOfList: EndOfList = .null, membersPerPage: Int? = nil, groupsPerPage: Int? = nil,
        omitsNulls: Bool = false, creatorProtection: CreatorProtection = .silent, failsWholeBatch: Bool = false,
        strangersAreOnWhatsApp: Bool = true, groupSize: Int = 1_024, groupFilterWorks: Bool = true,
        store: StoreKind = .follows, beginsBackfilled: Bool = true, emptyDataIsNull: Bool = false,
        lastSeen: LastSeenForm = .absent, listsSuperadmin: Bool = true, takesLIDs: Bool = true,
        masksFailures: Bool = false, changesBeforeRateLimit: Int? = nil,
        disconnectedStatus: DisconnectedStatus = .notImplemented, backfill: BackfillBehaviour = BackfillBehaviour()
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
        self.store = store
        self.beginsBackfilled = beginsBackfilled
        self.emptyDataIsNull = emptyDataIsNull
        self.lastSeen = lastSeen
        self.listsSuperadmin = listsSuperadmin
        self.takesLIDs = takesLIDs
        self.masksFailures = masksFailures
        self.changesBeforeRateLimit = changesBeforeRateLimit
        self.disconnectedStatus = disconnectedStatus
        self.backfill = backfill
    }
}

/// How the stored data of the gateway learns of changes.
package enum StoreKind: String, Hashable, Sendable, CaseIterable {
    /// It follows every change after the lag.
    case follows
    /// Its rows are inserted and updated by messages and backfills, and never deleted.
    case appendOnly = "append_only"
}

/// What `lastSeenAt` says in the rows of a store that follows.
package enum LastSeenForm: String, Hashable, Sendable, CaseIterable {
    /// Nothing: the rows have no such field.
    case absent
    /// When the copy last changed, the same for all rows.
    case copy
}

/// What a live call answers while the session is not connected; the raw value is the status in digits.
package enum DisconnectedStatus: String, Hashable, Sendable, CaseIterable {
    /// 501 `not_implemented`, as documented.
    case notImplemented = "501"
    /// 409 `conflict`.
    case conflict = "409"
    /// 503 `gateway_unavailable`.
    case unavailable = "503"
}

/// How a backfill that is asked for goes.
package struct BackfillBehaviour: Hashable, Sendable {
    /// How long it runs by the world's clock; 0 is done by the time of the next request.
    package var milliseconds: Int64
    /// Whether it fails at its end instead of writing anything.
    package var fails: Bool

    /// Describes how backfills go; at once and well by default.
    package init(milliseconds: Int64 = 0, fails: Bool = false) {
        self.milliseconds = milliseconds
        self.fails = fails
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
