package import Core

/// One call that a plan asks for.
package struct PlannedAction: Hashable, Sendable {
    /// The change.
    package var operation: Operation
    /// The number in the policy or the roster; nil if the person is known only by LID.
    package var phone: PhoneNumber?
    /// The account that the call names: the number as WhatsApp knows it, or the LID if the gateway knows no number.
    package var account: AccountID
    /// The LID in the roster; nil for a person to be added.
    package var lid: LID?
    /// The role in the roster; nil for a person to be added.
    package var role: Role?
    /// The policy's name for the person.
    package var person: String?
    /// The policy line that asks for it: the person's entry, or the group's line if no entry names the person.
    package var source: SourceLocation
    /// Why, if the policy or the rules give a reason.
    package var reason: String?
    /// Whether WhatsApp said which account the number reaches; if not, a person to be added may be a member under
    /// another number.
    var isChecked = false
    /// Whether an earlier call may have done it already, so that the person no longer counts as an admin.
    var isCountedAsGone = false
    /// What the entry says, so that later runs notice a change; nil if no entry asks for the action.
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

    /// The account it concerns, the number if known; actions are sorted by it.
    package var identity: AccountID { phone.map(AccountID.phone) ?? account }

    /// Whether the group has one admin fewer afterwards.
    package var removesAdmin: Bool { operation.countsAsRemoval && role == .admin }

    /// How many of the counted admins the group loses.
    var adminsRemoved: Int { removesAdmin && !isCountedAsGone ? 1 : 0 }
}
