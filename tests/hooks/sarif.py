#!/usr/bin/env python3
"""Holds what `check --format sarif` prints against the published schema of SARIF 2.1.0.

`sarif.py PROGRAM` has PROGRAM check the Score files of every case and example. The schema comes with a crate that Cargo
fetches; where it cannot be had, or jsonschema is missing, this is said and nothing is held.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
CRATE = '[package]\nname = "schema"\nversion = "0.0.0"\n\n[dependencies]\nserde-sarif = "=0.8.0"\n'


def schema(folder):
    """The schema; nothing where Cargo cannot fetch it."""
    (folder / "src").mkdir()
    (folder / "src/lib.rs").touch()
    (folder / "Cargo.toml").write_text(CRATE)
    asked = subprocess.run(["cargo", "metadata", "--format-version", "1"], cwd=folder, capture_output=True, text=True)
    if asked.returncode:
        return None
    crates = json.loads(asked.stdout)["packages"]
    home = next(pathlib.Path(crate["manifest_path"]).parent for crate in crates if crate["name"] == "serde-sarif")
    return json.loads((home / "src/schema.json").read_text())


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    try:
        import jsonschema
    except ImportError:
        print("left out: the schema of SARIF needs jsonschema")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        wanted = schema(pathlib.Path(folder))
    if wanted is None:
        print("left out: the schema of SARIF cannot be fetched")
        return 0
    judge = jsonschema.validators.validator_for(wanted)(wanted, format_checker=jsonschema.FormatChecker())
    files, results, wrong = 0, 0, []
    for home in sorted([*ROOT.glob("tests/cases/*"), *ROOT.glob("examples/*")]):
        scores = sorted(path.name for path in home.glob("*.yaml"))
        if not scores:
            continue
        run = subprocess.run([program, "check", "--format", "sarif", *scores], cwd=home, capture_output=True, text=True)
        said = json.loads(run.stdout)
        files += 1
        results += sum(len(part["results"]) for part in said["runs"])
        wrong += [f"{home.name}: {'/'.join(map(str, error.path))}: {error.message}" for error in judge.iter_errors(said)]
    print("\n".join(wrong))
    print(f"{files} files with {results} results")
    enough = files > 100 and results > 300
    print(f"test result: {'ok' if enough and not wrong else 'FAILED'}. {files - len(wrong)} passed; {len(wrong)} failed")
    return 0 if enough and not wrong else 1


if __name__ == "__main__":
    sys.exit(main())
