"""Runs the commands of docs/guide.md and of the README's first steps exactly as written, and compares their output.

The rules:

1. The check runs every block fenced as `sh`, in order, all of a document in one bash with `set -e` and `pipefail`: a command
   that does not exit with 0 ends the check. A command that should fail says so, as in `… || echo "exit code $?"`.
2. A block fenced as `text` is the whole output of the `sh` block before it, standard error included. In it … matches any
   characters of a line, and a line with only … matches any number of lines. Space at the ends of lines does not count.
3. A block below a line `<!-- file: NAME -->`, which Markdown does not show, is written to that file.
4. The check skips every other block, such as `console`: it needs a real gateway, or another machine.

The bash starts in a copy of the project, with its own home and no Rollcall settings in its environment. The programs are
already built, so `make build` does nothing there. In the README, a simulated gateway replaces the real one, `wa_readme`
replaces its token `wa_…`, and `rollcall apply` gets `--yes`, since nobody is there to answer.
"""

import difflib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

SECONDS = 180
FENCE = re.compile(r"^```(\w*)\s*$")
FILE = re.compile(r"^<!-- file: (\S+) -->$")


class Block:
    def __init__(self, language, line, file=None):
        self.language, self.line, self.file, self.lines = language, line, file, []

    @property
    def text(self):
        return "".join(line + "\n" for line in self.lines)


def blocks(path, section=None):
    """The fenced blocks of a document, or of one of its sections."""
    found, block, heading, before = [], None, None, ""
    with open(path, encoding="utf-8") as document:
        for number, line in enumerate(document.read().splitlines(), 1):
            fence = FENCE.match(line)
            if block is not None:
                if line == "```":
                    block = None
                else:
                    block.lines.append(line)
            elif fence:
                file = FILE.match(before)
                block = Block(fence[1], number, file[1] if file else None)
                if section is None or heading == section:
                    found.append(block)
            elif line.startswith("## "):
                heading = line[3:]
            before = line
    return found


def pattern(expected):
    """Returns a regular expression for the output that a `text` block allows."""
    parts = []
    for line in expected:
        if line.strip() == "…":
            parts.append(r"(?:.*\n)*?")
        else:
            parts.append(".*?".join(re.escape(piece) for piece in line.rstrip().split("…")) + r"\n")
    return re.compile("".join(parts))


def script(found, folder, prelude):
    """Returns one bash script for all blocks. The output of each block goes into its own file."""
    lines = ["set -eE -o pipefail", "make() { :; }", f"trap 'echo \"$BASH_COMMAND\" >{folder}/failed' ERR", *prelude]
    for number, block in enumerate(found):
        if block.file:
            lines += [f"mkdir -p \"$(dirname '{block.file}')\"", f"cat >'{block.file}' <<'END OF THE FILE'"]
            lines += [*block.lines, "END OF THE FILE"]
        elif block.language == "sh":
            lines += [f"echo {number} >{folder}/at", f"exec >{folder}/{number} 2>&1", block.text.replace("wa_…", "wa_readme")]
    return "\n".join(lines) + f"\necho done >{folder}/at\n"


def run(text, folder, clone, environment):
    """Runs the script, then kills all processes it left behind."""
    with open(f"{folder}/script", "w", encoding="utf-8") as file:
        file.write(text)
    process = subprocess.Popen(
        ["bash", f"{folder}/script"], cwd=clone, env=environment, start_new_session=True, stdin=subprocess.DEVNULL)
    try:
        process.wait(SECONDS)
    except subprocess.TimeoutExpired:
        print(f"It took more than {SECONDS} seconds.")
    finally:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()


def read(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def check(document, programs, shows, section=None, seed=None):
    """Whether a document's commands print what it says."""
    found = blocks(document, section)
    work = tempfile.mkdtemp(prefix="guide-")
    try:
        clone, folder = f"{work}/rollcall", f"{work}/said"
        os.makedirs(f"{clone}/.build")
        os.mkdir(folder)
        os.mkdir(f"{work}/home")
        os.symlink(programs, f"{clone}/.build/debug")
        for name in ["README.md", "docs", "examples"]:
            (shutil.copytree if os.path.isdir(name) else shutil.copy)(name, f"{clone}/{name}")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("ROLLCALL_", "GIT_"))}
        environment.update({f"GIT_{who}_{what}": "guide@example.com" if what == "EMAIL" else "Guide"
                            for who in ["AUTHOR", "COMMITTER"] for what in ["NAME", "EMAIL"]})
        environment.update(HOME=f"{work}/home", LC_ALL="C.UTF-8", GIT_CONFIG_NOSYSTEM="1")
        prelude = []
        if seed:
            shutil.copy(seed, f"{work}/gateway.yaml")
            prelude = [
                f"{programs}/gateway-simulator --seed {work}/gateway.yaml --port 0 --url-file {work}/url >{folder}/simulator 2>&1 &",
                f"until [ -s {work}/url ]; do kill -0 $!; sleep 0.1; done",
                f"export ROLLCALL_GATEWAY_URL=$(cat {work}/url)",
                'rollcall() { if [ "$*" = apply ]; then set -- apply --yes; fi; command rollcall "$@"; }',
            ]
        run(script(found, folder, prelude), folder, clone, environment)
        return judge(document, found, folder, shows)
    finally:
        shutil.rmtree(work)


def judge(document, found, folder, shows):
    """Compares the output with the page, and prints what differs."""
    at, isGood, commands = read(f"{folder}/at").strip(), True, 0
    for number, block in enumerate(found):
        if block.language == "sh" and not block.file:
            said = "".join(line.rstrip() + "\n" for line in read(f"{folder}/{number}").splitlines())
            if shows:
                print(f"--- {document}:{block.line}\n{block.text}--- said\n{said}")
            if at == str(number):
                failed = read(f"{folder}/failed").strip() or "a command"
                print(f"{document}:{block.line}: this failed: {failed}\nIts output:\n{said}")
                return False
            commands += 1
        elif block.language == "text":
            if number == 0 or found[number - 1].language != "sh":
                print(f"{document}:{block.line}: no `sh` block comes before this one")
                isGood = False
            elif not pattern(block.lines).fullmatch(said):
                same = {line: pattern([line]) for line in block.lines if "…" in line}
                shown = [next((page for page, rule in same.items() if page != "…" and rule.fullmatch(line + "\n")), line)
                         for line in said.splitlines()]
                differences = difflib.unified_diff(block.text.splitlines(), shown, "page", "output", lineterm="")
                print(f"{document}:{block.line}: the output differs from the page:", *differences, sep="\n")
                isGood = False
    if at != "done":
        print(f"{document}: the script did not finish")
        return False
    if commands == 0:
        print(f"{document}: no block was run")
        return False
    if isGood:
        print(f"{document}: {commands} blocks passed.")
    else:
        print(f"{document}: the page and the output differ; see above")
    return isGood


programs, shows = os.path.abspath(sys.argv[1]), "--show" in sys.argv[2:]
start = time.monotonic()
good = check("docs/guide.md", programs, shows)
good = check("README.md", programs, shows, "A first policy for a real gateway", "Tests/Guide/gateway.yaml") and good
print(f"It took {time.monotonic() - start:.0f} s.")
sys.exit(0 if good else 1)
