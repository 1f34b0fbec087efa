package import Core
import HTTPTransfer

extension GatewayClient: GatewayWriting {
    /// Asks WhatsApp to add people; returns the HTTP status.
    @discardableResult package func add(
        _ phones: [PhoneNumber], to group: GroupID, of session: SessionID
    ) async throws(GatewayError) -> Int {
        try await send(.add(session, group, phones)).status
    }

    /// Removes one person; returns the HTTP status.
    @discardableResult package func remove(
        _ account: AccountID, from group: GroupID, of session: SessionID
    ) async throws(GatewayError) -> Int {
        try await send(.remove(session, group, account)).status
    }

    /// Makes a member an admin; returns the HTTP status.
    @discardableResult package func promote(
        _ account: AccountID, in group: GroupID, of session: SessionID
    ) async throws(GatewayError) -> Int {
        try await send(.promote(session, group, account)).status
    }

    /// Makes an admin an ordinary member; returns the HTTP status.
    @discardableResult package func demote(_ account: AccountID, in group: GroupID, of session: SessionID)
        async throws(GatewayError) -> Int
    {
        try await send(.demote(session, group, account)).status
    }
}
