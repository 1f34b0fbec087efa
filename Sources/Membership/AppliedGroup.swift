/// A team or a CSV file of a policy: a list of people that many groups may name.
package enum PeopleList: Hashable, Sendable {
    /// A team, by its name.
    case team(String)
    /// A CSV file, by its path as people know it.
    case file(String)
}

/// Whom a policy wants in a group, and by which lists: what a later run holds the next policy against.
package struct AppliedGroup: Hashable, Sendable {
    /// One person who is wanted.
    package struct Person: Hashable, Sendable {
        /// Who.
        package var person: PersonReference
        /// With which role.
        package var role: Role
        /// The lists from the group's own to the person, the outermost first; empty for somebody whom the group itself names.
        package var way: [PeopleList]

        /// Describes a person.
        package init(person: PersonReference, role: Role, way: [PeopleList]) {
            self.person = person
            self.role = role
            self.way = way
        }
    }

    /// Everybody who is wanted.
    package var people: [Person]

    /// Takes everybody who is wanted.
    package init(people: [Person]) { self.people = people }
}

/// Which lists name whom on one day, over all groups of a policy.
package struct PolicyShape: Sendable {
    /// What a list may name.
    package enum Item: Hashable, Sendable {
        /// Another list.
        case list(PeopleList)
        /// A person, by name where they have one, else by number or LID.
        case person(String)

        /// Names a person.
        package static func person(_ person: PersonReference) -> Item {
            .person(person.name ?? person.phone?.e164 ?? person.lid?.description ?? "")
        }
    }

    /// One list.
    package struct List: Sendable {
        /// What it names itself.
        package var items: Set<Item>
        /// How many people it names, through others too.
        package var people: Int
        /// Where it is described.
        package var location: SourceLocation

        /// Describes a list.
        package init(items: Set<Item>, people: Int, location: SourceLocation) {
            self.items = items
            self.people = people
            self.location = location
        }
    }

    /// The teams and files.
    package var lists: [PeopleList: List] = [:]
    /// What each group names itself, by the role that it gives.
    package var groups: [GroupKey: [Role: Set<Item>]] = [:]
    /// The lists that groups name for other days only.
    package var ended: [GroupKey: Set<Item>] = [:]
    /// The numbers of people with a name.
    package var numbers: [String: PhoneNumber] = [:]
    /// The accounts of people who have left, as their own entry under `people` says.
    package var departed: Set<AccountID> = []

    /// Names nobody.
    package init() {}
}
