"""Reads `cargo metadata` and prints a bill of materials (CycloneDX 1.6): what is built into the program, with licences."""

import json
import sys

found = json.load(sys.stdin)
packages = {package["id"]: package for package in found["packages"]}
edges = {
    node["id"]: [dep["pkg"] for dep in node["deps"] if any(kind["kind"] in (None, "build") for kind in dep["dep_kinds"])]
    for node in found["resolve"]["nodes"]
}
root = found["resolve"]["root"]
reached, left = set(), [root]
while left:
    here = left.pop()
    if here not in reached:
        reached.add(here)
        left += edges[here]


def component(package):
    """One package, named by its place in the registry."""
    name = {
        "type": "application" if package["id"] == root else "library",
        "bom-ref": f"pkg:cargo/{package['name']}@{package['version']}",
        "name": package["name"],
        "version": package["version"],
        "purl": f"pkg:cargo/{package['name']}@{package['version']}",
    }
    if package["license"]:
        name["licenses"] = [{"expression": package["license"].replace("/", " OR ")}]
    return name


def reference(identity):
    return component(packages[identity])["bom-ref"]


print(
    json.dumps(
        {
            "bomFormat": "CycloneDX",
            "specVersion": "1.6",
            "version": 1,
            "metadata": {"component": component(packages[root])},
            "components": sorted(
                (component(packages[one]) for one in reached if one != root), key=lambda one: one["bom-ref"]
            ),
            "dependencies": sorted(
                ({"ref": reference(one), "dependsOn": sorted({reference(other) for other in edges[one]})} for one in reached),
                key=lambda one: one["ref"],
            ),
        },
        indent=1,
    )
)
