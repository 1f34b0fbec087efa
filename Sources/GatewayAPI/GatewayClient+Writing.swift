package import Core
import HTTPTransfer

extension GatewayClient: GatewayWriting {
    /// Adds people, or removes, promotes or demotes one; never sent twice, and returns the HTTP status.
    @discardableResult package func change(
        _ operation: Operation, _ accounts: [AccountID], in group: GroupID, of session: SessionID
    ) async throws(GatewayError) -> Int {
        try await send(.change(operation, accounts, session, group)).status
    }
}

extension GatewayClient: GatewayRefreshing {
    /// Starts a backfill of a session; never sent twice.
    package func startBackfill(of session: SessionID) async throws(GatewayError) -> BackfillState {
        try await backfill(by: .startBackfill(session))
    }

    /// Returns the state of a session's backfill.
    package func backfill(of session: SessionID) async throws(GatewayError) -> BackfillState {
        try await backfill(by: .backfill(session))
    }

    private func backfill(by call: GatewayCall) async throws(GatewayError) -> BackfillState {
        let callContext = CallContext(call: call, token: token)
        return try await read(callContext, as: WireBackfill.self).state(answering: callContext)
    }
}

/// `POST /admin/sessions/{session}:backfill` and `GET /admin/sessions/{session}/backfill`.
struct WireBackfill: WireAnswer {
    /// The gateway's word for the state.
    let status: String
    /// Why it failed.
    let error: Lenient<String>?

    /// The expected shape of the answer.
    static let shape = "a backfill with `status`"

    /// Returns the state; an unknown status counts as failed.
    func state(answering callContext: CallContext) -> BackfillState {
        switch status {
        case "running": .running
        case "succeeded": .succeeded
        default: .failed(error?.value.map(callContext.withoutToken))
        }
    }
}
