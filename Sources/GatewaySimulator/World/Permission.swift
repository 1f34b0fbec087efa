/// What a token allows.
package enum Permission: String, Hashable, Sendable, CaseIterable {
    /// Reading groups, members and contacts.
    case read
    /// Changing groups.
    case send
    /// Seeing the sessions.
    case manage
}

/// What a call requires.
enum Requirement {
    /// Any valid token.
    case token
    /// A permission in the organisation.
    case permission(Permission)
    /// The role super_admin on the whole platform, which only login tokens can have.
    case superAdmin
}

/// The role that a login token gives a person in an organisation.
package enum LoginRole: String, Hashable, Sendable, CaseIterable, Codable {
    /// May read.
    case viewer
    /// May read and change groups.
    case editor
    /// May do everything.
    case admin

    /// What the role allows.
    package var permissions: Set<Permission> {
        switch self {
        case .viewer: [.read]
        case .editor: [.read, .send]
        case .admin: [.read, .send, .manage]
        }
    }
}

/// The caller and what they may do, for either kind of token; the token is already checked.
package struct Caller: Hashable, Sendable {
    /// The organisation's id.
    package let organisation: String
    /// What the token allows in it.
    package let permissions: Set<Permission>
    /// The name in the journal: the api-key's, or the subject of the login token.
    package let name: String
    /// Whether the caller is super_admin of the whole platform.
    package let isSuperAdmin: Bool

    /// Describes a caller.
    package init(organisation: String, permissions: Set<Permission>, name: String, isSuperAdmin: Bool = false) {
        self.organisation = organisation
        self.permissions = permissions
        self.name = name
        self.isSuperAdmin = isSuperAdmin
    }
}
