/// A call whose answer is being read, with the token that no error may repeat.
struct CallContext: Sendable {
    /// The call.
    let call: GatewayCall
    /// The token, which the gateway may have echoed.
    let token: GatewayToken

    /// Returns the error for an unusable answer; quote the answer in the reason with `quoted` only.
    func unreadable(_ reason: String) -> GatewayError { .unreadable(call, reason: reason) }

    /// Quotes a text from the answer: on one line, shortened, without the token.
    func quoted(_ text: String) -> String { UntrustedText.quoted(text, hiding: token) }

    /// Returns a text from the answer without the token.
    func withoutToken(_ text: String) -> String { token.redacted(of: text) }
}
