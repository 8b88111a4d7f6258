//! Our judge of manifests against what a Kubernetes API server and kubeconform say about a thousand of them. The objects,
//! the one thing that is changed in each, and what was said are kept in `tests/judge/`; `ask.py` there asks again.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on should stop")]

mod runner;

use std::path::Path;

use json_patch::Patch;
use serde::Deserialize;
use serde_json::Value;
use sightread::world::memory::Memory;

/// What was said about one manifest.
struct Row {
    number: usize,
    change: String,
    server: String,
    kubeconform: String,
    manifest: Value,
}

fn rows() -> Vec<Row> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judge");
    let text = runner::read(&folder.join("objects.yaml"));
    let objects: Vec<Value> =
        serde_yaml::Deserializer::from_str(&text).map(|one| Value::deserialize(one).unwrap()).collect();
    let text = runner::read(&folder.join("verdicts.tsv"));
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let row = |line: &str| {
        let [number, change, server, kubeconform] = line.split('\t').collect::<Vec<_>>().try_into().unwrap();
        let number: usize = number.parse().unwrap();
        let mut manifest = objects[number].clone();
        let patch: Patch = serde_json::from_str(change).unwrap();
        json_patch::patch(&mut manifest, &patch).unwrap_or_else(|error| panic!("{line}: {error}"));
        let owned = |text: &str| text.to_owned();
        Row {
            number,
            change: owned(change),
            server: owned(server),
            kubeconform: owned(kubeconform),
            manifest,
        }
    };
    lines.map(row).collect()
}

/// True when our judge finds nothing wrong; what it says else.
fn ours(manifest: &Value) -> (bool, String) {
    let mut world = Memory::default();
    world.set_input(Some(manifest.to_string().into_bytes()));
    let (exit, said) = runner::call(&world, &["sightread", "validate", "-"]);
    (exit == 0, said)
}

#[test]
fn it_refuses_what_an_api_server_refuses_and_nothing_else() {
    let (mut right, mut broken, mut missed, mut refused) = (0, 0, Vec::new(), Vec::new());
    for Row { number, change, server, kubeconform: _, manifest } in rows() {
        let fine = server == "ok";
        *(if fine { &mut right } else { &mut broken }) += 1;
        let (taken, said) = ours(&manifest);
        match (fine, taken) {
            (true, false) => refused.push(format!("object {number}, {change}:\n{said}")),
            (false, true) => missed.push(format!("object {number}, {change}: {server}")),
            _ => {}
        }
    }
    assert!(right >= 500 && broken >= 500, "only {right} right and {broken} broken manifests");
    assert!(refused.is_empty(), "{} that a server takes are refused\n{}", refused.len(), refused.join("\n"));
    assert!(missed.len() * 100 < broken, "{} of {broken} are missed\n{}", missed.len(), missed.join("\n"));
}

#[test]
fn it_misses_nothing_that_kubeconform_finds() {
    let (mut found, mut missed) = (0, Vec::new());
    // Kubeconform refuses some of what a server takes, such as a number for a text; the server is right.
    for row in rows().into_iter().filter(|row| row.kubeconform == "refused" && row.server != "ok") {
        found += 1;
        if ours(&row.manifest).0 {
            missed.push(format!("object {}, {}", row.number, row.change));
        }
    }
    assert!(found > 100, "kubeconform was not asked");
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}
