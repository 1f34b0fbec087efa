/// A team or a CSV file: a list of people that several groups may name.
package enum PeopleList: Hashable, Sendable {
    /// A team, by its name.
    case team(String)
    /// A CSV file, by its path as messages show it.
    case file(String)
}

/// A person a policy wants in a group, with the lists that name them; a later run compares its policy with these.
package struct AppliedPerson: Hashable, Sendable {
    /// The person.
    package var person: PersonReference
    /// The wanted role.
    package var role: Role
    /// The lists that lead to the person, outermost first; empty if the group names the person directly.
    package var way: [PeopleList]

    /// Creates a wanted person.
    package init(person: PersonReference, role: Role, way: [PeopleList]) {
        self.person = person
        self.role = role
        self.way = way
    }
}

/// The lists and groups of all policies on one day, and what each of them names.
package struct PolicyShape: Sendable {
    /// Something a list can name.
    package enum Item: Hashable, Sendable {
        /// Another list.
        case list(PeopleList)
        /// A person, by name, else by number, else by LID.
        case person(String)

        /// Returns the item for a person.
        package static func person(_ person: PersonReference) -> Item {
            .person(person.name ?? person.phone?.e164 ?? person.lid?.description ?? "")
        }
    }

    /// A team or CSV file.
    package struct List: Sendable {
        /// What it names directly.
        package var items: Set<Item>
        /// How many people it names, directly or through other lists.
        package var people: Int
        /// Where it is defined.
        package var location: SourceLocation

        /// Creates a list.
        package init(items: Set<Item>, people: Int, location: SourceLocation) {
            self.items = items
            self.people = people
            self.location = location
        }
    }

    /// All teams and CSV files.
    package var lists: [PeopleList: List] = [:]
    /// What each group names directly, by role.
    package var groups: [GroupKey: [Role: Set<Item>]] = [:]
    /// The lists that each group names with dates that exclude the day.
    package var ended: [GroupKey: Set<Item>] = [:]
    /// The phone number of each named person.
    package var numbers: [String: PhoneNumber] = [:]
    /// The accounts of people whose `until` under `people` has passed.
    package var departed: Set<AccountID> = []

    /// Creates an empty shape.
    package init() {}
}
