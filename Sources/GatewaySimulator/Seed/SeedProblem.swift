package import Core

/// An error in a seed file, and its place.
package struct SeedProblem: Hashable, Sendable, Comparable {
    /// The place.
    package let location: SourceLocation
    /// One sentence: what was found, what was expected and how to fix it.
    package let message: String

    /// By place, then by message.
    package static func < (left: SeedProblem, right: SeedProblem) -> Bool {
        left.location == right.location ? left.message < right.message : left.location < right.location
    }
}

extension SeedProblem: CustomStringConvertible {
    /// `file:line:column: error: message`.
    package var description: String { "\(location): error: \(message)" }
}

/// All errors in a seed file.
package struct SeedFileError: Error, Equatable, Sendable {
    /// The problems by place; at least one.
    package let problems: [SeedProblem]
}

extension SeedFileError: CustomStringConvertible {
    /// One line for each problem.
    package var description: String { problems.map(\.description).joined(separator: "\n") }
}

extension SeedError: CustomStringConvertible {
    /// One sentence.
    package var description: String {
        switch self {
        case .duplicateOrganisation(let id): "the organisation '\(id)' is described twice; keep one"
        case .duplicateToken(let name): "the api-key '\(name)' has another key's token; give each key its own"
        case .tokenWithoutPrefix(let name):
            "the token of the api-key '\(name)' does not begin with wa_; put wa_ in front"
        case .duplicateNumber(let phone): "the number \(phone) belongs to two people; give it to one"
        case .duplicateLID(let lid): "the LID \(lid) belongs to two people; give it to one"
        case .duplicateSession(let id): "the session \(id) is listed twice; keep one"
        case .accountNotOnWhatsApp(let id, let phone):
            "\(phone) is not on WhatsApp and cannot be the account of the session \(id); choose another"
        case .unknownOrganisation(let id): "there is no organisation '\(id)'; describe it under organisations"
        case .duplicateGroup(let id): "the group \(id) is described twice; keep one"
        case .unknownSession(let id): "there is no session \(id); describe it under sessions"
        case .unknownGroup(let id): "there is no group \(id); describe it under groups"
        case .duplicateMember(let group, let phone): "\(phone) is in the group \(group) twice; keep one entry"
        case .memberNotOnWhatsApp(let group, let phone):
            "\(phone) is not on WhatsApp and cannot be in the group \(group); remove the entry"
        }
    }
}
