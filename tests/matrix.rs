//! The page that shows who is content with what each built-in type makes. What needs no other tool is judged here; the
//! answers of other tools are in `tests/matrix/results.json`, which `tests/matrix/run.py` writes, each with the digest of
//! what was judged. `UPDATE=1 cargo test --test matrix` writes the page anew.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on should stop")]

mod runner;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use serde_yaml::Value;
use sha2::{Digest, Sha256};
use sightread::world::memory::Memory;

/// The other tools: the name in the results, the title of the column, the file that they judge.
const TOOLS: &[(&str, &str, &str)] = &[
    ("docker-compose", "Docker Compose", "compose.yaml"),
    ("kube-apiserver", "API server", "manifests.yaml"),
    ("kube-linter", "kube-linter", "manifests.yaml"),
    ("kube-score", "kube-score", "manifests.yaml"),
    ("polaris", "polaris", "manifests.yaml"),
];

const HEAD: &str = "# Who is content with the built-in types

<!-- Made by `UPDATE=1 cargo test --test matrix` from what the types make, `tests/matrix/results.json` and \
`tests/real/runs.yaml`. -->

The example of every [type](types/README.md), in a workload with probes and limits, as it is made for Docker Compose and, with
`--hardening restricted`, for Kubernetes.

- **judged**: what is made for both targets passes the judge that every run has, without an error or a warning.
- **Pod Security**: every pod fits the level *restricted*; the API server says so too.
- **Docker Compose**, **API server**: the file is read, and every object is taken as a dry run with strict fields.
- **kube-linter**: no finding. **kube-score**: nothing critical. **polaris**: no danger.
- **played**: on Compose, against the server that is named: started as the file says, healthy by the file's own check, prepared
  twice, and used twice with the outputs that a workload receives.

`yes` is what a tool said of exactly these bytes; `changed since` means that it has not been asked about them yet.

";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The example of a type's page as both targets make it, and all that was said.
fn made(page: &Path) -> (BTreeMap<PathBuf, String>, String) {
    let here = root().join("tests/matrix");
    let text = runner::read(page);
    let mut world = Memory::default();
    world.put("score.yaml", text.split("```yaml\n").nth(1).unwrap().split("```").next().unwrap(), 0o644);
    for file in ["api.yaml", "overrides.yaml"] {
        world.put(file, runner::read(&here.join(file)), 0o644);
    }
    world.put(".env", "GREETING=hello\nSTRIPE_API_KEY=key\n", 0o600);
    world.set_variables(BTreeMap::from([("SIGHTREAD_SEED".to_owned(), "seed".to_owned())]));
    let mut all = String::new();
    for more in [&["compose"][..], &["kubernetes", "--hardening", "restricted"]] {
        let line =
            ["sightread", "generate", "--env-file", ".env", "--overrides-file", "overrides.yaml", "-t"];
        let (exit, said) = runner::call(&world, &[&line[..], more].concat());
        assert_eq!(exit, 0, "{}: {said}", page.display());
        all += &said;
    }
    let files = world.files().into_iter();
    (files.map(|(path, file)| (path, String::from_utf8_lossy(&file.bytes).into_owned())).collect(), all)
}

fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(8).fold(String::new(), |all, byte| format!("{all}{byte:02x}"))
}

/// Why a pod is refused at the level *restricted* of Pod Security.
fn refused(pod: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for key in ["hostNetwork", "hostPID", "hostIPC"] {
        if pod[key].as_bool() == Some(true) {
            found.push(key.to_owned());
        }
    }
    let volumes = [
        "configMap",
        "csi",
        "downwardAPI",
        "emptyDir",
        "ephemeral",
        "persistentVolumeClaim",
        "projected",
        "secret",
    ];
    for volume in pod["volumes"].as_sequence().into_iter().flatten() {
        let kinds = volume.as_mapping().unwrap().keys().filter_map(Value::as_str);
        found.extend(kinds.filter(|kind| *kind != "name" && !volumes.contains(kind)).map(str::to_owned));
    }
    let containers =
        ["initContainers", "containers"].iter().filter_map(|key| pod[*key].as_sequence()).flatten();
    for container in containers {
        let (own, whole) = (&container["securityContext"], &pod["securityContext"]);
        let either = |key: &str| if own[key].is_null() { whole[key].clone() } else { own[key].clone() };
        let dropped = own["capabilities"]["drop"].as_sequence();
        let added = own["capabilities"]["add"].as_sequence();
        let seccomp = either("seccompProfile");
        let rules = [
            ("privileged", own["privileged"].as_bool() != Some(true)),
            ("allowPrivilegeEscalation", own["allowPrivilegeEscalation"].as_bool() == Some(false)),
            ("runAsNonRoot", either("runAsNonRoot").as_bool() == Some(true)),
            ("runAsUser", either("runAsUser").as_u64() != Some(0)),
            ("capabilities", dropped.is_some_and(|list| list.iter().any(|one| one.as_str() == Some("ALL")))),
            (
                "capabilities.add",
                added.is_none_or(|list| list.iter().all(|one| one.as_str() == Some("NET_BIND_SERVICE"))),
            ),
            ("seccompProfile", matches!(seccomp["type"].as_str(), Some("RuntimeDefault" | "Localhost"))),
        ];
        let broken = rules.iter().filter(|(_, holds)| !holds);
        found.extend(broken.map(|(rule, _)| format!("{rule} of {}", container["name"].as_str().unwrap())));
    }
    found
}

/// Why pods of these manifests are refused.
fn pod_security(manifests: &str) -> Vec<String> {
    let documents = manifests.split("\n---\n").map(|one| serde_yaml::from_str::<Value>(one).unwrap());
    let pods = documents.filter_map(|object| match object["kind"].as_str() {
        Some("CronJob") => Some(object["spec"]["jobTemplate"]["spec"]["template"]["spec"].clone()),
        Some("Deployment" | "StatefulSet" | "DaemonSet" | "Job") => {
            Some(object["spec"]["template"]["spec"].clone())
        }
        _ => None,
    });
    pods.flat_map(|pod| refused(&pod)).collect()
}

fn cell(faults: &[String]) -> String {
    if faults.is_empty() {
        "yes".to_owned()
    } else {
        format!("**no**: {}", faults.join("; ").replace('|', "\\|"))
    }
}

/// What a tool said of a file.
fn answered(answer: &Value, text: &str) -> String {
    if answer.is_null() {
        return "not asked".to_owned();
    }
    if answer["digest"].as_str() != Some(&digest(text)) {
        return "changed since".to_owned();
    }
    let faults = answer["faults"].as_sequence().unwrap().iter();
    cell(&faults.map(|fault| fault.as_str().unwrap().to_owned()).collect::<Vec<_>>())
}

#[test]
fn the_matrix_is_what_the_types_make() {
    let results: Value =
        serde_yaml::from_str(&runner::read(&root().join("tests/matrix/results.json"))).unwrap();
    let runs: Value = serde_yaml::from_str(&runner::read(&root().join("tests/real/runs.yaml"))).unwrap();
    let (mut text, mut wrong) = (HEAD.to_owned(), Vec::new());
    let titles: Vec<&str> = TOOLS.iter().map(|(_, title, _)| *title).collect();
    writeln!(text, "| type | judged | Pod Security | {} | played |", titles.join(" | ")).unwrap();
    writeln!(text, "|---|---|---|{}---|", "---|".repeat(TOOLS.len())).unwrap();
    let pages = runner::list(&root().join("docs/types"));
    for page in pages.iter().filter(|page| !page.ends_with("README.md")) {
        let name = page.file_stem().unwrap().to_string_lossy().into_owned();
        let (files, said) = made(page);
        let manifests = &files[Path::new("manifests.yaml")];
        let told: Vec<String> =
            said.lines().filter(|line| line.starts_with("warning[")).map(str::to_owned).collect();
        let own = [cell(&told), cell(&pod_security(manifests))];
        wrong.extend(own.iter().filter(|cell| *cell != "yes").map(|cell| format!("{name}: {cell}")));
        let others =
            TOOLS.iter().map(|(tool, _, file)| answered(&results[&name][*tool], &files[Path::new(file)]));
        let played = match (runs[&name]["played"].as_str(), runs[&name]["reason"].as_str()) {
            (Some(server), None) => format!("yes: {server}"),
            (None, Some(reason)) => format!("no: {reason}"),
            _ => {
                wrong.push(format!("tests/real/runs.yaml does not say whether {name} is played"));
                continue;
            }
        };
        let cells = own.into_iter().chain(others).chain([played]).collect::<Vec<_>>();
        writeln!(text, "| [`{name}`](types/{name}.md) | {} |", cells.join(" | ")).unwrap();
    }
    let versions: Vec<String> = TOOLS
        .iter()
        .filter_map(|(tool, title, _)| {
            let rows = results.as_mapping()?.iter();
            let mut all: Vec<&str> = rows.filter_map(|(_, row)| row[*tool]["version"].as_str()).collect();
            all.sort_unstable();
            all.dedup();
            Some(format!("{title} {}", all.join(", ")))
        })
        .collect();
    writeln!(text, "\nThe tools: {}.", versions.join("; ")).unwrap();
    if text.contains("**no**") {
        wrong.push("somebody is not content; the page says who".to_owned());
    }
    let kept = root().join("docs/matrix.md");
    if runner::variable("UPDATE").is_some() {
        runner::write(&kept, &text);
    } else if !kept.is_file() || runner::read(&kept) != text {
        wrong.push(
            "docs/matrix.md is not what the types make: `UPDATE=1 cargo test --test matrix` writes it anew"
                .to_owned(),
        );
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn pods_that_are_not_restricted_are_seen() {
    let good = "{securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}, containers: [{name: a, \
                securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}]}";
    let table = [
        (good.to_owned(), ""),
        (good.replace("runAsNonRoot: true", "runAsUser: 0"), "runAsNonRoot of a, runAsUser of a"),
        (good.replace("drop: [ALL]", "add: [NET_ADMIN]"), "capabilities of a, capabilities.add of a"),
        (good.replace("RuntimeDefault", "Unconfined"), "seccompProfile of a"),
        (
            good.replace("allowPrivilegeEscalation: false", "privileged: true"),
            "privileged of a, allowPrivilegeEscalation of a",
        ),
        (
            good.replace(
                "{securityContext: {run",
                "{volumes: [{name: v, hostPath: {}}], hostPID: true, securityContext: {run",
            ),
            "hostPID, hostPath",
        ),
    ];
    for (pod, wanted) in table {
        assert_eq!(refused(&serde_yaml::from_str(&pod).unwrap()).join(", "), wanted, "{pod}");
    }
}
