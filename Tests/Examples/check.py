"""Checks of the examples that no tool makes: rollcall's options, the image's libraries, and what the scripts do."""

import os
import pathlib
import re
import subprocess
import sys

import yaml

PROGRAM, WORK = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
RUNNING = pathlib.Path("examples/running")
failures = []


def expect(holds, sentence):
    if not holds:
        failures.append(sentence)


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, **options)


def stub(path, script):
    """Writes a program that replaces another."""
    path.write_text("#!/usr/bin/env bash\n" + script)
    path.chmod(0o755)


def github_step(file, job, name):
    """Returns the script of a step."""
    workflow = yaml.safe_load((RUNNING / "github" / file).read_text())
    return next(step["run"] for step in workflow["jobs"][job]["steps"] if step.get("name") == name)


def gitlab_script(job):
    """Returns the script of a job, as a runner runs it in one shell."""
    return "\n".join(yaml.safe_load((RUNNING / "gitlab/.gitlab-ci.yml").read_text())[job]["script"])


def check_commands():
    """Every rollcall command line in the examples is valid."""
    texts = [path.read_text() for path in RUNNING.rglob("*") if path.is_file() and path.suffix != ".md"]
    found = set()
    for text in texts:
        text = text.replace("\\\n", " ")
        found |= set(re.findall(r'(?:(?<!<!-- )(?<!`)rollcall|"\$IMAGE") +((?:apply|plan|validate|history)\b[^>|\n&]*)', text))
    container = list(yaml.safe_load_all((RUNNING / "kubernetes/cronjob.yaml").read_text()))[1]
    pod = container["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    found.add(" ".join(pod["containers"][0]["args"]))
    for line in sorted(found):
        arguments = [word.strip('"').replace("$PLAN", "plan.json").replace("/var/lib/rollcall", str(WORK)) for word in line.split()]
        result = run(PROGRAM, *arguments, "-c", "/nowhere/rollcall.yaml", env={"ROLLCALL_LEDGER": str(WORK / "l")})
        # 78: the command line is valid, and there is no configuration; `--ledger` needs none. 64 would be a wrong command line.
        expect(result.returncode == (0 if "--ledger" in arguments else 78), f"`rollcall {line}` exits {result.returncode}: {result.stderr}")
    expect(len(found) >= 6, f"only {len(found)} command lines were found: {found}")
    return pod


def check_pod(pod):
    """The CronJob protects the ledger and restricts the pod."""
    job = list(yaml.safe_load_all((RUNNING / "kubernetes/cronjob.yaml").read_text()))[1]["spec"]
    container = pod["containers"][0]
    expect(job["concurrencyPolicy"] == "Forbid", "two jobs may run at once")
    expect(container["securityContext"]["readOnlyRootFilesystem"] is True, "the root file system can be written")
    mounts = {mount["name"]: mount for mount in container["volumeMounts"]}
    expect({volume["name"] for volume in pod["volumes"]} == set(mounts), "volumes and mounts differ")
    ledger = container["env"][0]
    expect(ledger["value"].startswith(mounts["ledger"]["mountPath"] + "/"), "the ledger is not on its volume")
    expect([name for name, mount in mounts.items() if not mount.get("readOnly")] == ["ledger", "tmp"], "too much can be written")
    # A ConfigMap shows each file as a link to a link; the ConfigMap of a subfolder is mounted inside.
    folder = WORK / "groups"
    for number, policies in enumerate([folder / "policies", folder / "policies/north"], 1):
        (policies / "..2026").mkdir(parents=True)
        (policies / "..data").symlink_to("..2026")
        for name, text in [
            ("a.yaml", f"session: S\ngroups: {{ {number}@g.us: {{ members: [{{ csv: a.csv }}] }} }}\n"),
            ("a.csv", f"phone\n+62 812-5550-010{number}\n"),
        ]:
            (policies / "..2026" / name).write_text(text)
            (policies / name).symlink_to(f"..data/{name}")
    (folder / "rollcall.yaml").write_text("gateway: { url: https://gateway.example.com }\npolicies: [policies]\n")
    result = run(PROGRAM, "validate", cwd=folder)
    expect(result.stdout.startswith("valid: 4 files, 2 groups, 2 people"), f"ConfigMaps are read as: {result.stdout}{result.stderr}")
    # The lines for a subfolder are right once they are uncommented.
    text = (RUNNING / "kubernetes/cronjob.yaml").read_text()
    text, count = re.subn(r"^( +)# (- name: policies-north|  .*)$", r"\1\2", text, flags=re.M)
    expect(count == 6, f"{count} lines are commented out")
    (WORK / "north.yaml").write_text(text)
    checked = run(pathlib.Path(sys.executable).parent / "kubernetes-validate", "--strict", WORK / "north.yaml")
    expect(checked.returncode == 0, f"with a subfolder: {checked.stdout}{checked.stderr}")
    pod = list(yaml.safe_load_all(text))[1]["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    mounts = {mount["name"]: mount["mountPath"] for mount in pod["containers"][0]["volumeMounts"]}
    expect({volume["name"] for volume in pod["volumes"]} == set(mounts), "with a subfolder, volumes and mounts differ")
    expect(mounts.get("policies-north") == "/groups/policies/north", "the subfolder is mounted elsewhere")


def check_libraries():
    """Each library that the program loads is in a package of the image, except Swift's own, which the image links in."""
    text = (RUNNING / "Containerfile").read_text().split("FROM debian")[1]
    packages = re.search(r"--no-install-recommends (.*?) \\", text)[1].split()
    options = ["--no-recommends", "--no-suggests", "--no-conflicts", "--no-breaks", "--no-replaces", "--no-enhances"]
    listing = run("apt-cache", "depends", "--recurse", "--installed", *options, *packages).stdout
    closure = set(re.findall(r"^(\w[^\s:]*)", listing, re.M))
    count = 0
    for line in run("ldd", PROGRAM).stdout.splitlines():
        library = re.search(r"=> (/\S+)", line)
        if not library or "/swift/" in library[1]:
            continue
        owner = run("dpkg", "-S", os.path.realpath(library[1])).stdout or run("dpkg", "-S", library[1]).stdout
        package = owner.split(":")[0]
        count += 1
        expect(package in closure, f"{library[1]} of the package {package!r} is not in the image")
    expect(count >= 5, f"ldd showed only {count} libraries")


def check_comment():
    """The comment step makes one comment, then updates it, and never changes other people's comments."""
    script = github_step("plan.yml", "plan", "Comment")
    folder = WORK / "comment"
    folder.mkdir()
    stub(
        folder / "gh",
        'case "$*" in\n'
        '*--paginate*) while [ "$1" != --jq ]; do shift; done; jq -r "$2" "$STUB/comments.json" ;;\n'
        '*) echo "$*" >>"$STUB/calls" ;;\n'
        "esac\n",
    )
    environment = {
        "PATH": f"{folder}:{os.environ['PATH']}", "STUB": str(folder), "RUNNER_TEMP": "/t",
        "GITHUB_REPOSITORY": "o/r", "PULL_REQUEST": "7",
    }
    stranger = '{"id": 1, "user": {"login": "mallory"}, "body": "<!-- rollcall plan -->"}'
    other = '{"id": 2, "user": {"login": "github-actions[bot]"}, "body": "Lint: fine"}'
    mine = '{"id": %d, "user": {"login": "github-actions[bot]"}, "body": "<!-- rollcall plan -->\\nPlan"}'
    for comments in [[stranger, other], [stranger, other, mine % 3, mine % 4]]:
        (folder / "comments.json").write_text(f"[{', '.join(comments)}]")
        result = run("bash", "-eo", "pipefail", "-c", script, env=environment)
        expect(result.returncode == 0, f"the comment step: {result.stderr}")
    expect(
        (folder / "calls").read_text().splitlines()
        == [
            "api --method POST repos/o/r/issues/7/comments --field body=@/t/plan.md",
            "api --method PATCH repos/o/r/issues/comments/3 --field body=@/t/plan.md",
        ],
        f"the calls are {(folder / 'calls').read_text()}",
    )
    mark = re.search(r'static let mark = "(.*)"', pathlib.Path("Sources/Reports/Plan/PlanMarkdown.swift").read_text())[1]
    for file in ["github/plan.yml", "gitlab/.gitlab-ci.yml"]:
        expect(mark in (RUNNING / file).read_text(), f"{file} lacks the mark {mark}")


def check_no_plan():
    """If there is no plan, the comment says so and quotes nothing."""
    folder = WORK / "no-plan"
    folder.mkdir()
    stub(folder / "docker", 'echo "docker" >>"$STUB/calls"; printf "%s" "$PLANNED"; exit "$CODE"\n')
    script = github_step("plan.yml", "plan", "Plan")
    for validated, code, ended, heading, calls in [
        ("0", 2, "2", "the plan", 1),
        ("0", 69, "69", "### There is no plan (exit code 69)", 1),
        ("65", 0, "65", "### The policy is invalid", 0),
        ("", 0, "1", "### There is no plan (exit code 1)", 0),
    ]:
        for name in ["calls", "output", "plan.md"]:
            (folder / name).write_text("")
        environment = {
            "PATH": f"{folder}:{os.environ['PATH']}", "STUB": str(folder), "RUNNER_TEMP": str(folder), "IMAGE": "i",
            "GITHUB_OUTPUT": str(folder / "output"), "VALIDATED": validated, "CODE": str(code), "COMMIT": "c0ffee",
            "PLANNED": "<!-- rollcall plan -->\nthe plan\n",
        }
        result = run("bash", "-eo", "pipefail", "-c", script, env=environment, cwd=folder)
        lines = (folder / "plan.md").read_text().splitlines()
        expect(result.returncode == 0, f"the plan step, {validated!r} and {code}: {result.stderr}")
        expect((folder / "output").read_text() == f"code={ended}\n", f"{validated!r} and {code} give {(folder / 'output').read_text()}")
        expect(lines[:2] == ["<!-- rollcall plan -->", heading], f"{validated!r} and {code} are reported as {lines}")
        expect(len((folder / "calls").read_text().splitlines()) == calls, f"{validated!r}: planned without a valid policy")
    steps = yaml.safe_load((RUNNING / "github/plan.yml").read_text())["jobs"]
    expect("!cancelled()" in steps["plan"]["if"] and "code" in steps["validate"]["outputs"], "an invalid policy is not reported")


def check_note():
    """The note job updates its own note, on whatever page it is, and never changes other people's notes."""
    folder = WORK / "note"
    folder.mkdir()
    stub(folder / "apt-get", "")
    stub(
        folder / "curl",
        'url=${!#}\n'
        'case "$*" in\n'
        '*--request*) echo "$*" | sed "s/.*--request/--request/" >>"$STUB/calls"; jq -r .body note.json >>"$STUB/calls" ;;\n'
        '*/user) echo \'{ "id": 7 }\' ;;\n'
        '*) cat "$STUB/page-${url##*&page=}.json" ;;\n'
        "esac\n",
    )
    script = gitlab_script("comment")
    mark = "<!-- rollcall plan -->\\nPlan"
    stranger = '{"id": 1, "system": false, "author": {"id": 8}, "body": "%s"}' % mark
    other = '{"id": 2, "system": false, "author": {"id": 7}, "body": "Lint: fine"}'
    mine = '{"id": 3, "system": false, "author": {"id": 7}, "body": "%s"}' % mark
    for pages, plan, method, address, body in [
        ([[stranger, other]], "the plan", "POST", "notes", ["the plan"]),
        ([[stranger, mine]], "the plan", "PUT", "notes/3", ["the plan"]),
        ([[stranger] * 100, [other] * 100, [mine]], "the plan", "PUT", "notes/3", ["the plan"]),
        ([[stranger] * 100, []], "the plan", "POST", "notes", ["the plan"]),
        ([[mine]], "", "PUT", "notes/3", ["<!-- rollcall plan -->", "### There is no plan"]),
        ([[mine]], None, "PUT", "notes/3", ["<!-- rollcall plan -->", "### There is no plan"]),
    ]:
        for path in folder.glob("*.*"):
            path.unlink()
        (folder / "calls").write_text("")
        if plan is not None:
            (folder / "plan.md").write_text(plan)
        for number, notes in enumerate(pages, 1):
            (folder / f"page-{number}.json").write_text(f"[{', '.join(notes)}]")
        environment = {
            "PATH": f"{folder}:{os.environ['PATH']}", "STUB": str(folder), "CI_API_V4_URL": "https://g/api/v4", "NOTE_TOKEN": "t",
            "CI_PROJECT_ID": "5", "CI_MERGE_REQUEST_IID": "6", "CI_COMMIT_SHA": "c0ffee",
        }
        result = run("bash", "-eo", "pipefail", "-c", script, env=environment, cwd=folder)
        expect(result.returncode == 0, f"the note job: {result.stderr}")
        calls = (folder / "calls").read_text().splitlines()
        expect(
            [call for call in calls if "--request" in call]
            == [
                f"--request {method} --header Content-Type: application/json --data @note.json --output /dev/null "
                f"https://g/api/v4/projects/5/merge_requests/6/{address}"
            ],
            f"the calls are {calls}",
        )
        expect(calls[1 : 1 + len(body)] == body, f"the note is {calls[1:]}")
        expect((folder / "curl.conf").stat().st_mode & 0o077 == 0, "others can read the token of notes")
    job = yaml.safe_load((RUNNING / "gitlab/.gitlab-ci.yml").read_text())["comment"]
    expect(job["rules"][0]["when"] == "always", "an invalid policy leaves the note as it is")


def check_logs():
    """No phone number gets into a log that others can read, and the exit code does not change."""
    folder = WORK / "logs"
    folder.mkdir()
    stub(
        folder / "rollcall",
        'case $1 in\napply) echo "  + add  +6281255500101"; echo "rollcall: error: why" >&2; exit "$CODE" ;;\n'
        'history) echo "RUN counts" ;;\nplan) touch "$3"; echo "masked" ;;\nesac\n',
    )
    for code in [0, 4, 65]:
        environment = {"PATH": f"{folder}:{os.environ['PATH']}", "PLAN": str(folder / "plan-2.json"), "CODE": str(code)}
        for name, script in [("GitHub", github_step("apply.yml", "apply", "Apply")), ("GitLab", gitlab_script("apply"))]:
            result = run("bash", "-eo", "pipefail", "-c", script, env=environment)
            expect(result.returncode == code, f"{name}: {code} became {result.returncode}")
            expect("+62812" not in result.stdout + result.stderr, f"{name} shows numbers: {result.stdout}")
            expect("RUN counts" in result.stdout and "why" in result.stderr, f"{name} shows nothing: {result.stdout}")

        # The cron line, with an existing log that everyone can read.
        line = (RUNNING / "crontab").read_text().splitlines()[-1].split("  ", 1)[1].replace("/srv/groups", str(folder))
        (folder / "token").write_text("t")
        (folder / "apply.log").write_text("old")
        (folder / "apply.log").chmod(0o644)
        result = run("sh", "-c", line, env=environment, umask=0o022)
        expect((folder / "apply.log").stat().st_mode & 0o777 == 0o600, "others can read the log of cron's run")
        expect(bool(result.stdout) == (code != 0), f"cron mails {result.stdout!r} for {code}")

    # The pod's command, with its program replaced.
    container = list(yaml.safe_load_all((RUNNING / "kubernetes/cronjob.yaml").read_text()))[1]
    container = container["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"][0]
    result = run(*container["command"][:-1], folder / "rollcall", *container["args"], env=environment)
    expect((result.returncode, result.stdout) == (65, "") and "why" in result.stderr, f"the pod shows {result.stdout}{result.stderr}")

    # The next plan deletes a plan that nobody approved.
    (folder / "plan-1.json").write_text("{}")
    environment["GITHUB_STEP_SUMMARY"] = str(folder / "summary")
    result = run("bash", "-eo", "pipefail", "-c", github_step("apply.yml", "plan", "Plan"), env=environment)
    expect(result.returncode == 0, f"the plan step before apply: {result.stderr}")
    expect([path.name for path in folder.glob("plan-*")] == ["plan-2.json"], "an old plan stays")


def check_journal():
    """A run's output stays out of the journal, since others than root may read it."""
    unit = (RUNNING / "systemd/rollcall.service").read_text()
    expect("\nStandardOutput=null\n" in unit, "the journal contains the plan")


check_pod(check_commands())
check_libraries()
check_comment()
check_no_plan()
check_note()
check_logs()
check_journal()
print("\n".join(failures) or "ok")
sys.exit(bool(failures))
