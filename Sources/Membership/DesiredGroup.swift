/// Whether people whom the policy does not name are taken out of a group.
package enum GroupMode: String, Hashable, Sendable, CaseIterable {
    /// The group holds exactly who is named.
    case exact
    /// Nobody is removed or demoted.
    case additive
}

/// Whether someone who left a group is added again.
package enum RejoinRule: String, Hashable, Sendable, CaseIterable {
    /// Yes.
    case always
    /// No: who was seen in the group and is gone without our doing stays out.
    case never
}

/// A person as an entry of a policy names them: by number, by LID, or by both.
package struct PersonReference: Hashable, Sendable {
    /// The number; nil where only a LID is known.
    package let phone: PhoneNumber?
    /// The LID that the policy pins; nil as a rule.
    package let lid: LID?
    /// The name that the policy gives; nil for a bare number.
    package let name: String?

    /// Names a person; at least one of number and LID is expected.
    package init(phone: PhoneNumber?, lid: LID?, name: String?) {
        self.phone = phone
        self.lid = lid
        self.name = name
    }

    /// The accounts that are named: by number, by LID, or both.
    package var accounts: [AccountID] { [phone.map(AccountID.phone), lid.map(AccountID.lid)].compactMap(\.self) }
}

/// A person who should be in a group today.
package struct DesiredMember: Hashable, Sendable {
    /// Who.
    package let person: PersonReference
    /// With which role.
    package let role: Role
    /// The entry that says so.
    package let source: SourceLocation
    /// The reason that the entry gives, if any.
    package let reason: String?
    /// The reason that the first entry of the group gives which names the person, on whatever days it counts.
    package let firstReason: String?

    /// Describes one desired membership; `firstReason` where another entry comes first.
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
    /// What the policy says of the person, wherever it stands: another fingerprint is another wish.
    ///
    /// Role and dates are no part of it, nor which of several entries counts today: these may change by the calendar alone,
    /// which nobody meant as a new try.
    package var fingerprint: String {
        [person.name, person.phone?.e164, person.lid?.description, firstReason].map { $0 ?? "" }.joined(separator: "|")
    }
}

/// A person whom the policy names for a group, but not for today.
package struct OutOfTermMember: Hashable, Sendable {
    /// Who.
    package let person: PersonReference
    /// The role that the entry would give.
    package let role: Role
    /// The first day of the term; nil where it is open.
    package let from: CalendarDate?
    /// The last day of the term; nil where it is open.
    package let until: CalendarDate?
    /// The entry that says so.
    package let source: SourceLocation

    /// Describes one entry outside its dates.
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

/// What a policy says of one group on one day: each person once, the stronger role winning.
package struct DesiredGroup: Hashable, Sendable {
    /// The group and who acts on it.
    package var key: GroupKey
    /// The name that the policy expects; nil where it says none.
    package var name: String?
    /// The line that describes the group.
    package var source: SourceLocation
    /// Whether others are removed.
    package var mode: GroupMode
    /// Whether leavers are added again.
    package var rejoin: RejoinRule
    /// The limits that hold for this group.
    package var limits: Limits
    /// Whether the policy says in so many words that nobody belongs in the group.
    package var mayBeEmpty: Bool
    /// Who should be in the group, in the order of their numbers, then LIDs.
    package var members: [DesiredMember]
    /// Who is never touched, whatever their role.
    package var kept: [PersonReference]
    /// Who is named, but outside the entry's dates, and by no other entry that counts today.
    package var outOfTerm: [OutOfTermMember]
    /// Everyone in the policies, of this group or not, of whom these tell both a LID and who that is.
    package var named: [LID: PersonReference]

    /// Describes a group as a policy wants it.
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
