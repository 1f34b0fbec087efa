/// A call whose answer is being read, and the token, which no complaint about the answer may repeat.
struct Question: Sendable {
    /// The call.
    let call: GatewayCall
    /// What the gateway may have echoed.
    let token: GatewayToken

    /// The error that the answer cannot be used; the reason quotes the answer by way of `quoted` alone.
    func unreadable(_ reason: String) -> GatewayError { .unreadable(call, reason: reason) }

    /// A text from the answer between quotation marks, on one line, cut, and without the token.
    func quoted(_ text: String) -> String { ForeignText.quoted(text, hiding: token) }

    /// A text that is taken over from the answer, without the token.
    func withoutToken(_ text: String) -> String { token.blottedOut(of: text) }
}
