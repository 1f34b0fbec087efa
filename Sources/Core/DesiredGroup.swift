/// Whether people the policy does not name are removed from a group.
package enum GroupMode: String, Hashable, Sendable, CaseIterable {
    /// The group has exactly the people the policy names.
    case exact
    /// Nobody is removed or demoted.
    case additive
}

/// Whether people who left a group are added again.
package enum RejoinRule: String, Hashable, Sendable, CaseIterable {
    /// They are added again.
    case always
    /// People who were in the group and left, without being removed by Rollcall, are not added again.
    case never
}

/// A person as the policy names them: by number, by LID, or both.
package struct PersonReference: Hashable, Sendable {
    /// The phone number; nil if the policy has only a LID.
    package let phone: PhoneNumber?
    /// The LID the policy gives; usually nil.
    package let lid: LID?
    /// The name under `people`; nil for a bare number or LID.
    package let name: String?

    /// Creates a reference; the caller gives a number, a LID, or both.
    package init(phone: PhoneNumber?, lid: LID?, name: String?) {
        self.phone = phone
        self.lid = lid
        self.name = name
    }

    /// The accounts the policy names: by number, by LID, or both.
    package var accounts: [AccountID] { [phone.map(AccountID.phone), lid.map(AccountID.lid)].compactMap(\.self) }
}

/// A person who should be in a group today.
package struct DesiredMember: Hashable, Sendable {
    /// The person.
    package let person: PersonReference
    /// The wanted role.
    package let role: Role
    /// The entry that decides.
    package let source: SourceLocation
    /// The reason this entry gives, if any.
    package let reason: String?
    /// The reason given by the group's first entry that names the person, whatever its dates.
    package let firstReason: String?

    /// Creates a membership; pass `firstReason` if another entry comes first.
    package init(
        person: PersonReference, role: Role, source: SourceLocation, reason: String?, firstReason: String?? = nil
    ) {
        self.person = person
        self.role = role
        self.source = source
        self.reason = reason
        self.firstReason = firstReason ?? reason
    }
}

extension DesiredMember {
    /// What the policy says about the person; a changed fingerprint means that somebody edited it and wants a new try.
    ///
    /// It leaves out role, dates and which entry counts today, since these can change with the calendar alone.
    package var fingerprint: String {
        [person.name, person.phone?.e164, person.lid?.description, firstReason].map { $0 ?? "" }.joined(separator: "|")
    }
}

/// A person the policy names for a group, but not for today.
package struct OutOfTermMember: Hashable, Sendable {
    /// The person.
    package let person: PersonReference
    /// The role the entry gives on its days.
    package let role: Role
    /// The first day; nil if there is no start date.
    package let from: CalendarDate?
    /// The last day; nil if there is no end date.
    package let until: CalendarDate?
    /// The entry that names the person.
    package let source: SourceLocation

    /// Creates a person outside the entry's dates.
    package init(
        person: PersonReference, role: Role, from: CalendarDate?, until: CalendarDate?, source: SourceLocation
    ) {
        self.person = person
        self.role = role
        self.from = from
        self.until = until
        self.source = source
    }
}

/// What a policy says about one group on one day: each person once, with the stronger role.
package struct DesiredGroup: Hashable, Sendable {
    /// The group, and the session that acts on it.
    package var key: GroupKey
    /// The group name the policy expects; nil if it gives none.
    package var name: String?
    /// Where the policy describes the group.
    package var source: SourceLocation
    /// Whether people the policy does not name are removed.
    package var mode: GroupMode
    /// Whether people who left are added again.
    package var rejoin: RejoinRule
    /// The limits for this group.
    package var limits: Limits
    /// Whether the policy says `empty: true`.
    package var mayBeEmpty: Bool
    /// The people who should be in the group, by number, then by LID.
    package var members: [DesiredMember]
    /// The people under `keep:`, who are always kept, whatever their role.
    package var kept: [PersonReference]
    /// The people that only entries outside their dates name.
    package var outOfTerm: [OutOfTermMember]
    /// Everybody in all policies who has a LID and also a name or a number, by LID.
    package var named: [LID: PersonReference]

    /// Creates a group as a policy wants it.
    package init(
        key: GroupKey, name: String? = nil, source: SourceLocation, mode: GroupMode = .exact,
        rejoin: RejoinRule = .always, limits: Limits = Limits(), mayBeEmpty: Bool = false,
        members: [DesiredMember] = [], kept: [PersonReference] = [], outOfTerm: [OutOfTermMember] = [],
        named: [LID: PersonReference] = [:]
    ) {
        self.key = key
        self.name = name
        self.source = source
        self.mode = mode
        self.rejoin = rejoin
        self.limits = limits
        self.mayBeEmpty = mayBeEmpty
        self.members = members
        self.kept = kept
        self.outOfTerm = outOfTerm
        self.named = named
    }
}
