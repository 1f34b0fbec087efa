package import Core

extension CommonCause {
    /// What the removals and demotions have in common, and what to do.
    package var explanation: Explanation {
        switch kind {
        case .lostPeople(let list, let position, let before, let now):
            let after =
                now == 0 ? "now names nobody" : now == before ? "now names \(now) other people" : "now names \(now)"
            return Explanation(
                "\(changes) come\(planned == 1 ? "s" : "") from \(list.words) (\(position)), which named "
                    + "\(people(before)) at the last applied run and \(after)",
                "check that change and its dates\(way)")
        case .listGone(let list):
            return Explanation(
                "\(changes) come\(planned == 1 ? "s" : "") from \(list.words), which the policy no longer has",
                "check that change\(way)")
        case .dropped(let list, let groups, let all):
            return Explanation(
                "\(changes) come\(planned == 1 ? "s" : "") from \(list.words), which \(groups) of \(all) groups no "
                    + "longer name",
                "check for a misspelt name\(way)")
        case .ended(let list, let groups, let all):
            return Explanation(
                "\(changes) come\(planned == 1 ? "s" : "") from the entries for \(list.words) in \(groups) of \(all) "
                    + "groups, whose dates exclude today",
                "check the dates\(way)")
        case .person(_, let name, let groups, let allowed):
            return
                Explanation(
                    "\(name ?? "one person") would be removed or demoted in \(groups) groups, and at most \(allowed) are "
                        + "allowed in one run (`limits.removals_per_person`)",
                    "if they have left, write `until:` next to their number under `people:`\(way)")
        case .newNumber(let name, let groups, let allowed):
            return
                Explanation(
                    "\(name) has a new number in the policy since the last applied run, which changes \(groups) groups, "
                        + "and at most \(allowed) are allowed in one run (`limits.removals_per_person`)",
                    "check the number\(way)")
        case .numberOfAnother(let name):
            return
                Explanation(
                    "the policy now gives \(name) a number that was somebody else's at the last applied run",
                    "correct the number under `people:`\(way)")
        }
    }

    /// The end of the remedy: how to allow the changes.
    private var way: String {
        takesLastAdmins
            ? ", and name another admin where only the session's own account is left"
            : ", then accept it with --accept-removals"
    }

    private var changes: String {
        planned == 1 ? "1 removal or demotion" : "all \(planned) of these removals and demotions"
    }

    private func people(_ count: Int) -> String { count == 1 ? "1 person" : "\(count) people" }
}

extension PeopleList {
    /// The list's name in a sentence: "team leaders", or the path.
    package var words: String {
        switch self {
        case .team(let name): "team \(name)"
        case .file(let path): path
        }
    }
}
