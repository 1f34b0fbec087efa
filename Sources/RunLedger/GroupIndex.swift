import Membership

/// The groups in the rows of a pass, each with an index.
struct GroupIndex {
    /// The groups by index.
    private(set) var keys: [GroupKey] = []

    private var places: [GroupKey: Int] = [:]
    private var words: [(gateway: LatestText, session: LatestText, group: LatestText)] = []
    // For each group the one that followed it. Runs visit groups in one order, so the guess is usually right and no
    // string has to be created.
    private var followers: [Int] = []
    private var latest = 0

    /// Returns the index of a group; adds it if new.
    mutating func place(of key: GroupKey) -> Int {
        if let place = places[key] { return place }
        places[key] = keys.count
        keys.append(key)
        words.append((gateway: LatestText(), session: LatestText(), group: LatestText()))
        followers.append(0)
        return keys.count - 1
    }

    /// Returns the index of a row's group.
    mutating func place(gateway: RawText, session: RawText, group: RawText) throws -> Int {
        func isAbout(_ place: Int) -> Bool {
            words[place].group.equals(group) && words[place].session.equals(session)
                && words[place].gateway.equals(gateway)
        }
        if !keys.isEmpty {
            if isAbout(latest) { return latest }
            let follower = followers[latest]
            if isAbout(follower) {
                latest = follower
                return follower
            }
        }
        guard let id = GroupID(String(group)) else { throw UnreadableRow(column: "group_jid") }
        guard let sessionID = SessionID(String(session)) else { throw UnreadableRow(column: "session") }
        let place = place(of: GroupKey(gateway: GatewayName(String(gateway)), session: sessionID, group: id))
        _ = words[place].group.changes(to: group)
        _ = words[place].session.changes(to: session)
        _ = words[place].gateway.changes(to: gateway)
        if latest != place { followers[latest] = place }
        latest = place
        return place
    }
}
