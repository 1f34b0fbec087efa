package import Membership

extension GatewayClient: GatewayWriting {
    /// Asks WhatsApp to add people; for nobody, nothing is sent.
    package func add(
        _ phones: [PhoneNumber], to group: GroupID, of session: SessionID
    ) async throws(GatewayError) {
        if phones.isEmpty { return }
        _ = try await send(.add(session, group, phones))
    }

    /// Removes one person.
    package func remove(
        _ phone: PhoneNumber, from group: GroupID, of session: SessionID
    ) async throws(GatewayError) {
        _ = try await send(.remove(session, group, phone))
    }

    /// Makes a member an admin.
    package func promote(
        _ phone: PhoneNumber, in group: GroupID, of session: SessionID
    ) async throws(GatewayError) {
        _ = try await send(.promote(session, group, phone))
    }

    /// Makes an admin an ordinary member.
    package func demote(_ phone: PhoneNumber, in group: GroupID, of session: SessionID) async throws(GatewayError) {
        _ = try await send(.demote(session, group, phone))
    }
}
