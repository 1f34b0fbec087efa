import GRDB

/// The ledger's tables, as migrations that never change after their release.
package enum Schema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1-runs") { database in try database.execute(sql: runs) }
        migrator.registerMigration("2-memory") { database in try database.execute(sql: memory) }
        migrator.registerMigration("3-attempts") { database in try database.execute(sql: attempts) }
        migrator.registerMigration("4-report") { database in try database.execute(sql: report) }
        migrator.registerMigration("5-person") { database in try database.execute(sql: person) }
        migrator.registerMigration("6-shrinkage") { database in try database.execute(sql: shrinkage) }
        migrator.registerMigration("7-lid-sightings") { database in try database.execute(sql: lidSightings) }
        migrator.registerMigration("8-large") { database in try database.execute(sql: large) }
        migrator.registerMigration("9-calls") { database in try database.execute(sql: calls) }
        migrator.registerMigration("10-attempts") { database in try database.execute(sql: attemptsUnderWay) }
        migrator.registerMigration("11-snapshots") { database in try database.execute(sql: snapshots) }
        migrator.registerMigration("12-by-lid") { database in try database.execute(sql: actionsByLID) }
        migrator.registerMigration("13-clock") { database in try database.execute(sql: clock) }
        migrator.registerMigration("14-former-numbers") { database in try database.execute(sql: formerNumbers) }
        migrator.registerMigration("15-applied") { database in try database.execute(sql: applied) }
        migrator.registerMigration("16-names-of-held") { database in
            try database.execute(sql: "ALTER TABLE holds ADD COLUMN person TEXT")
        }
        migrator.registerMigration("17-members-seen") { database in try database.execute(sql: membersSeen) }
        return migrator
    }

    /// Returns an SQL condition: a column equals one of these words.
    ///
    /// With the shorter `IN`, SQLite would fill a temporary table for every written row.
    private static func oneOf(_ column: String, _ words: String) -> String {
        words.split(separator: " ").map { "\(column) = '\($0)'" }.joined(separator: " OR ")
    }

    /// The tables of runs; their constraints state what the program relies on.
    private static let runs = """
        CREATE TABLE runs (
            id TEXT PRIMARY KEY CHECK (length(id) = 26),
            command TEXT NOT NULL,
            started_at TEXT NOT NULL,
            finished_at TEXT,
            status TEXT NOT NULL CHECK (\(oneOf("status", "running succeeded incomplete withheld stale failed interrupted"))),
            exit_code INTEGER,
            policy_digest TEXT NOT NULL,
            version TEXT NOT NULL,
            host TEXT NOT NULL,
            adds INTEGER NOT NULL DEFAULT 0,
            promotes INTEGER NOT NULL DEFAULT 0,
            demotes INTEGER NOT NULL DEFAULT 0,
            removes INTEGER NOT NULL DEFAULT 0,
            holds INTEGER NOT NULL DEFAULT 0,
            errors INTEGER NOT NULL DEFAULT 0
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE group_runs (
            run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
            gateway TEXT NOT NULL,
            session TEXT NOT NULL,
            group_jid TEXT NOT NULL,
            name TEXT,
            status TEXT NOT NULL CHECK (\(oneOf("status", "unchanged changed incomplete withheld stale failed skipped"))),
            size_before INTEGER,
            size_after INTEGER,
            roster_digest TEXT,
            error_code TEXT,
            error TEXT,
            PRIMARY KEY (run_id, gateway, session, group_jid)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE actions (
            id INTEGER PRIMARY KEY,
            run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
            gateway TEXT NOT NULL,
            session TEXT NOT NULL,
            group_jid TEXT NOT NULL,
            seq INTEGER NOT NULL,
            op TEXT NOT NULL CHECK (\(oneOf("op", "add promote demote remove"))),
            phone TEXT NOT NULL,
            lid TEXT,
            person TEXT,
            source TEXT NOT NULL,
            status TEXT NOT NULL CHECK (\(oneOf("status", "planned sending accepted confirmed declined skipped failed unknown"))),
            attempts INTEGER NOT NULL DEFAULT 0,
            http_status INTEGER,
            error_code TEXT,
            error TEXT,
            planned_at TEXT NOT NULL,
            sent_at TEXT,
            finished_at TEXT,
            UNIQUE (run_id, gateway, session, group_jid, seq)
        ) STRICT;

        CREATE INDEX actions_sent ON actions (gateway, session, op, sent_at) WHERE sent_at IS NOT NULL;

        CREATE TABLE holds (
            run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
            gateway TEXT NOT NULL,
            session TEXT NOT NULL,
            group_jid TEXT NOT NULL,
            kind TEXT NOT NULL,
            phone TEXT,
            lid TEXT,
            message TEXT NOT NULL
        ) STRICT;

        CREATE INDEX holds_run ON holds (run_id);

        CREATE TABLE identities (
            gateway TEXT NOT NULL,
            session TEXT NOT NULL,
            lid TEXT NOT NULL,
            phone TEXT NOT NULL,
            first_seen_at TEXT NOT NULL,
            last_seen_at TEXT NOT NULL,
            PRIMARY KEY (gateway, session, lid)
        ) STRICT, WITHOUT ROWID;
        """

    /// What runs learn and later runs use.
    private static let memory = """
        ALTER TABLE actions ADD COLUMN jid TEXT;

        CREATE INDEX actions_person ON actions (gateway, session, group_jid, phone, sent_at);

        CREATE INDEX actions_open ON actions (gateway, session, sent_at) WHERE status IN ('accepted', 'unknown');

        CREATE INDEX runs_open ON runs (command) WHERE status = 'running';

        CREATE TABLE lid_lookups (
            gateway TEXT NOT NULL,
            session TEXT NOT NULL,
            group_jid TEXT NOT NULL,
            lid TEXT NOT NULL,
            asked_at TEXT NOT NULL,
            PRIMARY KEY (gateway, session, group_jid, lid)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE number_checks (
            gateway TEXT NOT NULL,
            session TEXT NOT NULL,
            phone TEXT NOT NULL,
            on_whatsapp INTEGER NOT NULL CHECK (on_whatsapp IN (0, 1)),
            account TEXT,
            checked_at TEXT NOT NULL,
            PRIMARY KEY (gateway, session, phone)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE observations (
            gateway TEXT NOT NULL,
            session TEXT NOT NULL,
            group_jid TEXT NOT NULL,
            size INTEGER NOT NULL,
            observed_at TEXT NOT NULL,
            shrunk_since TEXT,
            PRIMARY KEY (gateway, session, group_jid)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE sightings (
            gateway TEXT NOT NULL,
            session TEXT NOT NULL,
            group_jid TEXT NOT NULL,
            phone TEXT NOT NULL,
            first_seen_at TEXT NOT NULL,
            last_seen_at TEXT NOT NULL,
            removed_at TEXT,
            PRIMARY KEY (gateway, session, group_jid, phone)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE declined_adds (
            gateway TEXT NOT NULL,
            session TEXT NOT NULL,
            group_jid TEXT NOT NULL,
            phone TEXT NOT NULL,
            tries INTEGER NOT NULL,
            last_tried_at TEXT NOT NULL,
            fingerprint TEXT NOT NULL,
            PRIMARY KEY (gateway, session, group_jid, phone)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE deferred_adds (
            gateway TEXT NOT NULL,
            session TEXT NOT NULL,
            group_jid TEXT NOT NULL,
            phone TEXT NOT NULL,
            since TEXT NOT NULL,
            PRIMARY KEY (gateway, session, group_jid, phone)
        ) STRICT, WITHOUT ROWID;
        """

    /// Each time a call was sent; for calls of earlier versions only the last time is known.
    private static let attempts = """
        CREATE TABLE attempts (
            action_id INTEGER NOT NULL REFERENCES actions (id) ON DELETE CASCADE,
            attempt INTEGER NOT NULL,
            status TEXT NOT NULL CHECK (\(oneOf("status", "sending accepted failed unknown"))),
            http_status INTEGER,
            error_code TEXT,
            error TEXT,
            sent_at TEXT NOT NULL,
            finished_at TEXT,
            PRIMARY KEY (action_id, attempt)
        ) STRICT, WITHOUT ROWID;

        INSERT INTO attempts (action_id, attempt, status, http_status, error_code, error, sent_at, finished_at)
        SELECT id, max(attempts, 1),
            CASE status WHEN 'failed' THEN 'failed' WHEN 'unknown' THEN 'unknown' WHEN 'sending' THEN 'sending'
            ELSE 'accepted' END,
            http_status, error_code, error, sent_at, finished_at
        FROM actions WHERE sent_at IS NOT NULL;
        """

    /// Indexes for the counts and lookups of a report.
    private static let report = """
        CREATE INDEX actions_taken ON actions (gateway, session, group_jid, phone, sent_at, op, status)
        WHERE status IN ('accepted', 'confirmed');

        CREATE INDEX holds_kind ON holds (run_id, kind);

        DROP INDEX holds_run;

        CREATE INDEX holds_person ON holds (gateway, session, group_jid, phone, run_id)
        WHERE phone IS NOT NULL AND kind IN \(absenceKinds);
        """

    /// The kinds of holds that keep a wanted person out of a group.
    package static let absenceKinds = "('declined', 'not_on_whatsapp', 'group_full', 'left', 'unconfirmed', 'deferred')"

    /// Indexes for finding everything that was done to one person.
    private static let person = """
        CREATE INDEX actions_phone ON actions (phone);

        CREATE INDEX group_runs_group ON group_runs (group_jid, run_id) WHERE status <> 'unchanged';
        """

    /// The largest size of a shrunken member list; if it loses over a tenth more, Rollcall waits again.
    private static let shrinkage = "ALTER TABLE observations ADD COLUMN shrunk_size INTEGER;"

    /// People seen by LID only.
    private static let lidSightings = """
        CREATE TABLE lid_sightings (
            gateway TEXT NOT NULL,
            session TEXT NOT NULL,
            group_jid TEXT NOT NULL,
            lid TEXT NOT NULL,
            first_seen_at TEXT NOT NULL,
            last_seen_at TEXT NOT NULL,
            removed_at TEXT,
            PRIMARY KEY (gateway, session, group_jid, lid)
        ) STRICT, WITHOUT ROWID;
        """

    /// Indexes that keep a ledger of a million actions as fast as a small one.
    ///
    /// An index contains few columns that change with a call, because each index costs every call a page.
    private static let large = """
        CREATE INDEX actions_time ON actions (sent_at, gateway, session, op) WHERE sent_at IS NOT NULL;

        DROP INDEX actions_sent;

        CREATE INDEX actions_whom ON actions (phone, group_jid);

        DROP INDEX actions_person;

        DROP INDEX actions_phone;

        CREATE INDEX actions_done ON actions (gateway, session, group_jid, phone, sent_at, op, status)
        WHERE status = 'confirmed';

        DROP INDEX actions_taken;

        CREATE INDEX holds_whom ON holds (phone, gateway, session, group_jid, run_id, kind) WHERE phone IS NOT NULL;

        DROP INDEX holds_person;

        CREATE INDEX identities_phone ON identities (phone);

        CREATE INDEX identities_lid ON identities (lid);

        CREATE INDEX sightings_phone ON sightings (phone);
        """

    /// A cheaper index of open calls by time, so that concurrent sessions write to one page; no index of done changes.
    private static let calls = """
        DROP INDEX actions_open;

        CREATE INDEX actions_open ON actions (sent_at, gateway, session) WHERE status IN ('accepted', 'unknown');

        DROP INDEX actions_done;
        """

    /// When the gateway last read each group from WhatsApp, with the roles at that moment; which stores follow changes
    /// by themselves; when a run last asked for a backfill.
    private static let snapshots = """
        CREATE TABLE snapshots (
            gateway TEXT NOT NULL,
            session TEXT NOT NULL,
            group_jid TEXT NOT NULL,
            taken_at TEXT NOT NULL,
            size INTEGER NOT NULL,
            admins TEXT NOT NULL,
            creator TEXT,
            uncertain TEXT NOT NULL,
            seen_at TEXT NOT NULL,
            PRIMARY KEY (gateway, session, group_jid)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE following_stores (
            gateway TEXT NOT NULL,
            session TEXT NOT NULL,
            since TEXT NOT NULL,
            PRIMARY KEY (gateway, session)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE backfills (
            gateway TEXT NOT NULL,
            session TEXT NOT NULL,
            asked_at TEXT NOT NULL,
            PRIMARY KEY (gateway, session)
        ) STRICT, WITHOUT ROWID;
        """

    /// Allows actions without a number, for people known by LID only: SQLite drops a constraint by a table copy.
    private static let actionsByLID = """
        CREATE TABLE actions_copy (
            id INTEGER PRIMARY KEY,
            run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
            gateway TEXT NOT NULL,
            session TEXT NOT NULL,
            group_jid TEXT NOT NULL,
            seq INTEGER NOT NULL,
            op TEXT NOT NULL CHECK (\(oneOf("op", "add promote demote remove"))),
            phone TEXT CHECK (phone IS NOT NULL OR lid IS NOT NULL),
            lid TEXT,
            person TEXT,
            source TEXT NOT NULL,
            status TEXT NOT NULL CHECK (\(oneOf("status", "planned sending accepted confirmed declined skipped failed unknown"))),
            attempts INTEGER NOT NULL DEFAULT 0,
            http_status INTEGER,
            error_code TEXT,
            error TEXT,
            planned_at TEXT NOT NULL,
            sent_at TEXT,
            finished_at TEXT,
            jid TEXT,
            UNIQUE (run_id, gateway, session, group_jid, seq)
        ) STRICT;

        INSERT INTO actions_copy (id, run_id, gateway, session, group_jid, seq, op, phone, lid, person, source, status,
            attempts, http_status, error_code, error, planned_at, sent_at, finished_at, jid)
        SELECT id, run_id, gateway, session, group_jid, seq, op, phone, lid, person, source, status,
            attempts, http_status, error_code, error, planned_at, sent_at, finished_at, jid FROM actions;

        DROP TABLE actions;

        ALTER TABLE actions_copy RENAME TO actions;

        CREATE INDEX actions_time ON actions (sent_at, gateway, session, op) WHERE sent_at IS NOT NULL;

        CREATE INDEX actions_whom ON actions (phone, group_jid);

        CREATE INDEX actions_open ON actions (sent_at, gateway, session) WHERE status IN ('accepted', 'unknown');
        """

    /// The last use of the ledger, leaps of the clock, calls of deleted runs that may still count, and an index for
    /// people known by LID only.
    private static let clock = """
        CREATE TABLE last_use (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            at TEXT NOT NULL
        ) STRICT;

        INSERT INTO last_use (id, at) SELECT 1, max(at) FROM (
            SELECT max(started_at) AS at FROM runs UNION ALL SELECT max(finished_at) FROM runs
        ) HAVING max(at) IS NOT NULL AND length(max(at)) = 24;

        CREATE TABLE clock_leaps (
            noticed_at TEXT PRIMARY KEY,
            latest TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE calls_of_deleted_runs (
            gateway TEXT NOT NULL,
            session TEXT NOT NULL,
            op TEXT NOT NULL,
            sent_at TEXT NOT NULL
        ) STRICT;

        CREATE INDEX actions_by_lid ON actions (lid) WHERE phone IS NULL;

        CREATE INDEX calls_of_deleted_runs_time ON calls_of_deleted_runs (sent_at, gateway, session, op);
        """

    /// The earlier numbers of LIDs; the account is the same.
    private static let formerNumbers = """
        CREATE TABLE former_numbers (
            gateway TEXT NOT NULL,
            session TEXT NOT NULL,
            lid TEXT NOT NULL,
            phone TEXT NOT NULL,
            last_seen_at TEXT NOT NULL,
            PRIMARY KEY (gateway, session, lid, phone)
        ) STRICT, WITHOUT ROWID;

        CREATE INDEX former_numbers_phone ON former_numbers (phone);

        CREATE INDEX former_numbers_lid ON former_numbers (lid);
        """

    /// The people that the policy wanted in each group at the last apply, as JSON.
    private static let applied = """
        CREATE TABLE applied_groups (
            gateway TEXT NOT NULL,
            session TEXT NOT NULL,
            group_jid TEXT NOT NULL,
            applied_at TEXT NOT NULL,
            policy_digest TEXT NOT NULL,
            wanted TEXT NOT NULL,
            PRIMARY KEY (gateway, session, group_jid)
        ) STRICT, WITHOUT ROWID;
        """

    /// When a group's member list was last compared with `identities`: until now, `last_seen_at` said when a number was learned.
    private static let membersSeen = """
        ALTER TABLE observations ADD COLUMN members_seen_at TEXT;

        UPDATE identities SET last_seen_at = max(last_seen_at, (SELECT at FROM last_use))
        WHERE EXISTS (SELECT * FROM last_use);
        """

    /// Deletes rows for attempts that are not answered yet, which only dead runs left; their actions record them.
    private static let attemptsUnderWay = "DELETE FROM attempts WHERE status = 'sending';"
}
