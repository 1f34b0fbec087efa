"""Counts how groups differ from a policy, as a script written in an afternoon: plain_plan.py POLICY URL.

It has eight threads with a connection each, and reads all pages of each group's members and contacts. It checks
nothing, remembers nothing and protects nobody.
"""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import requests
import yaml

with open(sys.argv[1], "rb") as file:
    policy = yaml.load(file, Loader=yaml.CSafeLoader)
session = policy["session"]
base = f"{sys.argv[2]}/api/v1/sessions/{session}"
people, teams = policy.get("people", {}), policy.get("teams", {})
local = threading.local()


def numbers(entries):
    """Returns the numbers of a list of entries."""
    found = set()
    for entry in entries or []:
        if entry in teams:
            found |= numbers(teams[entry])
        else:
            found.add(people.get(entry, entry))
    return found


def read(path):
    """Returns all entries of a list."""
    if not hasattr(local, "http"):
        local.http = requests.Session()
        local.http.trust_env = False
        local.http.headers["Authorization"] = "Bearer wa_bench"
    entries, cursor = [], None
    while True:
        target = base + path + (f"&cursor={quote(cursor, safe='')}" if cursor else "")
        answer = local.http.get(target, timeout=30)
        answer.raise_for_status()
        page = answer.json()
        entries += page["data"]
        cursor = page.get("nextCursor")
        if not cursor:
            return entries


def differences(item):
    """Returns how many changes a group needs."""
    jid, wanted = item
    if jid not in listed:
        raise SystemExit(f"{jid} is not a group of the session")
    phones = {entry["lid"]: entry["phoneNumber"] for entry in read(f"/contacts?limit=200&group={quote(jid, safe='')}")}
    roles = {phones[entry["lid"]]: entry["role"] for entry in read(f"/groups/{quote(jid, safe='')}/members")}
    admins = numbers(wanted.get("admins"))
    members = numbers(wanted.get("members")) | admins
    changes = len(members ^ roles.keys())
    changes += sum((roles[phone] == "admin") != (phone in admins) for phone in members & roles.keys())
    return changes


listed = {entry["groupJid"] for entry in read("/groups")}
with ThreadPoolExecutor(8) as pool:
    print(f"{sum(pool.map(differences, policy['groups'].items()))} differences in {len(policy['groups'])} groups")
