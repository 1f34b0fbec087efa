/// What a token may be used for.
package enum Permission: String, Hashable, Sendable, CaseIterable {
    /// Reading groups, members and contacts.
    case read
    /// Changing groups.
    case send
    /// Seeing the sessions themselves.
    case manage
}

/// What a call takes.
enum Requirement: Equatable {
    /// A permission in the organisation.
    case permission(Permission)
    /// The role super_admin on the whole platform, which login tokens alone can have.
    case superAdmin
}

/// The role that a login token gives a person in an organisation.
package enum LoginRole: String, Hashable, Sendable, CaseIterable {
    /// May look.
    case viewer
    /// May look and change groups.
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

/// Who a login token says is calling, its signature and its time already checked.
package struct LoginIdentity: Hashable, Sendable {
    /// The organisation's id.
    package let organisation: String
    /// The role in it.
    package let role: LoginRole
    /// The person, as the token's subject names them.
    package let subject: String
    /// Whether the person's role on the whole platform is super_admin.
    package let isSuperAdmin: Bool

    /// Describes a caller.
    package init(organisation: String, role: LoginRole, subject: String, isSuperAdmin: Bool = false) {
        self.organisation = organisation
        self.role = role
        self.subject = subject
        self.isSuperAdmin = isSuperAdmin
    }
}

/// Who is calling and what they may do, whichever kind of token they sent.
struct Caller {
    /// The organisation's id.
    let organisation: String
    /// What the token allows.
    let permissions: Set<Permission>
    /// The name that the journal shows.
    let name: String
    /// Whether it is a super_admin of the whole platform.
    var isSuperAdmin = false
}
