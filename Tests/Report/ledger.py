"""Fills an existing ledger with many made-up runs: ledger.py LEDGER RUNS GROUPS.

The runs are the same each time: quiet and bad nights, groups that grow and shrink, people who decline, blocked removals,
people who come and go, groups whose changes all failed on the last nights, changes that no list shows yet, and names that
contain markup.
"""

import random
import sqlite3
import sys
from datetime import datetime, timedelta, timezone

PLACES = ["Jakarta", "Bandung", "Surabaya", "Larkhill", "Ashford", "Medan", "Malang", "Leeds", "Nairobi", "Kisumu"]
THINGS = ["volunteers", "parents", "choir", "first aid", "drivers", "kitchen", "night shift", "tutors", "board", "youth"]
NAMES = ["amina", "budi", "citra", "dev", "eka", "farid", "grace", "hana", "ines", "joko", "kemi", "lars", "maya", "nora"]
HOSTILE = ["<script>alert('name')</script>", "\"\u0301 onload=alert(1) x=\"", "Choir \u202egnihton\u202c & <b>co</b>"]
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SESSION, GATEWAY, NOW = "01HZ0SESSION0000000000000", "default", datetime(2026, 11, 24, 2, 15, tzinfo=timezone.utc)
dice = random.Random(7)


def text(time):
    return time.strftime("%Y-%m-%dT%H:%M:%S.") + f"{time.microsecond // 1000:03d}Z"


def ulid(time):
    value = int(time.timestamp() * 1000) << 80 | dice.getrandbits(80)
    return "".join(ALPHABET[value >> 5 * place & 31] for place in reversed(range(26)))


class Group:
    def __init__(self, number):
        self.jid = f"1203630{number:011d}@g.us"
        self.name = HOSTILE[number] if number < len(HOSTILE) else (
            f"{PLACES[number % 10]} {THINGS[number // 10 % 10]}" + (f" {number // 100 + 1}" if number >= 100 else ""))
        self.size = dice.randint(8, 260)
        self.restless = dice.random() ** 6
        self.declined = {}
        self.flapping = [self.person() for _ in range(dice.choice([0] * 40 + [1, 3]))]
        self.withheld_until = None

    @staticmethod
    def person():
        return f"+62812{dice.randint(10_000_000, 99_999_999)}", dice.choice(NAMES + [None])


class Writer:
    def __init__(self, database):
        self.database, self.groups, self.actions, self.holds, self.attempts = database, [], [], [], []
        self.id = 0

    def action(self, run, group, sequence, op, person, status, time, error=None):
        self.id += 1
        sent = status in ("confirmed", "declined", "failed", "unknown", "accepted")
        code = {"declined": "declined", "failed": "forbidden", "skipped": "deadline"}.get(status)
        answer = {"failed": 403, "unknown": 500}.get(status, 204) if sent else None
        moment = text(time) if sent else None
        self.actions.append((
            self.id, run, GATEWAY, SESSION, group.jid, sequence, op, person[0], person[0][1:] + "@s.whatsapp.net",
            person[1], f"policies/groups.yaml:{sequence + 10}:7", status, int(sent), answer, code, error,
            text(time), moment, moment))

    def hold(self, run, group, kind, phone, message):
        self.holds.append((run, GATEWAY, SESSION, group.jid, kind, phone, message))

    def flush(self):
        self.database.executemany("INSERT INTO group_runs (run_id, gateway, session, group_jid, name, status, size_before, "
                                  "size_after, error_code, error) VALUES (?,?,?,?,?,?,?,?,?,?)", self.groups)
        self.database.executemany("INSERT INTO actions (id, run_id, gateway, session, group_jid, seq, op, phone, jid, "
                                  "person, source, status, attempts, http_status, error_code, error, planned_at, sent_at, "
                                  "finished_at) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", self.actions)
        self.database.executemany("INSERT INTO holds (run_id, gateway, session, group_jid, kind, phone, message) "
                                  "VALUES (?,?,?,?,?,?,?)", self.holds)
        self.groups, self.actions, self.holds = [], [], []


def night(writer, run, group, time, bad, fails=False, is_last=False):
    """Writes what one run finds and does in one group, and returns the group's status."""
    before, changes = group.size, []
    writer.hold(run, group, "self", "+6281100000001", "Rollcall never removes or demotes the session's own account")
    if bad and dice.random() < 0.6:
        error = "the gateway answered 502: “<upstream> is away, call +62 812-3456-7890”"
        writer.groups.append((run, GATEWAY, SESSION, group.jid, group.name, "failed", None, None, "unreadable", error))
        return "failed"
    if fails:
        error = "the changes failed, and the gateway gave no reason (500 <internal>)"
        for sequence in (1, 2):
            writer.action(run, group, sequence, "add", group.person(), "unknown", time, error)
        writer.groups.append((run, GATEWAY, SESSION, group.jid, group.name, "failed", group.size, None, "nameless_failure", error))
        return "failed"
    busy = dice.random() < 0.002 + 0.06 * group.restless
    for _ in range(dice.randint(1, 5) if busy else 0):
        changes.append((dice.choices(["add", "promote", "demote", "remove"], [6, 1, 1, 3])[0], group.person()))
    for index, person in enumerate(group.flapping):
        if dice.random() < 0.05:
            changes.append((("add", "remove")[(time.toordinal() + index) % 2], person))
    if dice.random() < 0.0004:
        person = group.person()
        changes.append(("add", person))
        group.declined[person] = [time, 0]
    status = "changed" if changes else "unchanged"
    for person, (since, tries) in list(group.declined.items()):
        if tries == 0 or (time - since).days in (2, 6, 14):
            if tries:
                changes.append(("add", person))
            group.declined[person][1] += 1
        elif (time - since).days > 40 and dice.random() < 0.02:
            del group.declined[person]
            changes.append(("add", person))
        else:
            writer.hold(run, group, "declined", person[0], f"added {tries} times, but never appeared (often privacy settings); send the invite link")
    if dice.random() < 0.00015:
        group.withheld_until = time + timedelta(days=dice.randint(1, 9))
    if group.withheld_until and time < group.withheld_until:
        count = dice.randint(4, 9)
        for _ in range(count):
            writer.hold(run, group, "withheld", group.person()[0],
                        f"would be removed, but {count} removals and demotions in this group exceed the limit of 3 "
                        "(`limits.removals`); check the policy, then raise the limit")
        status = "withheld"
    for sequence, (op, person) in enumerate(changes, 1):
        outcome, error = "accepted" if is_last else "confirmed", None
        if person in group.declined:
            outcome, error = "declined", "sent, but the person never appeared in the group"
            status = "incomplete"
        elif dice.random() < 0.006:
            outcome, error = "failed", "403: this account <b>is no admin</b> of the group"
            status = "incomplete"
        if outcome in ("accepted", "confirmed"):
            group.size += {"add": 1, "remove": -1}.get(op, 0)
        writer.action(run, group, sequence, op, person, outcome, time + timedelta(seconds=sequence), error)
    group.size = max(group.size, 2)
    writer.groups.append((run, GATEWAY, SESSION, group.jid, group.name, status, before, group.size, None, None))
    return status


def main(path, runs, groups):
    database = sqlite3.connect(path)
    database.execute("PRAGMA foreign_keys = ON")
    database.execute("DELETE FROM runs")
    groups = [Group(number) for number in range(groups)]
    writer = Writer(database)
    for number in range(runs):
        time = NOW - timedelta(days=runs - 1 - number, seconds=dice.randint(0, 40))
        run, bad = ulid(time), dice.random() < 0.015
        first, first_hold = len(writer.actions), len(writer.holds)
        database.execute("INSERT INTO runs (id, command, started_at, status, policy_digest, version, host) "
                         "VALUES (?, 'apply', ?, 'running', 'sha256:00', '0.1.0', 'night-watch')", (run, text(time)))
        statuses = {night(writer, run, group, time, bad and number < runs - 9, number >= runs - 7 and place % 60 == 0,
                          number >= runs - 5)
                    for place, group in enumerate(groups)}
        actions = writer.actions[first:]
        taken = [sum(row[6] == op and row[11] in ("accepted", "confirmed") for row in actions)
                 for op in ("add", "promote", "demote", "remove")]
        errors = sum(row[11] not in ("accepted", "confirmed") for row in actions)
        status, code = (("incomplete", 3) if statuses & {"incomplete", "failed"} else
                        ("withheld", 4) if "withheld" in statuses else ("succeeded", 0))
        if dice.random() < 0.008:
            status, code = "interrupted", 143
        database.execute("UPDATE runs SET finished_at = ?, status = ?, exit_code = ?, adds = ?, promotes = ?, demotes = ?, "
                         "removes = ?, holds = ?, errors = ? WHERE id = ?",
                         (text(time + timedelta(seconds=90 + 3 * len(actions))), status, code, *taken,
                          len(writer.holds) - first_hold, errors, run))
        writer.flush()
    database.commit()
    database.close()


main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
