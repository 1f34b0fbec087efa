import GatewayAPI
import Glibc
import Logging
import Membership
import PolicyFiles
import Reconciliation
import Reports
import RunLedger

/// Looks at everything that a run needs, through the reading port alone, and says of each thing how it stands.
struct Doctor {
    let shared: SharedOptions
    let context: Context
    private(set) var diagnosis = Diagnosis()
    /// The groups of which the ledger shows that nothing can be changed in them.
    private var failing: [FailingGroup] = []

    /// True if the ledger was made by an earlier version, so that it is not opened.
    private(set) var isLedgerOld = false

    /// A clock that is further off than this makes `Retry-After` dates, terms and pauses wrong.
    private static let mostClockDifference: Int64 = 120_000

    init(shared: SharedOptions, context: Context) {
        self.shared = shared
        self.context = context
    }

    /// Looks at all; what cannot be looked at because of something else is left out.
    mutating func examine() async {
        guard let configuration = examineConfiguration() else { return }
        await examineLedger(at: configuration.ledger)
        examineMetrics(at: configuration.metricsFile)
        examineNotices(of: configuration)
        let policies = examinePolicies(of: configuration)
        noteFailing(asFarAs: policies)
        for gateway in configuration.gateways {
            let groups = policies?.groups.filter { $0.gateway == gateway.name } ?? []
            await examine(gateway, groups, of: configuration)
        }
    }

    mutating func note(
        _ check: String, of subject: String? = nil, _ status: Diagnosis.Status, _ message: String, remedy: String? = nil
    ) {
        diagnosis.findings.append(Diagnosis.Finding(check, of: subject, status, message, remedy: remedy))
    }

    private mutating func examineConfiguration() -> Configuration? {
        do throws(Failure) {
            let configuration = try Project.loadConfiguration(quiet, in: context)
            note("configuration", .ok, "\(configuration.path) can be used")
            return configuration
        } catch {
            note(
                "configuration", .problem, error.sentence,
                remedy: "correct the file, or write a new one with `rollcall init`; `rollcall validate` checks it")
            return nil
        }
    }

    /// The options, for readings whose warnings are told as findings.
    private var quiet: SharedOptions {
        var options = shared
        options.quiet = true
        return options
    }

    private mutating func examinePolicies(of configuration: Configuration) -> PolicySet? {
        let reading = PolicyReader.read(configuration)
        let lines = reading.diagnostics.map { $0.line(for: configuration) }
        guard let policies = reading.policies else {
            let more = lines.count > 1 ? " (and \(lines.count - 1) more)" : ""
            note(
                "policy", .problem, (lines.first ?? "no policy could be read") + more,
                remedy: "`rollcall validate` lists every problem with its place")
            return nil
        }
        let counts = policies.counts
        let summary =
            "\(counts.groups.counting("group")) and \(counts.people.counting("person", "people")) in "
            + counts.files.counting("file")
        if let first = lines.first {
            note("policy", .warning, "\(summary); \(first)", remedy: "`rollcall validate` lists all warnings")
        } else {
            note("policy", .ok, summary)
        }
        return policies
    }

    private mutating func examineLedger(at path: String) async {
        guard Ledger.exists(at: path) else {
            let folder = path.contains("/") ? String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]) : "."
            if access(folder.isEmpty ? "/" : folder, W_OK) == 0 {
                note("ledger", .ok, "\(path) is made by the first run")
            } else {
                note(
                    "ledger", .problem, "\(path) is not there, and its folder cannot be written",
                    remedy: "make the folder, let this account write it, or name another file with `ledger`")
            }
            return
        }
        do throws(LedgerError) {
            // Opening it would bring it up to date, and nothing is changed here.
            isLedgerOld = try Ledger.isFromEarlierVersion(path)
            guard !isLedgerOld else {
                note(
                    "ledger", .warning, "\(path) was made by an earlier version; the next run brings it up to date",
                    remedy: "back it up first; `doctor` examines it after that run")
                return
            }
            let ledger = try Ledger(path: path)
            try await ledger.examine()
            try await ledger.examineRows()
            let runs = try await ledger.latestRuns(1)
            let last =
                runs.first.map { "the last run was on \($0.startedAt.date): \($0.status.rawValue)" } ?? "no run yet"
            // The lock is left alone: a run that begins this very moment must not find it taken.
            note("ledger", .ok, "\(path) is in order; \(last)")
            let now = context.time.now()
            if let leap = try await ledger.clockLeap(at: now) {
                note(
                    "clock", .warning, leap.sentence(at: now),
                    remedy: "see that the clock of this machine is right, and that it is set by a time server")
            }
            failing = try await ledger.groupsFailingWithoutName()
        } catch {
            note(
                "ledger", .problem, Failure(error).sentence,
                remedy: "see what the sentence says; a backup can be put in its place")
        }
    }

    /// Tells of the groups in which nothing can be changed, as far as the policies still describe them.
    private mutating func noteFailing(asFarAs policies: PolicySet?) {
        let described = policies.map { Set($0.groups) }
        for group in failing where described?.contains(group.key) ?? true {
            note(
                "group", of: group.key.group.jid, .problem,
                "\(group.name ?? "(no name)"): changes have failed without a reason since \(group.since.date), on "
                    + group.nights.counting("night"),
                remedy:
                    "ask an admin of the group to promote the session's account, or to add it again if it is not in the group"
            )
        }
    }

    /// Looks at the file for a collector, and at its folder, in which each new one is made before it takes the old one's place.
    private mutating func examineMetrics(at path: String?) {
        guard let path else { return }
        do throws(Failure) {
            try ResultFile.checkReplacing(path)
            note("metrics", .ok, "\(path) can be replaced by each run")
        } catch {
            note(
                "metrics", .problem, error.sentence,
                remedy: "make the folder and let this account write it, or name another file under `metrics.textfile`")
        }
    }

    /// Looks at the URLs that would be told of a run, and asks for none of them.
    private mutating func examineNotices(of configuration: Configuration) {
        let webhooks = configuration.webhooks.enumerated().map { (of: "notify \($0 + 1)", key: "url", url: $1.url) }
        let pings = configuration.pings
        let addresses = [("started", pings.started), ("succeeded", pings.succeeded), ("failed", pings.failed)]
            .compactMap { key, address in address.map { (of: "ping \(key)", key: key, url: $0.url) } }
        for notice in webhooks + addresses {
            do throws(NoticeURL.Fault) {
                let logger = Logger(label: "rollcall") { _ in SwiftLogNoOpLogHandler() }
                _ = try NoticeURL.read(notice.url, key: notice.key, logger: logger, in: context)
                note("notices", of: notice.of, .ok, "there is a URL; whether it is taken shows only when it is used")
            } catch {
                note(
                    "notices", of: notice.of, .problem, error.words,
                    remedy: "put the URL into the environment variable or file that the configuration names")
            }
        }
    }

    private mutating func examine(
        _ gateway: GatewayConfiguration, _ groups: [GroupKey], of configuration: Configuration
    ) async {
        let clock = GatewayClock()
        var context = context
        let (makeTransfer, time) = (context.makeTransfer, context.time)
        context.makeTransfer = { DatedTransfer(transfer: makeTransfer($0), clock: clock, time: time) }
        let connection: ReadableGateway
        do throws(Failure) {
            let logger = Logger(label: "rollcall") { _ in SwiftLogNoOpLogHandler() }
            let connections = try GatewayConnections(
                configuration, used: [gateway.name], deadline: nil, logger: logger, in: context)
            guard let readable = connections.readable[gateway.name] else { return }
            connection = readable
        } catch {
            note(
                "credentials", of: gateway.name.text, .problem, error.sentence,
                remedy: "put the token into the environment variable or file that `token` names")
            return
        }
        for session in Set(groups.map(\.session)).sorted() {
            let mine = groups.filter { $0.session == session }
            guard await examine(session, mine, through: connection, of: gateway, configuration) else { break }
        }
        if let difference = clock.difference {
            if difference > Self.mostClockDifference {
                note(
                    "clock", of: gateway.name.text, .problem,
                    "this machine's clock and the gateway's are \(difference / 1_000) seconds apart",
                    remedy: "set the clock, for example with NTP: terms, pauses and budgets go by it")
            } else {
                note("clock", of: gateway.name.text, .ok, "agrees with the gateway's to \(difference / 1_000 + 1) s")
            }
        }
    }

    /// Looks at one session and its groups; false where the gateway cannot be used at all.
    private mutating func examine(
        _ session: SessionID, _ groups: [GroupKey], through connection: ReadableGateway,
        of gateway: GatewayConfiguration, _ configuration: Configuration
    ) async -> Bool {
        do throws(GatewayError) {
            let record = try await connection.reading.session(session)
            if record.isConnected {
                note("session", of: session.text, .ok, "connected")
            } else {
                note(
                    "session", of: session.text, .problem,
                    "not connected to WhatsApp: the gateway calls it \(record.status)",
                    remedy: "pair the phone again, or start the session, at the gateway")
            }
        } catch {
            switch error.httpStatus {
            case 401:
                note(
                    "credentials", of: gateway.name.text, .problem, error.message,
                    remedy: "issue a new token at the gateway")
                return false
            case 403 where gateway.ownAccounts[session] != nil:
                note(
                    "session", of: session.text, .ok,
                    "the token may not see the session; its number stands under `self`")
            case 403:
                note(
                    "session", of: session.text, .problem,
                    "the token lacks `manage`, and no number stands under `self`",
                    remedy:
                        "give the token `manage`, or set `gateway.self` to the session's number; nobody is removed until then"
                )
            default:
                note("session", of: session.text, .problem, error.message, remedy: error.remedy)
                if error.httpStatus == nil { return false }
            }
        }
        let importer = RosterImporter(
            reading: connection.reading, session: session, ownPhone: gateway.ownAccounts[session],
            concurrency: configuration.readConcurrency, progress: ProgressLine(context: context, quiet: true),
            asksForEachLID: false,
            memory: await memory(of: SessionKey(gateway: gateway.name, session: session), configuration))
        do throws(GatewayError) {
            let rosters = try await importer.read(only: Set(groups.map(\.group)))
            note(
                "credentials", of: gateway.name.text, .ok,
                "the token reads the groups of session \(session); whether it may "
                    + "change them shows only when something is sent")
            examineAge(of: session, rosters, gateway)
            for key in groups { examine(key, in: rosters) }
        } catch {
            note("credentials", of: gateway.name.text, .problem, error.message, remedy: error.remedy)
        }
        return true
    }

    private mutating func examine(_ key: GroupKey, in rosters: RosterImport) {
        guard let group = rosters.groups.first(where: { $0.id == key.group }) else {
            note(
                "group", of: key.group.jid, .problem, "session \(key.session) does not list it",
                remedy: "check the group's id and its `session`; the account has to be a member")
            return
        }
        let name = group.subject ?? "(no name)"
        switch group.entries {
        case .failure(let error):
            note("group", of: key.group.jid, .problem, "\(name): \(error.message)", remedy: error.remedy)
        case .success(let entries):
            guard let own = entries.first(where: \.isOwn) else {
                if group.age == .neverRead {
                    note(
                        "group", of: key.group.jid, .warning,
                        "\(name): the gateway has not read this group from WhatsApp; it knows \(entries.count) of its members, and "
                            + "the session's own account is not among them",
                        remedy: "let the gateway read its groups (a backfill)")
                    return
                }
                note(
                    "group", of: key.group.jid, .problem,
                    "\(name): the session's own account is not seen among \(entries.count) members",
                    remedy: "let an admin add the account, or tell its number under `gateway.self`")
                return
            }
            if own.standing == .roleUnknown {
                note(
                    "group", of: key.group.jid, .warning,
                    "\(name): \(entries.count) members; the gateway gives the account a role that is not known here",
                    remedy: "see in WhatsApp whether the account is an admin of the group")
            } else if own.standing == .perhapsAdmin {
                note(
                    "group", of: key.group.jid, .ok,
                    "\(name): \(entries.count) members; whether the account is an admin shows after the next backfill, as it has "
                        + "written since the last one")
            } else if own.role == .admin {
                note("group", of: key.group.jid, .ok, "\(name): \(entries.count) members, the account is an admin")
            } else {
                note(
                    "group", of: key.group.jid, .problem,
                    "\(name): the session's account is an ordinary member and cannot change it",
                    remedy: "let an admin of the group promote the account")
            }
        }
    }
}

extension GatewayError {
    /// What would mend it, as far as can be told from here.
    fileprivate var remedy: String {
        switch self {
        case .noAnswer: "check `gateway.url`, the network, and that the gateway runs"
        case .unreadable: "check that `gateway.url` leads to the gateway's API and to nothing in front of it"
        case .cancelled: "run it again"
        case .refused(_, let refusal):
            switch refusal.status {
            case 403: "give the token the permission `read`"
            case 404: "check the id: the gateway does not know it"
            case 501: "pair the phone again, or start the session, at the gateway"
            default: "look at the gateway's own log"
            }
        }
    }
}
