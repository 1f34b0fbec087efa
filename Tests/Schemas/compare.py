"""Compares the verdicts of the program and of the schemas on the same files.

A schema may be more lenient than the reader where this file lists it, and never stricter. Every file is read in the two
ways in which tools turn YAML into JSON: with the types of YAML 1.2, as editors do, and with those of YAML 1.1.
"""

import concurrent.futures
import json
import pathlib
import re
import subprocess
import sys

import jsonschema
import yaml

PROGRAM, WORK = sys.argv[1], pathlib.Path(sys.argv[2])
ROOT = pathlib.Path.cwd()
FIXTURES = ROOT / "Tests/PolicyFilesTests/Fixtures"

# The invalid fixtures that a schema accepts, each with what a schema cannot check.
READER_ONLY = {
    "policies/across-files/a.yaml": "a name that no file defines",
    "policies/across-files/b.yaml": "names and numbers that another file already has",
    "policies/duplicate-key.yaml": "a duplicate key",
    "policies/misspelt-name.yaml": "names that nothing defines",
    "policies/person-and-team-share-a-name.yaml": "one name for two things",
    "policies/several-gateways/groups.yaml": "which gateways there are",
    "policies/tags.yaml": "tags",
    "policies/team-cycle.yaml": "a team inside itself",
    "policies/two-documents.yaml": "two documents, each valid by itself",
    "policies/two-names-for-one-number.yaml": "a number with two names",
    "policies/unknown-gateway.yaml": "which gateways there are",
    "policies/utf-16.yaml": "the encoding",
}

CORE_TYPES = [
    ("null", re.compile(r"~|null|Null|NULL|")),
    ("bool", re.compile(r"true|True|TRUE|false|False|FALSE")),
    ("int", re.compile(r"[-+]?[0-9]+")),
    ("float", re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")),
]


class NotJSON(Exception):
    """The text is not YAML, or has no JSON form."""


class Reading:
    """One way to turn YAML into JSON."""

    def __init__(self, version):
        self.version = version
        self.constructor = yaml.constructor.SafeConstructor()

    def documents(self, data):
        try:
            nodes = list(yaml.compose_all(data, yaml.SafeLoader))
            self.done, self.open, self.values = {}, set(), 0
            return [self.value(node) for node in nodes]
        except (yaml.YAMLError, RecursionError, UnicodeError) as error:
            raise NotJSON(str(error)) from error

    def value(self, node):
        if node in self.done:
            # JSON would copy the value of each alias: an alias bomb has no JSON form.
            self.values += self.done[node][1]
            if self.values > 1_000_000:
                raise NotJSON("aliases that expand to more than a million values")
            return self.done[node][0]
        before, self.values = self.values, self.values + 1
        if node in self.open:
            raise NotJSON("an alias inside the value it names")
        self.open.add(node)
        if isinstance(node, yaml.MappingNode):
            self.constructor.flatten_mapping(node)
            result = {self.key(key): self.value(value) for key, value in node.value}
        elif isinstance(node, yaml.SequenceNode):
            result = [self.value(item) for item in node.value]
        else:
            result = self.scalar(node)
        self.open.discard(node)
        self.done[node] = (result, self.values - before)
        return result

    def key(self, node):
        if not isinstance(node, yaml.ScalarNode):
            raise NotJSON("a key that is not text")
        return node.value

    def scalar(self, node):
        text = node.value
        if node.style is not None:
            return text
        if self.version == "1.1":
            if node.tag.rsplit(":", 1)[-1] in ("null", "bool", "int", "float"):
                return self.constructor.construct_object(node)
            return text
        for kind, pattern in CORE_TYPES:
            if pattern.fullmatch(text):
                return {
                    "null": lambda: None,
                    "bool": lambda: text.lower() == "true",
                    "int": lambda: int(text),
                    "float": lambda: float(text),
                }[kind]()
        return text


READINGS = [Reading("1.2"), Reading("1.1")]
VALIDATORS = {
    kind: jsonschema.Draft202012Validator(
        json.loads((ROOT / f"Sources/Commands/Schemas/{kind}.schema.json").read_text()),
        format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER,
    )
    for kind in ("config", "policy", "plan")
}


def schema_accepts(kind, data, reading):
    try:
        documents = reading.documents(data)
    except NotJSON:
        return False
    # An empty file is null.
    return all(VALIDATORS[kind].is_valid(document) for document in documents or [None])


def run(*arguments):
    return subprocess.run([PROGRAM, *map(str, arguments)], cwd=WORK / "nowhere", capture_output=True, text=True)


def complaints(*arguments):
    result = run("validate", *arguments)
    if result.returncode not in (0, 65, 78):
        sys.exit(f"rollcall validate {arguments}: {result.returncode}\n{result.stderr}")
    return result.returncode, result.stdout


def reader_accepts(kind, file):
    """Whether the reader accepts a file by itself."""
    if kind == "config":
        return complaints("-c", file)[0] != 78
    return complaints(file)[0] == 0


failures, counts = [], {"both": 0, "neither": 0, "reader": 0}


def judge(name, kind, data, reader, expected):
    """Compares the reader's verdict with the schema's, in both readings."""
    for reading in READINGS:
        schema = schema_accepts(kind, data, reading)
        found = {(True, True): "both", (False, False): "neither", (False, True): "reader"}.get(
            (reader, schema), "schema"
        )
        # With YAML 1.1, whether the schema also refuses what the reader refuses does not matter. It must never refuse a
        # valid file.
        if found != expected and not (reading.version == "1.1" and {found, expected} == {"neither", "reader"}):
            failures.append(f"{name} (YAML {reading.version}): expected {expected}, found {found}")
        elif reading.version == "1.2":
            counts[found] += 1


def fixture_verdicts():
    """Yields each fixture with its kind and whether the reader accepts it."""
    for path in sorted((FIXTURES / "configurations").iterdir()):
        yield path, "config", reader_accepts("config", path)
    for path in sorted((FIXTURES / "policies").iterdir()):
        if path.is_file():
            yield path, "policy", reader_accepts("policy", path)
            continue
        configuration = path / "rollcall.yaml"
        verdict = complaints("-c", configuration) if configuration.exists() else complaints(path)
        if configuration.exists():
            yield configuration, "config", verdict[0] != 78
        for file in sorted(path.glob("*.yaml")):
            if file != configuration:
                prefix = re.escape(str(file))
                yield file, "policy", not re.search(rf"^({prefix}|{re.escape(file.name)}):", verdict[1], re.M)


def good_files():
    """Yields the folders of the project whose files must be valid."""
    for folder in sorted((ROOT / "examples").glob("*/rollcall.yaml")):
        yield folder.parent
    init = WORK / "init"
    result = run("init", init)
    if result.returncode != 0:
        sys.exit(result.stderr)
    yield init
    documentation = WORK / "documentation"
    for block in re.finditer(r"^```(yaml|csv)\n# (\S+)\n(.*?)^```", (ROOT / "docs/policy.md").read_text(), re.M | re.S):
        file = documentation / block[2]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(block[3])
    yield documentation


def main():
    (WORK / "nowhere").mkdir()
    for path, kind, reader in fixture_verdicts():
        name = str(path.relative_to(FIXTURES))
        expected = "reader" if name in READER_ONLY else "both" if reader else "neither"
        judge(name, kind, path.read_bytes(), reader, expected)

    for folder in good_files():
        status, output = complaints("-c", folder / "rollcall.yaml")
        if status != 0:
            failures.append(f"{folder}: the reader refuses it\n{output}")
        files = [(folder / "rollcall.yaml", "config")]
        files += [(path, "policy") for path in sorted(folder.glob("policies/**/*.yaml"))]
        for path, kind in files:
            judge(f"{folder.name}/{path.name}", kind, path.read_bytes(), True, "both")
            modeline = re.match(r"# yaml-language-server: \$schema=(\S+)\n", path.read_text())
            if modeline:
                named = (path.parent / modeline[1]).read_bytes()
                if named != (ROOT / f"Sources/Commands/Schemas/{kind}.schema.json").read_bytes():
                    failures.append(f"{path.name}: {modeline[1]} is not the schema of a {kind}")
            elif folder.name == "init":
                failures.append(f"{path.name}: its first line does not name its schema")
    for block in re.findall(r"^```yaml\n((?:version: 1|gateways:)\n.*?)^```", (ROOT / "docs/policy.md").read_text(), re.M | re.S):
        judge("docs/policy.md: " + block.split("\n")[0], "config", block.encode(), True, "both")

    probes = []
    for kind, groups in yaml.safe_load((ROOT / "Tests/Schemas/probes.yaml").read_text()).items():
        for group in groups:
            for expected in ("both", "neither", "reader"):
                for value in group.get(expected, []):
                    file = WORK / f"probe{len(probes)}.yaml"
                    file.write_text(group["file"].replace("@@", value))
                    probes.append((file, kind, expected))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        readers = list(pool.map(lambda probe: reader_accepts(probe[1], probe[0]), probes))
    for (file, kind, expected), reader in zip(probes, readers):
        judge(file.read_text(), kind, file.read_bytes(), reader, expected)

    print("\n".join(failures))
    print(
        f"{counts['both']} files accepted by both, {counts['neither']} refused by both, "
        f"{counts['reader']} refused by the reader only, as listed; {len(failures)} failures"
    )
    sys.exit(bool(failures))


main()
