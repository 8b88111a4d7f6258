//! What several workloads share stays as it is whoever else comes, goes or takes another name.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on should stop")]

mod runner;

use std::collections::BTreeMap;
use std::path::Path;

use proptest::prelude::*;
use sightread::world::World;
use sightread::world::memory::Memory;

/// The types of which several resources share a server on Compose, and one that never shares.
const TYPES: [&str; 8] = ["amqp", "kafka-topic", "mariadb", "mssql", "mysql", "postgres", "redis", "s3"];

/// A workload with resources of its own and the ones that all share.
fn score(name: &str) -> String {
    let own = TYPES.map(|kind| format!("  own-{kind}: {{type: {kind}}}\n")).concat();
    let common = TYPES.map(|kind| format!("  common-{kind}: {{type: {kind}, id: common}}\n")).concat();
    format!(
        "apiVersion: score.dev/v1b1\nmetadata: {{name: {name}}}\ncontainers: {{main: {{image: \"x:1\"}}}}\n\
         resources:\n{own}{common}"
    )
}

/// What is made for some workloads, by what belongs to nobody in particular: each entry with its secrets.
fn made(workloads: &[&str], target: &str) -> BTreeMap<String, String> {
    let mut world = Memory::default();
    world.set_variables(BTreeMap::from([("SIGHTREAD_SEED".to_owned(), "seed".to_owned())]));
    let mut words = vec!["sightread", "generate", "-t", target, "-o", "out.yaml"];
    let files: Vec<String> = workloads.iter().map(|name| format!("{name}.yaml")).collect();
    for (name, file) in workloads.iter().zip(&files) {
        world.put(file, score(name), 0o644);
        words.push(file);
    }
    let (exit, said) = runner::call(&world, &words);
    assert_eq!(exit, 0, "{said}");
    let read = |path: &str| String::from_utf8(world.read(Path::new(path)).unwrap()).unwrap();
    let text = read("out.yaml");
    let pieces: Vec<(String, String)> = match target {
        "compose" => entries(&text),
        _ => text.split("---\n").map(|object| (object.to_owned(), object.to_owned())).collect(),
    };
    let common = |name: &str| name.starts_with("shared-") || name.contains("-common");
    let kept = pieces.into_iter().filter(|(name, _)| common(name) && !name.contains("kind: Deployment"));
    kept.map(|(name, piece)| {
        let secrets = piece.lines().filter_map(|line| line.trim().strip_prefix("- path: "));
        let secrets: String = secrets.map(read).collect();
        (name, piece + &secrets)
    })
    .collect()
}

/// The services and volumes of a Compose file, by name.
fn entries(text: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix("  "), found.last_mut()) {
            (Some(name), _) if !name.starts_with(' ') => {
                let name = name.trim_end_matches(" {}").trim_end_matches(':');
                found.push((name.to_owned(), String::new()));
            }
            (Some(inside), Some((_, piece))) => piece.extend([inside, "\n"]),
            _ => {}
        }
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn names_passwords_and_places_of_what_is_shared_stay(
        order in Just(vec!["api", "billing", "web", "worker", "zebra"]).prop_shuffle(),
        many in 1_usize..5,
        renamed in "x[a-z]{2,8}",
    ) {
        for target in ["compose", "kubernetes"] {
            let mut workloads: Vec<&str> = order.iter().copied().take(many).collect();
            let before = made(&workloads, target);
            prop_assert!(before.len() > TYPES.len(), "{before:?}");
            // Somebody comes, somebody goes, somebody takes another name.
            workloads.push(order[many]);
            prop_assert_eq!(&made(&workloads, target), &before);
            workloads.remove(0);
            prop_assert_eq!(&made(&workloads, target), &before);
            workloads[0] = &renamed;
            prop_assert_eq!(&made(&workloads, target), &before);
        }
    }
}
