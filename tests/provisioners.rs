//! Properties of provisioners as projects live with them: who wins, what is forgotten, and that nothing else changes.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on should stop")]

mod runner;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use proptest::prelude::*;
use sightread::world::World;
use sightread::world::memory::Memory;

const SCORE: &str = "apiVersion: score.dev/v1b1\nmetadata: {name: web}\n\
    containers: {main: {image: 'nginx:1.29-alpine', variables: {WHO: '${resources.it.who}'}}}\n\
    resources: {it: {type: thing}}\n";

fn contract(who: &str) -> String {
    format!("type: thing\noutputs: {{who: {{}}}}\ncompose: {{outputs: {{who: {who}}}}}\n")
}

fn record(who: &str) -> String {
    format!(
        "- uri: template://{who}/thing\n  type: thing\n  description: {who}\n  outputs: '{{who: {who}}}'\n"
    )
}

#[test]
fn of_two_files_for_one_type_the_one_that_is_named_first_wins_a_thousand_times() {
    for round in 0..1000_usize {
        let mut world = Memory::default();
        world.put("score.yaml", SCORE, 0o644);
        // Names, formats and order take turns; only the order of the flags may decide.
        let names = [format!("z{round}.yaml"), format!("a{}.yaml", round * 7919 % 1000)];
        for (name, who) in names.iter().zip(["zed", "abe"]) {
            let text = if (round / 2) % 2 == 0 { contract(who) } else { record(who) };
            world.put(name, text, 0o644);
        }
        let (first, second, winner) =
            if round % 2 == 0 { (&names[0], &names[1], "zed") } else { (&names[1], &names[0], "abe") };
        let line = ["sightread", "generate", "-t", "compose", "-o", "-", "--provisioners", first];
        let (exit, said) = runner::call(&world, &[&line[..], &["--provisioners", second]].concat());
        assert_eq!(exit, 0, "{said}");
        assert!(said.contains(&format!("WHO: {winner}")), "round {round}: {said}");
    }
}

#[test]
fn of_two_imports_of_one_type_the_last_wins_a_thousand_times() {
    for round in 0..1000_usize {
        let mut world = Memory::default();
        let names = [format!("z{round}.yaml"), format!("a{}.yaml", round * 7919 % 1000)];
        for (name, who) in names.iter().zip(["zed", "abe"]) {
            world.put(name, record(who), 0o644);
        }
        let (first, last, winner) =
            if round % 2 == 0 { (&names[0], &names[1], "abe") } else { (&names[1], &names[0], "zed") };
        let line =
            ["score-compose", "init", "--no-sample", "--no-default-provisioners", "--provisioners", first];
        let (exit, said) = runner::call(&world, &[&line[..], &["--provisioners", last]].concat());
        assert_eq!(exit, 0, "{said}");
        let mut kept = world.list(Path::new(".score-compose")).unwrap();
        kept.retain(|name| name.ends_with(".provisioners.yaml"));
        kept.sort();
        let wins = world.read(&Path::new(".score-compose").join(&kept[0])).unwrap();
        let wins = String::from_utf8(wins).unwrap();
        assert!(wins.contains(&format!("description: {winner}")), "round {round}: {wins}");
    }
}

#[test]
fn the_guide_is_the_case_that_plays_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = runner::read(&root.join("docs/provisioners.md"));
    let case = root.join("tests/cases/provisioner-guide");
    let script = runner::read(&case.join("cmd"));
    let mut steps = 0;
    for block in page.split("```sh\n").skip(1) {
        for line in block.split("```").next().unwrap().lines() {
            steps += 1;
            assert!(script.lines().any(|played| played.ends_with(line)), "`{line}` is not played");
        }
    }
    assert!(steps >= 8, "the page has only {steps} steps");
    assert!(page.contains(&runner::read(&case.join("queue.yaml"))), "the page shows another provisioner");
}

/// What a workload declares: resources of its own by name, and shared ones by id.
type Declared = (BTreeSet<u8>, BTreeSet<u8>);

#[derive(Debug, Clone)]
enum Step {
    /// A workload's Score file as it is from now on, and the same Score file generated.
    Write(u8, Declared),
    /// A workload goes.
    Remove(u8),
    /// A workload takes another name: under it the same Score file, and nothing under the old one.
    Rename(u8, u8),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let few = || proptest::collection::btree_set(0_u8..4, 0..4);
    let write = (0_u8..4, few(), few()).prop_map(|(name, own, shared)| Step::Write(name, (own, shared)));
    let remove = (0_u8..6).prop_map(Step::Remove);
    let rename = (0_u8..4, 0_u8..6).prop_map(|(old, new)| Step::Rename(old, new));
    proptest::collection::vec(prop_oneof![3 => write, 1 => remove, 1 => rename], 1..8)
}

fn score(name: u8, (own, shared): &Declared) -> String {
    let own = own.iter().map(|one| format!("  own{one}: {{type: thing}}\n"));
    let shared = shared.iter().map(|one| format!("  shared{one}: {{type: thing, id: s{one}}}\n"));
    let resources: String = own.chain(shared).collect();
    let resources = if resources.is_empty() { "  {}\n".to_owned() } else { resources };
    format!(
        "apiVersion: score.dev/v1b1\nmetadata: {{name: w{name}}}\n\
         containers: {{main: {{image: 'nginx:1.29-alpine'}}}}\nresources:\n{resources}"
    )
}

/// The uids of all that workloads declare.
fn declared(workloads: &BTreeMap<u8, Declared>) -> BTreeSet<String> {
    let of = |(name, (own, shared)): (&u8, &Declared)| {
        let own = own.iter().map(|one| format!("thing.default#w{name}.own{one}")).collect::<Vec<_>>();
        let shared = shared.iter().map(|one| format!("thing.default#s{one}")).collect::<Vec<_>>();
        own.into_iter().chain(shared)
    };
    workloads.iter().flat_map(of).collect()
}

/// The resources that the state remembers, each with all that it remembers of it but who speaks for it.
fn remembered(world: &Memory) -> BTreeMap<String, serde_yaml::Value> {
    let state = world.read(Path::new(".score-compose/state.yaml")).unwrap();
    let state: serde_yaml::Value = serde_yaml::from_slice(&state).unwrap();
    let resources =
        state.get("resources").and_then(serde_yaml::Value::as_mapping).cloned().unwrap_or_default();
    let kept = |value: serde_yaml::Value| {
        let of = |key: &str| value.get(key).cloned().unwrap_or(serde_yaml::Value::Null);
        serde_yaml::Value::Sequence(vec![of("guid"), of("state"), of("outputs"), of("provisioner")])
    };
    resources.into_iter().map(|(uid, value)| (uid.as_str().unwrap().to_owned(), kept(value))).collect()
}

fn call(world: &Memory, words: &[&str]) -> String {
    let (exit, said) = runner::call(world, words);
    assert_eq!(exit, 0, "{words:?}: {said}");
    said
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn prune_removes_exactly_the_ghosts_and_nothing_else_ever_changes(steps in steps()) {
        let mut world = Memory::default();
        let kept = "- uri: template://t/thing\n  type: thing\n  state: |\n    name: {{ dig \"name\" (randAlphaNum 12) .State \
                    }}\n  outputs: |\n    name: {{ .State.name }}\n";
        call(&world, &["score-compose", "init", "--no-sample", "--no-default-provisioners"]);
        world.put(".score-compose/10-thing.provisioners.yaml", kept, 0o644);
        let mut workloads: BTreeMap<u8, Declared> = BTreeMap::new();
        for step in steps {
            let before = if workloads.is_empty() { BTreeMap::new() } else { remembered(&world) };
            match step {
                Step::Write(name, what) => {
                    let file = format!("w{name}.yaml");
                    world.put(&file, score(name, &what), 0o644);
                    call(&world, &["score-compose", "generate", &file]);
                    workloads.insert(name, what);
                }
                Step::Remove(name) if workloads.len() > 1 && workloads.contains_key(&name) => {
                    call(&world, &["sightread", "resources", "prune", "--workload", &format!("w{name}")]);
                    workloads.remove(&name);
                }
                Step::Rename(old, new) if workloads.contains_key(&old) && !workloads.contains_key(&new) => {
                    let what = workloads.remove(&old).unwrap();
                    let file = format!("w{new}.yaml");
                    world.put(&file, score(new, &what), 0o644);
                    call(&world, &["score-compose", "generate", &file]);
                    call(&world, &["sightread", "resources", "prune", "--workload", &format!("w{old}")]);
                    workloads.insert(new, what);
                }
                Step::Remove(_) | Step::Rename(..) => continue,
            }
            let wanted = declared(&workloads);
            let state = remembered(&world);
            prop_assert!(wanted.iter().all(|uid| state.contains_key(uid)), "{wanted:?} {state:?}");
            let told = call(&world, &["sightread", "resources", "prune", "--dry-run"]);
            prop_assert_eq!(&state, &remembered(&world));
            call(&world, &["sightread", "resources", "prune"]);
            let after = remembered(&world);
            prop_assert_eq!(after.keys().cloned().collect::<BTreeSet<_>>(), wanted.clone());
            for uid in state.keys() {
                prop_assert_eq!(told.contains(&format!("would remove {uid} from")), !wanted.contains(uid));
            }
            // Who stays keeps its name, whoever comes and goes.
            for (uid, value) in &after {
                prop_assert_eq!(value, &state[uid]);
                prop_assert!(before.get(uid).is_none_or(|before| before == value), "{uid} changed");
            }
        }
    }
}
