#!/usr/bin/env python3
"""Holds the release build to its budget: size, dependencies, instructions.

    python3 benches/budget.py [--bin target/release/sightread] [--update]

Instructions are counted by valgrind where it is installed: unlike wall time they hardly change with what else a machine
does. They are compared with benches/baseline.json, which `--update` writes anew, and with each other: one more workload may
cost no more among many than among few. The C library and a few crates choose code by the processor, and large runs share
work among as many threads as there are processors: that moves the counts by a few percent, which is what the tolerance is
for. The baseline is of an x86-64 processor with AVX2 on Linux; elsewhere the counts are shown and hold nobody up.
"""

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
BASELINE = HERE / "baseline.json"
MAX_BYTES = 12_000_000
MAX_DEPENDENCIES = 170
ASYNC = ("tokio", "async-std", "smol", "mio", "hyper", "futures-executor")
TOLERANCE = 0.10
FEW, MANY = 100, 300
# Looking a path up takes longer among more of them, by a logarithm.
GROWTH = 0.10


def size(binary):
    found = binary.stat().st_size
    print(f"size: {found / 1e6:.1f} MB of {MAX_BYTES / 1e6:.0f} MB")
    return found <= MAX_BYTES


def dependencies():
    tree = ["cargo", "tree", "--locked", "--edges", "normal", "--prefix", "none", "--format", "{p}"]
    lines = subprocess.run(tree, cwd=HERE.parent, check=True, capture_output=True, text=True).stdout.splitlines()
    names = {" ".join(line.split()[:2]) for line in lines if line.strip()}
    running = sorted(name for name in names if name.split()[0] in ASYNC)
    print(f"dependencies: {len(names) - 1} of {MAX_DEPENDENCIES}; async runtimes: {', '.join(running) or 'none'}")
    return len(names) - 1 <= MAX_DEPENDENCIES and not running


def instructions(binary, arguments, folder):
    """How many instructions one run takes."""
    counted = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={os.devnull}", binary, *arguments]
    seed = {**os.environ, "SIGHTREAD_SEED": "a seed that is only used by benchmarks"}
    run = subprocess.run(counted, cwd=folder, env=seed, capture_output=True, text=True, check=True)
    return int(re.search(r"Collected : (\d+)", run.stderr).group(1))


def counts(binary):
    """The instructions of each kind of run."""
    text = (HERE / "workload.yaml").read_text()
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        files = [f"workload-{number}.yaml" for number in range(MANY)]
        for number, name in enumerate(files):
            (Path(folder) / name).write_text(text.replace("@", str(number)))
        found["version"] = instructions(binary, ["--version"], folder)
        for target in ("compose", "kubernetes"):
            for many in (1, FEW, MANY):
                arguments = ["generate", "-t", target, "-o", f"{target}.yaml", *files[:many]]
                found[f"{target}/{many}"] = instructions(binary, arguments, folder)
    return found


def comparable():
    """Whether this machine chooses the code that the baseline was counted with."""
    about = Path("/proc/cpuinfo")
    return platform.machine() == "x86_64" and about.exists() and " avx2 " in about.read_text()


def growth(found):
    """Whether the next workload costs the same however many there are."""
    fine = True
    for target in ("compose", "kubernetes"):
        one, few, many = (found[f"{target}/{number}"] for number in (1, FEW, MANY))
        change = (many - few) / (MANY - FEW) / ((few - one) / (FEW - 1)) - 1
        word = "TOO MUCH" if change > GROWTH else "fine"
        print(f"one more workload of {MANY} on {target} against one of {FEW}: {change:+.1%}, {word}")
        fine &= change <= GROWTH
    return fine


def speed(binary, update):
    if shutil.which("valgrind") is None:
        print("instructions: NOT COUNTED, valgrind is not installed")
        return True
    found = counts(binary)
    fine = growth(found)
    found = {name: many for name, many in found.items() if not name.endswith(f"/{MANY}")}
    if update:
        BASELINE.write_text(json.dumps(found, indent=2) + "\n")
        print(f"instructions: {BASELINE.name} written anew")
        return fine
    if not BASELINE.exists() or not comparable():
        found = ", ".join(f"{name} {many / 1e6:.2f} million" for name, many in found.items())
        missing = f"there is no {BASELINE.name} (--update writes one)"
        why = missing if not BASELINE.exists() else "this processor chooses other code than the baseline's"
        print(f"instructions: NOT COMPARED, {why}: {found}")
        return fine
    for name, before in json.loads(BASELINE.read_text()).items():
        change = found[name] / before - 1
        word = "TOO MANY" if change > TOLERANCE else "fewer: run with --update" if change < -TOLERANCE else "fine"
        print(f"instructions of {name}: {found[name] / 1e6:.2f} million, {change:+.1%}, {word}")
        fine &= change <= TOLERANCE
    return fine


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", type=Path, default=HERE.parent / "target/release/sightread")
    parser.add_argument("--update", action="store_true", help="write the baseline anew")
    given = parser.parse_args()
    binary = given.bin.resolve()
    fine = [size(binary), dependencies(), speed(binary, given.update)]
    sys.exit(0 if all(fine) else 1)


if __name__ == "__main__":
    main()
