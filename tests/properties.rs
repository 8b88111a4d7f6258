//! What must hold for any Score file: what comes out is what the platform takes, reads back as it was written, and does
//! not depend on the order in which files are named.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on should stop")]

mod runner;

use std::cell::Cell;
use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Map, Value, json};
use sightread::cli::{self, Screen};
use sightread::diag::Report;
use sightread::model::flow::{Doc, From};
use sightread::read::parse;
use sightread::world::memory::Memory;
use sightread::write::format::{Format, documents};

const CASES: u32 = 24;
const TARGETS: [&str; 2] = ["compose", "kubernetes"];

/// Runs a property over so many cases that the whole file stays quick; regressions are kept beside it.
fn hold<S: Strategy>(strategy: &S, property: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let config = Config { cases: CASES, source_file: Some(file!()), ..Config::default() };
    if let Err(failure) = TestRunner::new(config).run(strategy, property) {
        panic!("{failure}");
    }
}

fn name() -> impl Strategy<Value = String> {
    "[a-z][a-z0-9-]{0,14}[a-z0-9]"
}

/// Text as people write it, and as they do not.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~]{0,24}".prop_map(|text| text.replace("${", "$")),
        "\\PC{0,12}".prop_map(|text| text.replace("${", "$")),
        select(vec![
            "yes",
            "1e3",
            "0o7",
            "~",
            "- a",
            "a: b",
            "#",
            "$$",
            "a\nb\n",
            "\t",
            " lead",
            "null",
            "2001-01-01"
        ])
        .prop_map(str::to_owned),
        Just("${metadata.name}-$${x}".to_owned()),
    ]
}

/// A value that speaks of the resources that every file has.
fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => text(),
        1 => select(vec![
            "${resources.db.host}:${resources.db.port}",
            "postgres://${resources.db.username}:${resources.db.password}@${resources.db.host}/${resources.db.name}",
            "${resources.cache.password}",
            "https://${resources.dns.host}/",
        ])
        .prop_map(str::to_owned),
    ]
}

fn probe() -> impl Strategy<Value = Value> {
    prop_oneof![
        (1_u16..=u16::MAX).prop_map(|port| json!({"httpGet": {"path": "/ready", "port": port}})),
        prop::collection::vec("[a-z/.-]{1,8}", 1..3)
            .prop_map(|command| json!({"exec": {"command": command}})),
    ]
}

fn map<K: Strategy<Value = String>, V: Strategy<Value = Value>>(
    keys: K,
    values: V,
    most: usize,
) -> impl Strategy<Value = Value> {
    prop::collection::btree_map(keys, values, 0..most)
        .prop_map(|map| Value::Object(map.into_iter().collect::<Map<_, _>>()))
}

fn container() -> impl Strategy<Value = Value> {
    let variables = map("[A-Z][A-Z0-9_]{0,8}", value().prop_map(Value::from), 5);
    let file = (value(), prop::option::of(select(vec!["0644", "0400", "755"])), any::<bool>()).prop_map(
        |(content, mode, raw)| {
            let mut file = json!({"content": content});
            if let Some(mode) = mode {
                file["mode"] = json!(mode);
            }
            if raw {
                file["noExpand"] = json!(true);
            }
            file
        },
    );
    let files = map("/etc/[a-z]{1,6}/[a-z.]{1,8}[a-z]", file, 3);
    let limits = select(vec![
        json!({}),
        json!({"limits": {"cpu": "500m", "memory": "128Mi"}}),
        json!({"requests": {"cpu": "0.25", "memory": "64M"}, "limits": {"memory": "1.5Gi"}}),
    ]);
    let volumes = select(vec![json!({}), json!({"/data": {"source": "${resources.data}"}})]);
    let words = prop::option::of(prop::collection::vec(text(), 1..3));
    let probes = (prop::option::of(probe()), prop::option::of(probe()));
    (select(vec!["nginx:1.29", "ghcr.io/a/b@sha256:0123"]), variables, files, limits, volumes, words, probes).prop_map(
        |(image, variables, files, limits, volumes, args, (live, ready))| {
            let mut made = json!({
                "image": image, "variables": variables, "files": files, "resources": limits, "volumes": volumes,
            });
            let parts = [("args", args.map(Value::from)), ("livenessProbe", live), ("readinessProbe", ready)];
            for (key, part) in parts {
                if let Some(part) = part {
                    made[key] = part;
                }
            }
            made
        },
    )
}

/// A Score file.
fn score(called: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    let containers = prop::collection::btree_map(name(), container(), 1..3);
    let port = (1_u16..=u16::MAX, prop::option::of(1_u16..=u16::MAX), select(vec!["TCP", "UDP"]));
    let ports = prop::collection::btree_map("[a-z][a-z0-9]{0,10}", port, 0..4);
    (called, containers, ports, any::<bool>()).prop_map(|(name, containers, ports, routed)| {
        let mut numbers = std::collections::BTreeSet::new();
        let mut service = Map::new();
        for (called, (port, target, protocol)) in ports {
            if numbers.insert(port) {
                service.insert(called, json!({"port": port, "targetPort": target.unwrap_or(port), "protocol": protocol}));
            }
        }
        let mut resources = json!({
            "db": {"type": "postgres"}, "cache": {"type": "redis"}, "dns": {"type": "dns"}, "data": {"type": "volume"},
        });
        if let Some(port) = numbers.first().filter(|_| routed) {
            resources["route"] =
                json!({"type": "route", "params": {"host": "${resources.dns.host}", "path": "/", "port": port}});
        }
        json!({
            "apiVersion": "score.dev/v1b1", "metadata": {"name": name}, "containers": containers,
            "service": {"ports": service}, "resources": resources,
        })
        .to_string()
    })
}

fn world(files: &[(&str, &str)]) -> Memory {
    let mut world = Memory::default();
    let seed = ("SIGHTREAD_SEED".to_owned(), "0123456789abcdef0123456789abcdef".to_owned());
    world.set_variables(BTreeMap::from([seed]));
    for (name, text) in files {
        world.put(name, *text, 0o644);
    }
    world
}

/// Exit code, standard output and standard error.
fn run(world: &Memory, line: &str) -> (u8, String, String) {
    let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let exit = cli::run(&words, world, &mut Screen { out: &mut out, err: &mut err, colours: false });
    (exit.code(), String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
}

#[test]
fn what_comes_out_is_what_the_platform_takes() {
    let accepted = Cell::new(0);
    hold(&score(name()), |score| {
        for target in TARGETS {
            let mut world = world(&[("score.yaml", &score)]);
            let (exit, out, said) = run(&world, &format!("sightread generate -t {target} -o -"));
            if exit != 0 {
                // What is refused is the user's to mend, never something that was made wrong.
                prop_assert!(
                    !said.contains("[manifest-") && !said.contains("[compose-shape"),
                    "{score}\n{said}"
                );
                continue;
            }
            accepted.set(accepted.get() + 1);
            world.set_input(Some(out.clone().into_bytes()));
            let (exit, _, said) = run(&world, "sightread validate --deny-warnings -");
            prop_assert_eq!(exit, 0, "{}\n{}\n{}", score, said, out);
        }
        Ok(())
    });
    // What is refused is refused for what the user wrote; enough must go through to say something.
    assert!(accepted.get() * 2 >= CASES, "only {} of {} runs were accepted", accepted.get(), CASES * 2);
}

#[test]
fn what_was_written_reads_back_and_is_written_the_same() {
    hold(&score(name()), |score| {
        for target in TARGETS {
            let (exit, out, _) =
                run(&world(&[("score.yaml", &score)]), &format!("sightread generate -t {target} -o -"));
            if exit != 0 {
                continue;
            }
            let mut report = Report::default();
            let source = report.sources.add("out.yaml", out.as_str());
            let roots = parse::stream(source, &mut report).unwrap();
            let docs: Vec<Doc> =
                roots.iter().map(|root| Doc { tree: root.tree(), from: From::Target, part: None }).collect();
            let again = documents(docs, Format::Yaml, target == "kubernetes");
            prop_assert_eq!(again, out);
        }
        Ok(())
    });
}

#[test]
fn the_order_of_files_changes_nothing() {
    let pair = (score(Just("one".to_owned())), score(Just("two".to_owned())));
    hold(&pair, |(one, two)| {
        for target in TARGETS {
            let world = world(&[("a.yaml", &one), ("b.yaml", &two)]);
            let there = run(&world, &format!("sightread generate -t {target} -o - a.yaml b.yaml"));
            let back = run(&world, &format!("sightread generate -t {target} -o - b.yaml a.yaml"));
            prop_assert_eq!(there, back);
        }
        Ok(())
    });
}
