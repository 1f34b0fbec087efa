package import Membership

/// Everything that can be asked of a gateway without changing anything.
///
/// Planning is given this port alone: a preview cannot mutate, because it holds nothing that can.
package protocol GatewayReading: Sendable {
    /// The sessions that the token may use, all pages. Needs the permission `manage`.
    func sessions() async throws(GatewayError) -> [SessionRecord]
    /// The session and its own account. Needs the permission `manage`.
    func session(_ session: SessionID) async throws(GatewayError) -> SessionRecord
    /// The session's own account as it is paired now. Needs the permission `manage`; some gateways do not offer it.
    func ownAccount(of session: SessionID) async throws(GatewayError) -> OwnAccountRecord
    /// Every group of the session, all pages. Stored data.
    func groups(of session: SessionID) async throws(GatewayError) -> [GroupRecord]
    /// One group. Stored data.
    func group(_ group: GroupID, of session: SessionID) async throws(GatewayError) -> GroupRecord
    /// The roster of a group, all pages. Stored data.
    func members(of group: GroupID, of session: SessionID) async throws(GatewayError) -> Roster
    /// The contacts of the session, or those seen in one group, all pages. Stored data; never a list of members.
    func contacts(of session: SessionID, in group: GroupID?) async throws(GatewayError) -> [ContactRecord]
    /// What the gateway knows of one LID. Stored data.
    func contact(_ lid: LID, of session: SessionID) async throws(GatewayError) -> ContactRecord
    /// What WhatsApp says of a number. Live: the session must be connected.
    func check(_ phone: PhoneNumber, of session: SessionID) async throws(GatewayError) -> NumberCheck
    /// The group's invite link, a secret of sorts. Live: the session must be connected.
    func inviteLink(of group: GroupID, of session: SessionID) async throws(GatewayError) -> String
}

/// The two calls by which a gateway reads all groups of a session from WhatsApp into its store; they change no group.
///
/// Both need a login token whose platform role is super_admin; an api-key is answered 403 (the gateway's public source).
package protocol GatewayRefreshing: Sendable {
    /// Starts a backfill; 409 while one runs.
    func startBackfill(of session: SessionID) async throws(GatewayError) -> BackfillRecord
    /// The backfill that runs, or else the latest; 404 where there is none, as after a restart of the gateway.
    func backfill(of session: SessionID) async throws(GatewayError) -> BackfillRecord
}

/// The four calls that change a group.
///
/// Each returns the status of the answer, which says only that the gateway took the call.
package protocol GatewayWriting: Sendable {
    /// Asks WhatsApp to add people; it may decline some of them without a word.
    func add(_ phones: [PhoneNumber], to group: GroupID, of session: SessionID) async throws(GatewayError) -> Int
    /// Removes one person, by number or by LID; nothing happens where they are no member.
    func remove(_ account: AccountID, from group: GroupID, of session: SessionID) async throws(GatewayError) -> Int
    /// Makes a member an admin.
    func promote(_ account: AccountID, in group: GroupID, of session: SessionID) async throws(GatewayError) -> Int
    /// Makes an admin an ordinary member.
    func demote(_ account: AccountID, in group: GroupID, of session: SessionID) async throws(GatewayError) -> Int
}
