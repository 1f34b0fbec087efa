import Core
import GatewayAPI
import Glibc
import Logging
import PolicyFiles
import Reconciliation
import Reports
import RunLedger

/// Checks everything that a run needs; it only reads.
struct Doctor {
    let shared: SharedOptions
    let context: Context
    private(set) var diagnosis = Diagnosis()
    /// The groups in which no change succeeds, according to the ledger.
    private var failing: [FailingGroup] = []

    /// True if the ledger was made by an earlier version, so that it is not opened.
    private(set) var isLedgerOld = false

    /// The largest clock difference, in milliseconds, that is no problem for dates and pauses.
    private static let maxClockDifference: Int64 = 120_000

    init(shared: SharedOptions, context: Context) {
        self.shared = shared
        self.context = context
    }

    /// Runs all checks, except those that depend on a failed one.
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
            note("configuration", .ok, "\(configuration.path) is valid")
            return configuration
        } catch {
            note(
                "configuration", .problem, error.text,
                remedy: "fix the file, or write a new one with `rollcall init`; then run `rollcall validate`")
            return nil
        }
    }

    /// The options without warnings, which are findings here.
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
                remedy: "run `rollcall validate` to see all problems")
            return nil
        }
        let counts = policies.counts
        let summary =
            "\(counts.groups.counting("group")) and \(counts.people.counting("person", "people")) in "
            + counts.files.counting("file")
        if let first = lines.first {
            note("policy", .warning, "\(summary); \(first)", remedy: "run `rollcall validate` to see all warnings")
        } else {
            note("policy", .ok, summary)
        }
        return policies
    }

    private mutating func examineLedger(at path: String) async {
        guard Ledger.exists(at: path) else {
            let folder = path.contains("/") ? String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]) : "."
            if access(folder.isEmpty ? "/" : folder, W_OK) == 0 {
                note("ledger", .ok, "the first run will create \(path)")
            } else {
                note(
                    "ledger", .problem, "\(path) does not exist and its folder is not writable",
                    remedy: "create the folder, make it writable for this account, or set another file with `ledger`")
            }
            return
        }
        do throws(LedgerError) {
            // Opening it would bring it up to date, and `doctor` changes nothing.
            isLedgerOld = try Ledger.isFromEarlierVersion(path)
            guard !isLedgerOld else {
                note(
                    "ledger", .warning, "\(path) was made by an earlier version; the next run upgrades it",
                    remedy: "make a backup before that run; `doctor` checks the ledger after it")
                return
            }
            let ledger = try Ledger(path: path)
            try await ledger.examine()
            try await ledger.examineRows()
            let runs = try await ledger.latestRuns(1)
            let last =
                runs.first.map { "the last run was on \($0.startedAt.date): \($0.status.words)" } ?? "no run yet"
            // Does not take the lock, which a starting run may need.
            note("ledger", .ok, "\(path) is in order; \(last)")
            let now = context.time.now()
            if let leap = try await ledger.clockLeap(at: now) {
                note(
                    "clock", .warning, leap.sentence(at: now),
                    remedy: "check this machine's clock, and set it by a time server (NTP)")
            }
            failing = try await ledger.groupsFailingWithoutReason()
        } catch {
            note("ledger", .problem, Failure(error).text, remedy: "follow the message, or restore a backup")
        }
    }

    /// Reports groups of the policies in which no change succeeds.
    private mutating func noteFailing(asFarAs policies: PolicySet?) {
        let described = policies.map { Set($0.groups) }
        for group in failing where described?.contains(group.key) ?? true {
            note(
                "group", of: group.key.group.jid, .problem,
                "\(group.name ?? "(no name)"): changes have failed since \(group.since.date), on "
                    + "\(group.nights.counting("night")), and the gateway gave no reason",
                remedy:
                    "ask an admin of the group to promote or add the session's account"
            )
        }
    }

    /// Checks that a run can replace the metrics file; its folder must be writable.
    private mutating func examineMetrics(at path: String?) {
        guard let path else { return }
        do throws(Failure) {
            try ResultFile.checkReplacing(path)
            note("metrics", .ok, "\(path) is writable")
        } catch {
            note(
                "metrics", .problem, error.text,
                remedy: "create the folder, make it writable, or set another file with `metrics.textfile`")
        }
    }

    /// Checks the URLs for notices, without sending a request.
    private mutating func examineNotices(of configuration: Configuration) {
        let webhooks = configuration.webhooks.enumerated().map { (of: "notify \($0 + 1)", key: "url", url: $1.url) }
        let pings = configuration.pings
        let addresses = [("started", pings.started), ("succeeded", pings.succeeded), ("failed", pings.failed)]
            .compactMap { key, address in address.map { (of: "ping \(key)", key: key, url: $0.url) } }
        for notice in webhooks + addresses {
            do throws(NoticeURL.Fault) {
                let logger = Logger(label: "rollcall") { _ in SwiftLogNoOpLogHandler() }
                _ = try NoticeURL.read(notice.url, key: notice.key, logger: logger, in: context)
                note("notices", of: notice.of, .ok, "the URL is set; it cannot be tested without sending a notice")
            } catch {
                note(
                    "notices", of: notice.of, .problem, error.words,
                    remedy: "set the environment variable or file that the configuration names")
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
                "credentials", of: gateway.name.text, .problem, error.text,
                remedy: "set the environment variable or file that `token` names")
            return
        }
        for session in Set(groups.map(\.session)).sorted() {
            let mine = groups.filter { $0.session == session }
            guard await examine(session, mine, through: connection, of: gateway, configuration) else { break }
        }
        if let difference = clock.difference {
            if difference > Self.maxClockDifference {
                note(
                    "clock", of: gateway.name.text, .problem,
                    "this machine's clock and the gateway's are \(difference / 1_000) seconds apart",
                    remedy: "set the clock, for example with NTP; dates, pauses and budgets depend on it")
            } else {
                note(
                    "clock", of: gateway.name.text, .ok,
                    "differs from the gateway's by less than \(difference / 1_000 + 1) s")
            }
        }
    }

    /// Checks one session and its groups; returns false if the gateway cannot be used at all.
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
                    "session", of: session.text, .problem, "not connected to WhatsApp (state: \(record.status))",
                    remedy: "pair the phone again, or start the session, at the gateway")
            }
        } catch {
            switch error.httpStatus {
            case 401:
                note("credentials", of: gateway.name.text, error)
                return false
            case 403 where gateway.ownAccounts[session] != nil:
                note(
                    "session", of: session.text, .ok,
                    "the token lacks the permission `manage`, but `gateway.self` has the session's number, which is "
                        + "enough"
                )
            case 403:
                note(
                    "session", of: session.text, .problem,
                    "the token lacks the permission `manage`, and `gateway.self` has no number for the session",
                    remedy:
                        "give the token `manage`, or set `gateway.self`; until then nobody is removed"
                )
            default:
                note("session", of: session.text, error)
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
                "the token can read the groups of session \(session); only a real change can show whether it may also "
                    + "change them")
            examineAge(of: session, rosters, gateway)
            for key in groups { examine(key, in: rosters) }
        } catch {
            note("credentials", of: gateway.name.text, error)
        }
        return true
    }

    private mutating func examine(_ key: GroupKey, in rosters: RosterImport) {
        guard let group = rosters.groups.first(where: { $0.id == key.group }) else {
            note(
                "group", of: key.group.jid, .problem, "not in the group list of session \(key.session)",
                remedy: "check the group's id and its `session`; the session's account must be a member")
            return
        }
        let name = group.subject ?? "(no name)"
        switch group.entries {
        case .failure(let error): note("group", of: key.group.jid, error, in: name)
        case .success(let entries):
            guard let own = entries.first(where: \.isOwn) else {
                if group.age == .neverRead {
                    note(
                        "group", of: key.group.jid, .warning,
                        "\(name): the gateway has not read this group from WhatsApp; it lists \(entries.count) members, "
                            + "and the session's own account is not among them",
                        remedy: "start a backfill at the gateway")
                    return
                }
                note(
                    "group", of: key.group.jid, .problem,
                    "\(name): the session's own account is not among the \(entries.count) members",
                    remedy: "ask an admin to add the account, or set its number in `gateway.self`")
                return
            }
            if own.roleStatus == .roleUnknown {
                note(
                    "group", of: key.group.jid, .warning,
                    "\(name): \(entries.count) members; the session's account has an unknown role",
                    remedy: "check in WhatsApp whether the account is an admin of the group")
            } else if own.roleStatus == .perhapsAdmin {
                note(
                    "group", of: key.group.jid, .ok,
                    "\(name): \(entries.count) members. Rollcall cannot tell yet whether the session's account is an "
                        + "admin: the account has written a message since the last backfill (reading from WhatsApp), "
                        + "and then the list shows even an admin as an ordinary member. The next backfill shows the "
                        + "role")
            } else if own.role == .admin {
                note("group", of: key.group.jid, .ok, "\(name): \(entries.count) members; the account is an admin")
            } else {
                note(
                    "group", of: key.group.jid, .problem, "\(name): the session's account is not an admin of the group",
                    remedy: "ask an admin of the group to promote the account")
            }
        }
    }

    private mutating func note(_ check: String, of subject: String, _ error: GatewayError, in group: String? = nil) {
        let (what, remedy) = (error.explanation.what, error.explanation.remedy)
        note(
            check, of: subject, .problem, group.map { "\($0): \(what)" } ?? what,
            remedy: remedy
                ?? (error.httpStatus == nil ? "check that the gateway is running" : "check the gateway's log"))
    }
}

extension RunStatus {
    /// The result of a run in words.
    fileprivate var words: String {
        switch self {
        case .withheld: "removals or demotions blocked"
        case .stale: "a group no longer fitted the saved plan"
        case .running, .succeeded, .incomplete, .failed, .interrupted: rawValue
        }
    }
}
