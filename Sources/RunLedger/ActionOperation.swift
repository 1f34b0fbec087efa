/// An action's operation, as stored in its row.
enum ActionOperation: String {
    case add
    case promote
    case demote
    case remove

    init?(_ text: RawText) {
        if text.spells("add") {
            self = .add
        } else if text.spells("remove") {
            self = .remove
        } else if text.spells("promote") {
            self = .promote
        } else if text.spells("demote") {
            self = .demote
        } else {
            return nil
        }
    }

    /// Whether it changes membership or a role.
    var kind: Turns.Kind {
        switch self {
        case .add, .remove: .membership
        case .promote, .demote: .role
        }
    }

    /// The column of `runs` that counts this operation.
    var countColumn: String { "\(rawValue)s" }

    /// A distinct index for each operation.
    var place: Int {
        switch self {
        case .add: 0
        case .remove: 1
        case .promote: 2
        case .demote: 3
        }
    }
}
