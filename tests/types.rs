//! A page for every built-in type, made of its contract and of what an example becomes. `UPDATE=1 cargo test --test types`
//! writes the pages anew.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on should stop")]

mod runner;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;
use serde_yaml::{Mapping, Value};
use sightread::world::memory::Memory;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The contracts by the names of their pages: `postgres`, `volume.ephemeral`.
fn contracts() -> BTreeMap<String, Value> {
    let files = runner::list(&root().join("provisioners"));
    let stem = |path: &Path| path.file_stem().unwrap().to_string_lossy().into_owned();
    let contracts = files.iter().filter(|path| path.is_file() && stem(path) != "images");
    let mut found = BTreeMap::new();
    for path in contracts {
        let mut common: Mapping = serde_yaml::from_str(&runner::read(path)).unwrap();
        match common.remove("types") {
            None => drop(found.insert(stem(path), Value::Mapping(common))),
            Some(types) => {
                for (name, own) in types.as_mapping().unwrap() {
                    let mut one = own.clone();
                    lay_under(&mut one, &Value::Mapping(common.clone()));
                    one["type"] = name.clone();
                    found.insert(name.as_str().unwrap().to_owned(), one);
                }
            }
        }
    }
    found
}

/// Adds what a file says of all its types to one of them.
fn lay_under(one: &mut Value, common: &Value) {
    let (Some(one), Some(common)) = (one.as_mapping_mut(), common.as_mapping()) else { return };
    for (key, value) in common {
        match one.get_mut(key) {
            Some(own) => lay_under(own, value),
            None => drop(one.insert(key.clone(), value.clone())),
        }
    }
}

/// Params without which an example would not work.
fn params(name: &str) -> &'static str {
    match name {
        "secret.existing" => "secret: stripe, key: api-key",
        "dapr-subscription" => "topic: orders, pubsub: broker",
        "endpoint" => "openapi_file: api.yaml",
        "route" => "host: shop.localhost, path: /, port: 80",
        "service" => "workload: shop",
        "service-port" => "workload: shop, port: web",
        "llm-model" => "model: \"smollm2:135m\"",
        _ => "",
    }
}

/// A Score file that uses a type and, in variables, all of its outputs.
fn example(name: &str, contract: &Value) -> String {
    let kind = contract["type"].as_str().unwrap();
    let class = contract["class"].as_str().map(|class| format!(", class: {class}")).unwrap_or_default();
    let given = params(name);
    let given = if given.is_empty() { String::new() } else { format!(", params: {{{given}}}") };
    let resource = kind.split('-').next_back().unwrap();
    let mut text = String::from(
        "apiVersion: score.dev/v1b1\nmetadata: {name: shop}\ncontainers:\n  main:\n    image: registry.example.com/shop:1.0\n",
    );
    if kind == "horizontal-pod-autoscaler" {
        text += "    resources:\n      requests: {cpu: 100m}\n";
    }
    if kind == "volume" {
        writeln!(text, "    volumes:\n      /data: {{source: \"${{resources.{resource}}}\"}}").unwrap();
    } else {
        let named = outputs(contract).into_iter().filter(|output| output != "*");
        let mut named: Vec<String> = named.collect();
        if kind == "environment" {
            named.push("GREETING".to_owned());
        }
        if !named.is_empty() {
            text += "    variables:\n";
        }
        for output in named {
            let variable = format!("{resource}_{output}").to_uppercase().replace('-', "_");
            writeln!(text, "      {variable}: ${{resources.{resource}.{output}}}").unwrap();
        }
    }
    text += "service:\n  ports:\n    web: {port: 80, targetPort: 8080}\nresources:\n";
    writeln!(text, "  {resource}: {{type: {kind}{class}{given}}}").unwrap();
    text
}

fn outputs(contract: &Value) -> Vec<String> {
    let map = contract["outputs"].as_mapping();
    map.into_iter().flatten().map(|(name, _)| name.as_str().unwrap().to_owned()).collect()
}

/// What one target makes of the example: the files that were written.
fn generate(name: &str, score: &str, target: &str) -> BTreeMap<PathBuf, String> {
    let mut world = Memory::default();
    world.put("score.yaml", score, 0o644);
    world.put("api.yaml", "openapi: 3.0.2\ninfo: {title: Orders, version: '1'}\npaths: {}\n", 0o644);
    world.put(".env", "GREETING=hello\nSTRIPE_API_KEY=key\n", 0o600);
    world.set_variables(BTreeMap::from([("SIGHTREAD_SEED".to_owned(), "seed".to_owned())]));
    let (exit, said) = runner::call(&world, &["sightread", "generate", "-t", target, "--env-file", ".env"]);
    assert_eq!(exit, 0, "the example of {name} on {target}\n{score}\n{said}");
    assert!(!said.contains("error["), "the example of {name} on {target}\n{said}");
    let files = world.files().into_iter();
    files.map(|(path, file)| (path, String::from_utf8_lossy(&file.bytes).into_owned())).collect()
}

/// What a resource adds on Compose, in words.
fn on_compose(written: &BTreeMap<PathBuf, String>) -> Vec<String> {
    let document: Value = serde_yaml::from_str(&written[Path::new("compose.yaml")]).unwrap();
    let mut made = Vec::new();
    for (name, service) in document["services"].as_mapping().into_iter().flatten() {
        let name = name.as_str().unwrap();
        if name != "shop-main" {
            let image = service["image"].as_str().unwrap();
            made.push(format!("service `{name}` of image `{image}`"));
        }
    }
    for section in ["volumes", "networks", "models"] {
        for (name, _) in document[section].as_mapping().into_iter().flatten() {
            let one = section.trim_end_matches('s');
            made.push(format!("{one} `{}`", name.as_str().unwrap()));
        }
    }
    made
}

/// What a resource adds on Kubernetes: the objects that the same workload without it does not have.
fn on_kubernetes(written: &BTreeMap<PathBuf, String>) -> Vec<String> {
    let objects = |text: &str| -> BTreeSet<String> {
        let documents = text.split("\n---\n").map(|one| serde_yaml::from_str::<Value>(one).unwrap());
        let named = documents.filter(|one| one["kind"].is_string());
        let named = named.map(|one| {
            format!("{} `{}`", one["kind"].as_str().unwrap(), one["metadata"]["name"].as_str().unwrap())
        });
        named.collect()
    };
    let own = ["Deployment `shop`", "StatefulSet `shop`", "Service `shop`", "Service `shop-headless`"];
    let made = objects(&written[Path::new("manifests.yaml")]);
    made.into_iter().filter(|one| !own.contains(&one.as_str())).collect()
}

fn cell(value: &Value) -> String {
    value.as_str().unwrap_or_default().replace('|', "\\|")
}

/// A value as it is written in a Score file.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => serde_yaml::to_string(other).unwrap().trim().to_owned(),
    }
}

fn param_row(name: &str, param: &Value) -> String {
    let kinds = match &param["type"] {
        Value::Sequence(list) => list.iter().map(plain).collect::<Vec<_>>().join(" or "),
        Value::Null => "anything".to_owned(),
        one => plain(one),
    };
    let allowed =
        param["enum"].as_sequence().map(|list| list.iter().map(plain).collect::<Vec<_>>().join(", "));
    let default = match (&param["default"], param["required"].as_bool()) {
        (_, Some(true)) => "required".to_owned(),
        (Value::Null, _) => String::new(),
        (value, _) => format!("`{}`", plain(value)),
    };
    let kinds = allowed.map_or(kinds.clone(), |allowed| format!("{kinds}: {allowed}"));
    format!("| `{name}` | {kinds} | {default} | {} |\n", cell(&param["description"]))
}

/// True when patches change anything: an empty one only asks whether something is there.
fn changes(patches: &Value) -> bool {
    let empty = |patch: &Value| patch["merge"].as_mapping().is_some_and(serde_yaml::Mapping::is_empty);
    patches.as_sequence().map_or(patches.is_string(), |list| !list.iter().all(empty))
}

/// The page of one contract.
fn page(name: &str, contract: &Value) -> String {
    let score = example(name, contract);
    let mut text = format!("# {name}\n\n{}\n\n", contract["description"].as_str().unwrap());
    text += "<!-- Made from the contract by `UPDATE=1 cargo test --test types`; change `provisioners/` instead. -->\n\n";
    writeln!(text, "```yaml\n{score}```\n").unwrap();
    text += "## Params\n\n";
    let given = contract["params"].as_mapping().filter(|params| !params.is_empty());
    match given {
        None => text += "It takes none.\n\n",
        Some(params) => {
            text += "| param | type | default | |\n|---|---|---|---|\n";
            for (name, param) in params {
                text += &param_row(name.as_str().unwrap(), param);
            }
            text.push('\n');
        }
    }
    text += "## Outputs\n\n";
    let made = contract["outputs"].as_mapping().filter(|outputs| !outputs.is_empty());
    match made {
        None => text += "It has none.\n\n",
        Some(outputs) => {
            text += "| output | |\n|---|---|\n";
            for (name, output) in outputs {
                let secret = if output["secret"].as_bool() == Some(true) { " Secret." } else { "" };
                let name = if name.as_str() == Some("*") {
                    "any other".to_owned()
                } else {
                    format!("`{}`", plain(name))
                };
                writeln!(text, "| {name} | {}{secret} |", cell(&output["description"])).unwrap();
            }
            text.push('\n');
        }
    }
    text += "## What the example adds\n\n";
    for (title, made) in [
        ("Compose", on_compose(&generate(name, &score, "compose"))),
        ("Kubernetes", on_kubernetes(&generate(name, &score, "kubernetes"))),
    ] {
        let made = if made.is_empty() { "nothing of its own".to_owned() } else { made.join(", ") };
        writeln!(text, "- **{title}**: {made}").unwrap();
    }
    if ["compose", "kubernetes"].iter().any(|target| changes(&contract[*target]["patches"])) {
        text += "\nIt also changes the workload that asks for it.\n";
    }
    text
}

/// Every map of a document, by the way that leads to it.
fn maps(value: &Json, way: &str, found: &mut Vec<String>) {
    match value {
        Json::Object(map) => {
            found.push(way.to_owned());
            map.iter().for_each(|(key, inner)| {
                maps(inner, &format!("{way}/{}", key.replace('~', "~0").replace('/', "~1")), found);
            });
        }
        Json::Array(list) => {
            list.iter().enumerate().for_each(|(index, inner)| maps(inner, &format!("{way}/{index}"), found));
        }
        _ => {}
    }
}

#[test]
fn the_schema_for_editors_knows_every_key_and_no_other() {
    let read = |path: &Path| serde_yaml::from_str::<Json>(&runner::read(path)).unwrap();
    let schema = jsonschema::validator_for(&read(&root().join("schemas/provisioner.json"))).unwrap();
    let mut files = runner::list(&root().join("provisioners"));
    files.retain(|path| path.is_file());
    files.push(root().join("src/cli/native/provisioners/start.yaml"));
    files.push(root().join("tests/cases/provisioner-guide/queue.yaml"));
    let mut misspelt = 0;
    for file in files {
        let whole = read(&file);
        let wrong: Vec<String> = schema.iter_errors(&whole).map(|error| error.to_string()).collect();
        assert!(wrong.is_empty(), "{}: {wrong:?}", file.display());
        let mut ways = Vec::new();
        maps(&whole, "", &mut ways);
        // What stands deeper is Compose's or Kubernetes' own, or any value.
        let ours = |way: &&String| {
            let way: Vec<&str> = way.split('/').skip(1).collect();
            let way = if way.first() == Some(&"types") { way.get(2..).unwrap_or(&["?"]) } else { &way[..] };
            matches!(way, [] | ["compose" | "kubernetes"] | ["params" | "outputs", _])
                || matches!(way, ["compose" | "kubernetes", "patches", _])
        };
        for way in ways.iter().filter(ours) {
            let mut changed = whole.clone();
            changed.pointer_mut(way).unwrap()["misspelt"] = Json::Null;
            assert!(!schema.is_valid(&changed), "{} may have `{way}/misspelt`", file.display());
            misspelt += 1;
        }
    }
    assert!(misspelt > 400, "{misspelt}");
}

#[test]
fn every_store_takes_what_people_set() {
    let mut wrong = Vec::new();
    for (name, contract) in contracts() {
        let takes = |param: &str| !contract["params"][param].is_null();
        // A volume is the storage alone; two different programs serve a model.
        for param in ["version", "cpu", "memory", "settings"] {
            let excused = name == "volume" || name == "llm-model" && param == "settings";
            if takes("storage") && !takes(param) && !excused {
                wrong.push(format!("{name} takes no `{param}`"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_built_in_type_has_a_page_and_its_example_runs() {
    let folder = root().join("docs/types");
    let update = runner::variable("UPDATE").is_some();
    let (mut wrong, mut rows, mut names) = (Vec::new(), String::new(), BTreeSet::new());
    let mut pages = BTreeMap::new();
    for (name, contract) in contracts() {
        writeln!(rows, "| [`{name}`]({name}.md) | {} |", cell(&contract["description"])).unwrap();
        pages.insert(format!("{name}.md"), page(&name, &contract));
    }
    let index = format!(
        "# Resource types\n\nWhich validators and linters are content with them, and which are played against real servers: \
         [the matrix](../matrix.md).\n\nEvery server takes `version`, `cpu` and `memory`, `storage` where it keeps data, and `settings`: what its own \
         configuration has and no param names. There are no `settings` where there is nothing more to set (`endpoint`, \
         `gcp-pubsub-emulator`, `dynamodb-table`), and for `llm-model`, which two different programs serve. The emulator \
         that `sqs`, `sns-topic` and `dynamodb-table` share is the same for all, so it takes the `version` alone.\n\n| type | |\n|---|---|\n{rows}"
    );
    pages.insert("README.md".to_owned(), index);
    for (name, text) in &pages {
        names.insert(name.clone());
        if update {
            runner::write(&folder.join(name), text);
        } else if !folder.join(name).is_file() || runner::read(&folder.join(name)) != *text {
            wrong.push(format!("docs/types/{name} is not what the contract says"));
        }
    }
    let there = runner::list(&folder);
    let there = there.iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned());
    wrong.extend(
        there.filter(|name| !names.contains(name)).map(|name| format!("docs/types/{name} is of no type")),
    );
    assert!(wrong.is_empty(), "\n{}\nUPDATE=1 cargo test --test types writes them anew", wrong.join("\n"));
}
