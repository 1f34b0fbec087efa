/// How WhatsApp and the gateway behave where their documents leave room.
package struct Behaviour: Hashable, Sendable {
    /// How far stored copies are behind the true state.
    package var lag: Lag = Lag()
    /// How a list marks its last page.
    package var endOfList: EndOfList = .null
    /// Members on a page of a member list; nil puts all on one page.
    package var membersPerPage: Int?
    /// Groups on a page; nil puts all on one page.
    package var groupsPerPage: Int?
    /// True to omit fields without a value instead of writing null.
    package var omitsNulls: Bool = false
    /// The answer to an attempt to remove or demote the creator.
    package var creatorProtection: CreatorProtection = .silent
    /// True if an add gets 400 for all its people when one number is not on WhatsApp.
    package var failsWholeBatch: Bool = false
    /// True if a number that the seed file does not describe is on WhatsApp.
    package var strangersAreOnWhatsApp: Bool = true
    /// The default maximum number of members of a group.
    package var groupSize: Int = 1_024
    /// True if `contacts?group=` filters the list; otherwise it has no effect.
    package var groupFilterWorks: Bool = true
    /// How stored data follows changes.
    package var store: StoreKind = .follows
    /// True if an append-only store starts as after a backfill, otherwise it starts empty.
    package var beginsBackfilled: Bool = true
    /// True if the `data` of an empty list is null.
    package var emptyDataIsNull: Bool = false
    /// What `lastSeenAt` shows in the rows of a store that follows changes.
    package var lastSeen: LastSeenForm = .absent
    /// True if the creator, while an admin, is listed as `superadmin`, otherwise as `admin`.
    package var listsSuperadmin: Bool = true
    /// True if removing, promoting and demoting accept a LID as well as a phone JID.
    package var takesLIDs: Bool = true
    /// True if failures at WhatsApp answer 500, and a role change of a non-member answers 204.
    package var masksFailures: Bool = false
    /// The number of changes of a session before WhatsApp limits the rate; nil never limits it.
    package var changesBeforeRateLimit: Int?
    /// The answer to a live call while the session is not connected.
    package var disconnectedStatus: DisconnectedStatus = .notImplemented
    /// How a requested backfill runs.
    package var backfill: BackfillBehaviour = BackfillBehaviour()

    /// Creates the behaviour that the gateway's reference describes.
    package init() {}
}

/// How the gateway's stored data follows changes.
package enum StoreKind: String, Hashable, Sendable, CaseIterable {
    /// It follows every change after the lag.
    case follows
    /// Messages and backfills insert and update its rows; nothing deletes them.
    case appendOnly = "append_only"
}

/// What `lastSeenAt` shows in the rows of a store that follows changes.
package enum LastSeenForm: String, Hashable, Sendable, CaseIterable {
    /// Nothing: the rows have no such field.
    case absent
    /// When the copy last changed; the same in all rows.
    case copy
}

/// The answer to a live call while the session is not connected; the raw value is the status code.
package enum DisconnectedStatus: String, Hashable, Sendable, CaseIterable {
    /// 501 `not_implemented`, as documented.
    case notImplemented = "501"
    /// 409 `conflict`.
    case conflict = "409"
    /// 503 `gateway_unavailable`.
    case unavailable = "503"
}

/// How a requested backfill runs.
package struct BackfillBehaviour: Hashable, Sendable {
    /// Duration by the world's clock; 0 is finished at the next request.
    package var milliseconds: Int64 = 0
    /// True to fail at its end without writing anything.
    package var fails: Bool = false
}

/// How long a change takes to reach the stored copy: until the milliseconds and the reads have both passed.
package struct Lag: Hashable, Sendable {
    /// Milliseconds after the change.
    package var milliseconds: Int64
    /// The number of reads of the group's members that still show the old state.
    package var reads: Int

    /// Describes a lag; none by default.
    package init(milliseconds: Int64 = 0, reads: Int = 0) {
        self.milliseconds = milliseconds
        self.reads = reads
    }
}

/// How `nextCursor` marks the last page.
package enum EndOfList: String, Hashable, Sendable, CaseIterable {
    /// It is null.
    case null
    /// It is an empty text.
    case empty
    /// It is absent.
    case absent
}

/// The answer to an attempt to remove or demote a group's creator; nothing changes in either case.
package enum CreatorProtection: String, Hashable, Sendable, CaseIterable {
    /// 204.
    case silent
    /// 403.
    case forbidden
}

/// Errors in the stored copy of a group, in addition to its lag.
package struct RosterDistortion: Hashable, Sendable {
    /// True if the member list is empty.
    package var isEmpty: Bool
    /// The number of members missing at the end.
    package var missing: Int
    /// True if the session's own account is missing.
    package var lacksOwnAccount: Bool
    /// The number of members at the start that are listed twice.
    package var duplicates: Int
    /// True if the members include a bot and a broadcast list.
    package var listsForeignEntries: Bool
    /// The number of members at the start that are listed by number instead of LID.
    package var listedByNumber: Int
    /// True if each read starts with another member.
    package var rotates: Bool
    /// The error of `participantCount`.
    package var countOffset: Int

    /// Describes the errors; none by default.
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
