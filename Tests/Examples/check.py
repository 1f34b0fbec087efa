"""What no tool knows of the examples: the options of rollcall, the libraries of the image, and one comment for each pull request."""

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


def check_commands():
    """Every command line of rollcall is one that the program takes: with --help it says so and does nothing."""
    texts = [path.read_text() for path in RUNNING.rglob("*") if path.is_file() and path.suffix != ".md"]
    found = set()
    for text in texts:
        text = text.replace("\\\n", " ")
        found |= set(re.findall(r'(?:(?<!<!-- )rollcall|"\$IMAGE") +((?:apply|plan|validate)\b[^>|\n&]*)', text))
    container = list(yaml.safe_load_all((RUNNING / "kubernetes/cronjob.yaml").read_text()))[1]
    pod = container["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    found.add(" ".join(pod["containers"][0]["args"]))
    for line in sorted(found):
        arguments = [word.strip('"').replace("$PLAN", "plan.json") for word in line.split()]
        result = run(PROGRAM, *arguments, "-c", "/nowhere/rollcall.yaml", env={"ROLLCALL_LEDGER": str(WORK / "l")})
        # 78: the command line is good, and there is no configuration; 65: no saved plan. 64 would be a wrong command line.
        expect(result.returncode == (65 if "plan.json" in arguments[1:2] else 78), f"`rollcall {line}` exits {result.returncode}: {result.stderr}")
    expect(len(found) >= 6, f"only {len(found)} command lines were found: {found}")
    return pod


def check_pod(pod):
    """What keeps the ledger safe and the pod small."""
    job = list(yaml.safe_load_all((RUNNING / "kubernetes/cronjob.yaml").read_text()))[1]["spec"]
    container = pod["containers"][0]
    expect(job["concurrencyPolicy"] == "Forbid", "two jobs may run at once")
    expect(container["securityContext"]["readOnlyRootFilesystem"] is True, "the root file system can be written")
    mounts = {mount["name"]: mount for mount in container["volumeMounts"]}
    expect({volume["name"] for volume in pod["volumes"]} == set(mounts), "volumes and mounts differ")
    ledger = container["env"][0]
    expect(ledger["value"].startswith(mounts["ledger"]["mountPath"] + "/"), "the ledger is not on its volume")
    expect([name for name, mount in mounts.items() if not mount.get("readOnly")] == ["ledger", "tmp"], "too much can be written")
    # A ConfigMap shows each file as a link to a link.
    folder = WORK / "groups"
    (folder / "policies/..2026").mkdir(parents=True)
    (folder / "rollcall.yaml").write_text("gateway: { url: https://gateway.example.com }\npolicies: [policies]\n")
    (folder / "policies/..data").symlink_to("..2026")
    for name, text in [
        ("a.yaml", "session: S\ngroups: { 1@g.us: { members: [{ csv: a.csv }] } }\n"),
        ("a.csv", "phone\n+62 812-5550-0101\n"),
    ]:
        (folder / "policies/..2026" / name).write_text(text)
        (folder / "policies" / name).symlink_to(f"..data/{name}")
    result = run(PROGRAM, "validate", cwd=folder)
    expect(result.stdout.startswith("valid: 2 files, 1 group, 1 person"), f"a ConfigMap is read so: {result.stdout}")


def check_libraries():
    """Each library that the program loads, but for Swift's own, which the image links in, is in a package of the image."""
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
    expect(count >= 5, f"ldd showed {count} libraries")


def check_comment():
    """The step that comments makes one comment, then changes it, and leaves those of others alone."""
    workflow = yaml.safe_load((RUNNING / "github/plan.yml").read_text())
    script = next(step["run"] for step in workflow["jobs"]["plan"]["steps"] if step.get("name") == "Comment")
    folder = WORK / "comment"
    folder.mkdir()
    stub = folder / "gh"
    stub.write_text(
        "#!/usr/bin/env bash\n"
        'case "$*" in\n'
        '*--paginate*) while [ "$1" != --jq ]; do shift; done; jq -r "$2" "$STUB/comments.json" ;;\n'
        '*) echo "$*" >>"$STUB/calls" ;;\n'
        "esac\n"
    )
    stub.chmod(0o755)
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
        expect(result.returncode == 0, f"the step that comments: {result.stderr}")
    expect(
        (folder / "calls").read_text().splitlines()
        == [
            "api --method POST repos/o/r/issues/7/comments --field body=@/t/plan.md",
            "api --method PATCH repos/o/r/issues/comments/3 --field body=@/t/plan.md",
        ],
        f"the calls are {(folder / 'calls').read_text()}",
    )
    mark = re.search(r'static let mark = "(.*)"', pathlib.Path("Sources/Reports/PlanMarkdown.swift").read_text())[1]
    for file in ["github/plan.yml", "gitlab/.gitlab-ci.yml"]:
        expect(mark in (RUNNING / file).read_text(), f"{file} does not know the mark {mark}")


check_pod(check_commands())
check_libraries()
check_comment()
print("\n".join(failures) or "ok")
sys.exit(bool(failures))
