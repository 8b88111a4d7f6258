#!/usr/bin/env python3
"""Shows what every built-in type makes to the tools that others judge it with.

`run.py PROGRAM` generates the example of each page in docs/types for both targets, Kubernetes with `--hardening restricted`,
and asks the tools that are on PATH: docker-compose, kube-linter, kube-score, polaris, and an API server where
`MATRIX_SERVER` is the address and `MATRIX_TOKEN` the token of one (each object as a dry run with strict fields, in a
namespace that warns of what Pod Security "restricted" refuses). A tool that is not there is named and left out. With
`--write` the answers go into results.json beside this script, which docs/matrix.md is made from.
"""
import hashlib
import json
import os
import pathlib
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request

import yaml

HERE = pathlib.Path(__file__).parent
PAGES = HERE.parent.parent / "docs" / "types"
KEPT = HERE / "results.json"
NAMESPACE = "matrix"


def run(words, folder):
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False, timeout=300)


def kube_linter(folder):
    ran = run(["kube-linter", "lint", "--format", "json", "manifests.yaml"], folder)
    found = json.loads(ran.stdout).get("Reports") or []
    return sorted({f"{one['Check']} ({one['Object']['K8sObject']['Name']})" for one in found})


def kube_score(folder):
    said = run(["kube-score", "score", "manifests.yaml", "-o", "ci"], folder).stdout.splitlines()
    return sorted({line.removeprefix("[CRITICAL] ") for line in said if line.startswith("[CRITICAL]")})


def polaris(folder):
    ran = run(["polaris", "audit", "--audit-path", "manifests.yaml", "--format", "json"], folder)
    found = []

    def look(part, name):
        if isinstance(part, dict):
            if part.get("Success") is False and part.get("Severity") == "danger":
                found.append(f"{part['ID']} ({name})")
            for inner in part.values():
                look(inner, name)
        elif isinstance(part, list):
            for inner in part:
                look(inner, name)

    for result in json.loads(ran.stdout)["Results"]:
        look(result, result["Name"])
    return sorted(set(found))


def docker_compose(folder):
    ran = run(["docker-compose", "-f", "compose.yaml", "config", "--quiet"], folder)
    return ran.stderr.strip().splitlines() if ran.returncode or ran.stderr.strip() else []


class Server:
    """An API server that nobody's objects stay on."""

    def __init__(self):
        self.address, self.kinds = os.environ.get("MATRIX_SERVER", ""), {}
        if not self.address:
            return
        groups = ["api/v1"] + ["apis/" + one["groupVersion"] for group in self.ask("/apis")[1]["groups"] for one in group["versions"]]
        for group in groups:
            for kind in self.ask(f"/{group}")[1].get("resources", []):
                if "/" not in kind["name"]:
                    self.kinds[group.split("/", 1)[1], kind["kind"]] = (group, kind["name"], kind["namespaced"])
        labels = {f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("warn", "enforce")}
        self.ask("/api/v1/namespaces", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE, "labels": labels}})

    def ask(self, path, body=None):
        head = {"Authorization": f"Bearer {os.environ.get('MATRIX_TOKEN', '')}", "Content-Type": "application/json"}
        asked = urllib.request.Request(self.address + path, data=json.dumps(body).encode() if body else None, headers=head)
        try:
            with urllib.request.urlopen(asked, context=ssl._create_unverified_context(), timeout=60) as answer:
                return answer.status, json.load(answer), answer.headers.get_all("Warning") or []
        except urllib.error.HTTPError as fault:
            return fault.code, json.load(fault), []

    def version(self):
        return self.ask("/version")[1]["gitVersion"]

    def judge(self, folder):
        found = []
        for doc in yaml.safe_load_all((folder / "manifests.yaml").read_text()):
            if not doc:
                continue
            name = f"{doc['kind']} {doc['metadata']['name']}"
            known = self.kinds.get((doc["apiVersion"], doc["kind"]))
            if known is None:
                found.append(f"{name}: the server has no such kind")
                continue
            group, plural, spaced = known
            place = f"/{group}/namespaces/{NAMESPACE}/{plural}" if spaced else f"/{group}/{plural}"
            code, answer, warnings = self.ask(f"{place}?dryRun=All&fieldValidation=Strict", doc)
            if code not in (200, 201):
                found.append(f"{name}: {answer.get('message')}")
            found += [f"{name}: {warning}" for warning in warnings]
        return found


def version(*words):
    ran = run(words, ".")
    found = re.search(r"v?[0-9]+\.[0-9]+\.[0-9]+[-.\w]*", ran.stdout + ran.stderr)
    if not found and shutil.which("go"):  # a build of one's own knows what it was built from
        ran = run(["go", "version", "-m", shutil.which(words[0])], ".")
        found = re.search(r"(?<=\t)v[0-9]\S+", next(filter(lambda line: "\tmod\t" in line, ran.stdout.splitlines()), ""))
    return found.group().removeprefix("v") if found else "of a build without a version"


def tools():
    """What is here: name in, version and how it judges a folder, by the file that it reads."""
    found = {}
    for name, words, file, judge in [
        ("docker-compose", ["version"], "compose.yaml", docker_compose),
        ("kube-linter", ["version"], "manifests.yaml", kube_linter),
        ("kube-score", ["version"], "manifests.yaml", kube_score),
        ("polaris", ["version"], "manifests.yaml", polaris),
    ]:
        if shutil.which(name):
            found[name] = (version(name, *words), file, judge)
        else:
            print(f"left out: {name} is not on PATH")
    server = Server()
    if server.address:
        found["kube-apiserver"] = (server.version().removeprefix("v"), "manifests.yaml", server.judge)
    else:
        print("left out: MATRIX_SERVER names no API server")
    return found


def generate(program, page, folder):
    """Both targets of a page's example; the digest of each file that tools read."""
    (folder / "score.yaml").write_text(page.read_text().split("```yaml\n")[1].split("```")[0])
    for file in ("api.yaml", "overrides.yaml"):
        shutil.copy(HERE / file, folder)
    (folder / ".env").write_text("GREETING=hello\nSTRIPE_API_KEY=key\n")
    digests = {}
    for target, file, more in [("compose", "compose.yaml", []), ("kubernetes", "manifests.yaml", ["--hardening", "restricted"])]:
        words = [program, "generate", "-t", target, "--env-file", ".env", "--overrides-file", "overrides.yaml", *more]
        ran = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False, env={**os.environ, "SIGHTREAD_SEED": "seed"})
        if ran.returncode:
            sys.exit(f"{page.stem} on {target}: {ran.stderr}")
        digests[file] = hashlib.sha256((folder / file).read_bytes()).hexdigest()[:16]
    return digests


def main(program, write):
    found, kept = tools(), json.loads(KEPT.read_text()) if KEPT.exists() else {}
    passed, failed, types = 0, 0, {}
    for page in sorted(PAGES.glob("*.md")):
        if page.stem == "README":
            continue
        with tempfile.TemporaryDirectory() as room:
            digests = generate(program, page, pathlib.Path(room))
            row = {}
            for name, (release, file, judge) in found.items():
                faults = judge(pathlib.Path(room))
                row[name] = {"version": release, "digest": digests[file], "faults": faults}
                passed, failed = passed + (not faults), failed + bool(faults)
                for fault in faults:
                    print(f"FAILED: {page.stem}: {name}: {fault}")
            # What was not asked this time keeps its former answer, which says what it was about.
            types[page.stem] = {**kept.get(page.stem, {}), **row}
    if write:
        KEPT.write_text(json.dumps(types, indent=1, sort_keys=True) + "\n")
    print(f"test result: {'FAILED' if failed else 'ok'}. {passed} passed; {failed} failed; 0 ignored")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(os.path.abspath(sys.argv[1]), "--write" in sys.argv[2:]))
