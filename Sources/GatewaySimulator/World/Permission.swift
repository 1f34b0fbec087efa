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
enum Requirement: Equatable {
    /// A permission in the organisation.
    case permission(Permission)
    /// The role super_admin on the whole platform, which only login tokens can have.
    case superAdmin
}

/// The role that a login token gives a person in an organisation.
package enum LoginRole: String, Hashable, Sendable, CaseIterable {
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

/// Who a login token identifies; its signature and expiry are already checked.
package struct LoginIdentity: Hashable, Sendable {
    /// The organisation's id.
    package let organisation: String
    /// The role in it.
    package let role: LoginRole
    /// The person, as the token's subject names them.
    package let subject: String
    /// Whether the person is super_admin of the whole platform.
    package let isSuperAdmin: Bool

    /// Describes a caller.
    package init(organisation: String, role: LoginRole, subject: String, isSuperAdmin: Bool = false) {
        self.organisation = organisation
        self.role = role
        self.subject = subject
        self.isSuperAdmin = isSuperAdmin
    }
}

/// The caller and what they may do, for either kind of token.
struct Caller {
    /// The organisation's id.
    let organisation: String
    /// What the token allows.
    let permissions: Set<Permission>
    /// The name in the journal.
    let name: String
    /// Whether the caller is super_admin of the whole platform.
    var isSuperAdmin = false
}
