package import Core

/// The gateway calls that change nothing.
///
/// Planning gets this interface only, so a preview cannot change a group.
package protocol GatewayReading: Sendable {
    /// Returns the sessions that the token may use, from all pages. Needs the permission `manage`.
    func sessions() async throws(GatewayError) -> [SessionRecord]
    /// Returns the session and its own account. Needs the permission `manage`.
    func session(_ session: SessionID) async throws(GatewayError) -> SessionRecord
    /// Returns every group of the session, from all pages. Stored data.
    func groups(of session: SessionID) async throws(GatewayError) -> [GroupRecord]
    /// Returns one group. Stored data.
    func group(_ group: GroupID, of session: SessionID) async throws(GatewayError) -> GroupRecord
    /// Returns the member list of a group, from all pages. Stored data.
    func members(of group: GroupID, of session: SessionID) async throws(GatewayError) -> Roster
    /// Returns the contacts of the session or of one group, from all pages. Stored data; not a member list.
    func contacts(of session: SessionID, in group: GroupID?) async throws(GatewayError) -> [ContactRecord]
    /// Returns what the gateway knows of one LID. Stored data.
    func contact(_ lid: LID, of session: SessionID) async throws(GatewayError) -> ContactRecord
    /// Asks WhatsApp whether a number has an account. Live: the session must be connected.
    func check(_ phone: PhoneNumber, of session: SessionID) async throws(GatewayError) -> NumberCheck
    /// Returns the group's invite link, which is confidential. Live: the session must be connected.
    func inviteLink(of group: GroupID, of session: SessionID) async throws(GatewayError) -> String
}

/// The calls that make a gateway read all groups of a session from WhatsApp again; they change no group.
///
/// Both need a login token with the platform role super_admin. The gateway's public source answers API keys with 403.
package protocol GatewayRefreshing: Sendable {
    /// Starts a backfill; throws 409 if one is running.
    func startBackfill(of session: SessionID) async throws(GatewayError) -> BackfillState
    /// Returns the running or the latest backfill; throws 404 if there is none, for example after a gateway restart.
    func backfill(of session: SessionID) async throws(GatewayError) -> BackfillState
}

/// The calls that change a group.
package protocol GatewayWriting: Sendable {
    /// Adds people by number, or removes, promotes or demotes one person by number or LID; returns the HTTP status.
    ///
    /// The status says only that the gateway accepted the call: WhatsApp may silently decline to add some people, and
    /// removing somebody who is not a member does nothing.
    func change(
        _ operation: Operation, _ accounts: [AccountID], in group: GroupID, of session: SessionID
    ) async throws(GatewayError) -> Int
}
