package import Membership

/// The four things that can be done to a person's membership, in the order in which a group's run does them.
package enum Operation: String, Hashable, Sendable, CaseIterable {
    /// Make someone a member.
    case add
    /// Make a member an admin.
    case promote
    /// Make an admin an ordinary member.
    case demote
    /// Take a member out.
    case remove

    /// Whether it takes something away from a person, and so counts against the limits.
    package var takesAway: Bool {
        switch self {
        case .demote, .remove: true
        case .add, .promote: false
        }
    }
}

/// One call that a plan asks for.
package struct PlannedAction: Hashable, Sendable {
    /// What is to be done.
    package var operation: Operation
    /// The number by which the policy or the roster knows the person; nil where they are known by LID alone.
    package var phone: PhoneNumber?
    /// The account that the call names: the number under which WhatsApp knows it, or the LID where no number is known to the gateway.
    package var account: AccountID
    /// The LID under which the roster shows the person; nil for someone to be added.
    package var lid: LID?
    /// The role that the roster shows; nil for someone to be added.
    package var role: Role?
    /// The policy's name for the person.
    package var person: String?
    /// The policy line that asks for it: the person's entry, or the group's for someone whom no entry names.
    package var source: SourceLocation
    /// Why, where the policy or the rules give a reason.
    package var reason: String?
    /// Whether WhatsApp has told to which account the number leads; otherwise somebody to be added may be there under another.
    var isChecked = false
    /// Whether an earlier call may have done it already, so that the person is counted among the admins no more.
    var isCountedAsGone = false
    /// What the entry says, by which later runs know whether it has changed; nil where no entry asks for the action.
    package var fingerprint: String?

    /// Describes an action.
    package init(
        operation: Operation, phone: PhoneNumber?, account: AccountID, lid: LID? = nil, role: Role? = nil,
        person: String? = nil, source: SourceLocation, reason: String? = nil, fingerprint: String? = nil
    ) {
        self.operation = operation
        self.phone = phone
        self.account = account
        self.lid = lid
        self.role = role
        self.person = person
        self.source = source
        self.reason = reason
        self.fingerprint = fingerprint
    }

    /// Describes an action that names the person's own number.
    package init(
        operation: Operation, phone: PhoneNumber, lid: LID? = nil, role: Role? = nil, person: String? = nil,
        source: SourceLocation, reason: String? = nil, fingerprint: String? = nil
    ) {
        self.init(
            operation: operation, phone: phone, account: .phone(phone), lid: lid, role: role, person: person,
            source: source, reason: reason, fingerprint: fingerprint)
    }

    /// Whom it is about, by number where one is known: actions are in the order of these.
    package var who: AccountID { phone.map(AccountID.phone) ?? account }

    /// Whether the group has one admin fewer afterwards.
    package var takesAnAdmin: Bool { operation.takesAway && role == .admin }

    /// How many of the admins who are counted the group loses by it.
    var adminsTaken: Int { takesAnAdmin && !isCountedAsGone ? 1 : 0 }
}
