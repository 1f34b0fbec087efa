"""Compares the answers in the simulator's journal with the contract: every documented answer must be in it.

answers.py save URL FILE          saves the journal of a running simulator
answers.py compare CONTRACT FILE… prints a table, and fails if an answer is missing or not documented
"""

import collections
import json
import re
import sys
import urllib.request

import yaml

METHODS = ("get", "post", "delete")


def save(url, file):
    with urllib.request.urlopen(f"{url}/_simulator/journal") as answer, open(file, "wb") as kept:
        kept.write(answer.read())


def operations(contract):
    """Returns the operations with a pattern of their path and the documented statuses, fixed paths first."""
    found = []
    for path, item in contract["paths"].items():
        pattern = "/api/v1" + re.sub(r"\\\{[a-z]+\\\}", "[^/]+", re.escape(path))
        for method in METHODS:
            if method in item:
                statuses = [int(status) for status in item[method]["responses"]]
                found.append((path.count("{"), item[method]["operationId"], method.upper(), re.compile(pattern), statuses))
    return [operation[1:] for operation in sorted(found, key=lambda operation: operation[0])]


def compare(contract_file, *journals):
    with open(contract_file, encoding="utf-8") as file:
        known = operations(yaml.safe_load(file))
    counts = collections.defaultdict(collections.Counter)
    total = 0
    for journal in journals:
        with open(journal, encoding="utf-8") as file:
            for entry in json.load(file)["entries"]:
                total += 1
                path = entry["path"].partition("?")[0]
                for name, method, pattern, _ in known:
                    if method == entry["method"] and pattern.fullmatch(path):
                        counts[name][entry["status"]] += 1
                        break
    complaints = []
    for name, _, _, statuses in known:
        print(f"  {name:<20}" + "".join(f"{status:>6}: {counts[name][status]:<5}" for status in statuses))
        complaints += [f"{name} never answered {status}" for status in statuses if not counts[name][status]]
        complaints += [f"{name} answered {status}" for status in counts[name] if status not in statuses]
    answered = sum(len(statuses) for _, _, _, statuses in known)
    print(f"{total} requests; {len(known)} operations with {answered} documented answers, {len(complaints)} complaints")
    for complaint in complaints:
        print(f"  {complaint}")
    return 1 if complaints else 0


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    sys.exit({"save": save, "compare": compare}[command](*arguments))
