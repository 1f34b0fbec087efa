import Core
import RunLedger

/// The groups in the rows of a pass, each with an index.
struct GroupIndex {
    /// The groups by index.
    private(set) var keys: [GroupKey] = []

    private var positions: [GroupKey: Int] = [:]
    private var words: [(gateway: LatestText, session: LatestText, group: LatestText)] = []
    // For each group the one that followed it. Runs visit groups in one order, so the guess is usually right and no
    // string has to be created.
    private var followers: [Int] = []
    private var latest = 0

    /// Returns the index of a group; adds it if new.
    mutating func position(of key: GroupKey) -> Int {
        if let position = positions[key] { return position }
        positions[key] = keys.count
        keys.append(key)
        words.append((gateway: LatestText(), session: LatestText(), group: LatestText()))
        followers.append(0)
        return keys.count - 1
    }

    /// Returns the index of a row's group.
    mutating func position(gateway: RawText, session: RawText, group: RawText) throws -> Int {
        func isAbout(_ position: Int) -> Bool {
            words[position].group.equals(group) && words[position].session.equals(session)
                && words[position].gateway.equals(gateway)
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
        let position = position(of: GroupKey(gateway: GatewayName(String(gateway)), session: sessionID, group: id))
        _ = words[position].group.changes(to: group)
        _ = words[position].session.changes(to: session)
        _ = words[position].gateway.changes(to: gateway)
        if latest != position { followers[latest] = position }
        latest = position
        return position
    }
}
