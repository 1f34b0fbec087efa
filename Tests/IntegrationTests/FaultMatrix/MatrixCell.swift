/// One field of the matrix: a fault that strikes a call, once or always, in two sessions of their own.
struct MatrixCell {
    /// The call that is struck.
    let call: MatrixCall
    /// What strikes it.
    let fault: MatrixFault
    /// Whether it strikes each time.
    let isLasting: Bool
    /// The place in the matrix; ids contain it.
    let number: Int

    /// Every field, in the order of the tables.
    static let all: [MatrixCell] = {
        var cells: [MatrixCell] = []
        for call in MatrixCall.allCases {
            var faults = MatrixFault.all
            if let lie = call.lie {
                faults.append(
                    MatrixFault(name: "a wrong field: `\(lie)`", spelling: "change: \(lie)", strikes: [true]))
            }
            for fault in faults where (!fault.isForMutations || call.isMutation) && (!fault.isForLists || call.isList) {
                for isLasting in fault.strikes {
                    cells.append(MatrixCell(call: call, fault: fault, isLasting: isLasting, number: cells.count + 1))
                }
            }
        }
        return cells
    }()

    /// The session whose call is struck.
    var session: String { "M\(number)A" }
    /// Another session of the same gateway.
    var otherSession: String { "M\(number)B" }
    /// The digits of the struck group, of another one of its session, and of one of the other session.
    var groups: [String] { (1...3).map { "120363\(1_000_000_000 + number * 10 + $0)" } }

    /// What a failure of this field calls itself.
    var name: String { "\(call.title), \(fault.name), \(isLasting ? "always" : "once")" }

    /// The rules for the simulator.
    var faults: [String] {
        let path = call.pattern(session: session, group: groups[0])
        let skip = call == .membersAfterwards ? ", skip: 1" : ""
        let count = isLasting ? "all" : "1"
        var rules = [
            "{ method: \(call.method), path: \"\(path)\"\(skip), count: \(count), \(fault.spelling) }"
        ]
        if call == .group {
            let list = MatrixCall.list.pattern(session: session, group: "")
            rules.append("{ path: \"\(list)\", count: all, change: { participantCount: -1 }, only_first: true }")
        }
        return rules
    }

    /// The sessions in the seed.
    var sessions: [String] { [session, otherSession].map { "\($0): { organisation: town, account: desk }" } }

    /// The groups in the seed: in the first one there is something to do of each kind.
    var seededGroups: [String] {
        [
            """
            \(groups[0])@g.us: { session: \(session), subject: Struck, creator: desk, admins: [desk, ada], \
            members: [ben, kim, +44 7700 900120], numbers: { kim: absent } }
            """,
            "\(groups[1])@g.us: { session: \(session), subject: Beside, creator: desk, admins: [desk], members: [ada] }",
            """
            \(groups[2])@g.us: { session: \(otherSession), subject: Elsewhere, creator: desk, admins: [desk], \
            members: [ada] }
            """,
        ]
    }

    /// The policy.
    var policy: String {
        let newcomer = call == .invite ? "dora" : "nia"
        return """
            people:
              ada: +44 7700 900101
              ben: +44 7700 900102
              kim: +44 7700 900103
              nia: +44 7700 900104
              dora: +44 7700 900105
            groups:
              \(groups[0])@g.us: { session: \(session), admins: [ben], members: [ada, kim, \(newcomer)] }
              \(groups[1])@g.us: { session: \(session), members: [ada, ben] }
              \(groups[2])@g.us: { session: \(otherSession), members: [ada, ben] }
            """
    }

    /// The configuration: no pauses, and one reading at a time, so that the same is read first in each run.
    var configuration: String {
        """
        gateway: { url: "http://127.0.0.1:1" }
        policies: [policies]
        pace: { calls_per_minute: 0, settle: 300ms }
        read: { concurrency: 1, timeout: \(fault.isSlow ? "3s" : "30s") }
        """
    }

    /// The world of all fields.
    static func seed(_ cells: [MatrixCell]) -> String {
        """
        organisations: { town: { keys: { key: { token: \(Town.token) } } } }
        people:
          desk: { phone: +44 7700 900100 }
          ada: { phone: +44 7700 900101 }
          ben: { phone: +44 7700 900102 }
          kim: { phone: +44 7700 900103 }
          nia: { phone: +44 7700 900104 }
          dora: { phone: +44 7700 900105, adds: declines }
        sessions:
          \(cells.flatMap(\.sessions).joined(separator: "\n  "))
        groups:
          \(cells.flatMap(\.seededGroups).joined(separator: "\n  "))
        faults:
          - \(cells.flatMap(\.faults).joined(separator: "\n  - "))
        """
    }
}
