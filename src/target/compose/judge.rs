//! A finished Compose file against the specification: keys, types, and names that must be declared. Short forms are fine.

use crate::diag::codes::manifest as codes;
use crate::diag::nearest;
use crate::model::path::{Path, Step};
use crate::model::tree::{Map, Tree};
use crate::target::compose::shape::{self, Shape};
use crate::target::verdict::{Fault, Verdict};

/// Keys at the top of a file.
const TOP: &[&str] =
    &["configs", "include", "models", "name", "networks", "secrets", "services", "version", "volumes"];

/// Keys whose text may also be a number.
const NUMBERS: &[&str] =
    &["published", "cpuset", "mode", "provenance", "sbom", "pull_refresh_after", "uid", "gid"];

/// Judges a file. Of the sections only the entries that `asked` names are looked into.
pub fn judge(doc: usize, tree: &Tree, asked: &dyn Fn(&str, &str) -> bool) -> Verdict {
    let mut court = Court { doc, faults: Vec::new(), path: Path::default() };
    let Some(map) = tree.as_map() else {
        court.say(format!("is {}, not a map", tree.kind()), None);
        return Verdict { faults: court.faults, ..Verdict::default() };
    };
    for (key, value) in map.iter().filter(|(key, _)| !key.starts_with("x-")) {
        court.path.push(Step::from(key));
        if !TOP.contains(&key.as_str()) {
            court.unknown(key, TOP);
        } else if shape::is_section(key) {
            court.section(key, value, asked);
        }
        court.path.pop();
    }
    court.references(tree, asked);
    Verdict { faults: court.faults, ..Verdict::default() }
}

struct Court {
    doc: usize,
    faults: Vec<Fault>,
    path: Path,
}

impl Court {
    fn say(&mut self, said: String, near: Option<String>) {
        let path = self.path.clone();
        self.faults.push(Fault {
            doc: self.doc,
            path,
            code: &codes::COMPOSE_SHAPE,
            said,
            near,
            is_unknown: false,
        });
    }

    fn is_not(&mut self, tree: &Tree, wanted: &str) {
        self.say(format!("is {}, not {wanted}", tree.kind()), None);
    }

    fn unknown(&mut self, key: &str, known: &[&str]) {
        let near = nearest(key, known.iter().copied()).map(str::to_owned);
        self.say("is no key that Compose knows".to_owned(), near);
    }

    fn section(&mut self, section: &str, tree: &Tree, asked: &dyn Fn(&str, &str) -> bool) {
        let Some(map) = tree.as_map() else {
            if *tree != Tree::Null {
                self.is_not(tree, "a map");
            }
            return;
        };
        for (name, value) in map.iter().filter(|(name, _)| asked(section, name)) {
            self.path.push(Step::from(name));
            // A volume or network of which nothing is said is fine.
            if section == "services" && *value == Tree::Null {
                self.is_not(value, "a map");
            } else if *value != Tree::Null {
                self.fits(value, &shape::of(section), name);
            }
            self.path.pop();
        }
    }

    fn fits(&mut self, tree: &Tree, shape: &Shape, key: &str) {
        let is_text = matches!(tree, Tree::Str(_) | Tree::Time(_) | Tree::Text(_));
        let is_number = matches!(tree, Tree::Int(_) | Tree::Uint(_) | Tree::Float(_));
        match shape {
            Shape::Any => {}
            Shape::Record(fields) => self.record(tree, fields),
            Shape::Named(inner) | Shape::Sparse(inner) => self.named(tree, inner),
            Shape::Each(inner) => self.each(tree, inner, key),
            Shape::Text
                if is_text || (NUMBERS.contains(&key) && !matches!(tree, Tree::List(_) | Tree::Map(_))) => {}
            Shape::Text => self.is_not(tree, "a string"),
            Shape::Duration if is_text => {}
            Shape::Duration => self.is_not(tree, "a duration such as `1m30s`"),
            Shape::Flag | Shape::Choice | Shape::OptOut | Shape::Told
                if is_text || matches!(tree, Tree::Bool(_)) => {}
            Shape::Flag | Shape::Choice | Shape::OptOut | Shape::Told => self.is_not(tree, "true or false"),
            Shape::Number | Shape::Exact | Shape::Mode | Shape::Bytes if is_text || is_number => {}
            Shape::Number | Shape::Exact | Shape::Mode | Shape::Bytes => self.is_not(tree, "a number"),
            Shape::Words | Shape::Test | Shape::OneOrMore | Shape::Texts => self.texts(tree, shape, key),
            Shape::Pairs | Shape::PairsOrNull | Shape::Hosts | Shape::Options => self.pairs(tree, shape),
            Shape::Ulimit if is_text || is_number || tree.as_map().is_some() => {}
            Shape::Ulimit => self.is_not(tree, "a number, or a map of `soft` and `hard`"),
        }
    }

    fn record(&mut self, tree: &Tree, fields: &'static [(&'static str, Shape)]) {
        let Some(map) = tree.as_map() else {
            self.is_not(tree, "a map");
            return;
        };
        for (key, value) in map.iter().filter(|(key, _)| !key.starts_with("x-")) {
            self.path.push(Step::from(key));
            match fields.iter().find(|(name, _)| name == key) {
                None => self.unknown(key, &fields.iter().map(|(name, _)| *name).collect::<Vec<_>>()),
                Some(_) if *value == Tree::Null => {}
                // The short form of a build is its context, that of what is extended its service.
                Some((_, Shape::Record(_)))
                    if matches!(key.as_str(), "build" | "extends") && value.as_str().is_some() => {}
                Some((_, shape)) => self.fits(value, shape, key),
            }
            self.path.pop();
        }
    }

    fn named(&mut self, tree: &Tree, inner: &'static Shape) {
        match tree {
            Tree::Map(map) => {
                for (name, value) in map.iter().filter(|(_, value)| **value != Tree::Null) {
                    self.path.push(Step::from(name));
                    self.fits(value, inner, name);
                    self.path.pop();
                }
            }
            // The short form lists the names alone.
            Tree::List(_) if matches!(inner, Shape::Record(_)) => self.texts(tree, &Shape::Texts, ""),
            other => self.is_not(other, "a map"),
        }
    }

    fn each(&mut self, tree: &Tree, inner: &'static Shape, key: &str) {
        let Some(items) = tree.as_list() else {
            if !(matches!(key, "env_file" | "gpus") && tree.as_str().is_some()) {
                self.is_not(tree, "a list");
            }
            return;
        };
        for (index, item) in items.iter().enumerate() {
            self.path.push(Step::Index(index));
            let short = match item {
                Tree::Str(_) => true,
                Tree::Int(_) | Tree::Float(_) => key == "ports",
                _ => false,
            };
            if !short {
                self.fits(item, inner, key);
            }
            self.path.pop();
        }
    }

    fn texts(&mut self, tree: &Tree, shape: &Shape, key: &str) {
        let numbers = key == "expose";
        match tree {
            Tree::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    let fine = item.as_str().is_some() || (numbers && item.as_int().is_some());
                    if !fine {
                        self.path.push(Step::Index(index));
                        self.is_not(item, "a string");
                        self.path.pop();
                    }
                }
            }
            Tree::Str(_) if !matches!(shape, Shape::Texts) && !numbers => {}
            other if matches!(shape, Shape::Texts) || numbers => self.is_not(other, "a list"),
            other => self.is_not(other, "a string or a list of strings"),
        }
    }

    fn pairs(&mut self, tree: &Tree, shape: &Shape) {
        match tree {
            Tree::Map(map) => {
                let lists = matches!(shape, Shape::Hosts | Shape::Options);
                for (key, value) in map {
                    if matches!(value, Tree::Map(_)) || (!lists && matches!(value, Tree::List(_))) {
                        self.path.push(Step::from(key));
                        self.is_not(value, "a string");
                        self.path.pop();
                    }
                }
            }
            Tree::List(_) if !matches!(shape, Shape::Options) => self.texts(tree, &Shape::Texts, ""),
            other => self.is_not(other, "a map or a list"),
        }
    }

    /// What services name must be declared.
    fn references(&mut self, tree: &Tree, asked: &dyn Fn(&str, &str) -> bool) {
        let section = |name: &str| tree.get(name).and_then(Tree::as_map);
        let includes = tree.get("include").is_some();
        self.path = Path::of(["services"]);
        for (name, service) in
            section("services").into_iter().flatten().filter(|(name, _)| asked("services", name))
        {
            let Some(map) = service.as_map() else { continue };
            self.path.push(Step::from(name));
            if !["image", "build", "provider", "extends"]
                .iter()
                .any(|key| map.get(*key).is_some_and(|it| *it != Tree::Null))
            {
                self.say("has neither `image` nor `build`".to_owned(), None);
            }
            if !includes {
                for (key, list) in
                    [("depends_on", "services"), ("networks", "networks"), ("models", "models")]
                {
                    let used = names(map.get(key), &[]);
                    self.declared(key, &used, list, section(list), key == "networks");
                }
                for (key, list) in [("secrets", "secrets"), ("configs", "configs")] {
                    self.declared(key, &names(map.get(key), &["source"]), list, section(list), false);
                }
                let volumes = volumes(map.get("volumes"));
                self.declared("volumes", &volumes, "volumes", section("volumes"), false);
            }
            self.path.pop();
        }
    }

    fn declared(&mut self, key: &str, used: &[String], section: &str, there: Option<&Map>, default: bool) {
        let known = |name: &str| there.is_some_and(|there| there.contains_key(name));
        for name in used.iter().filter(|name| !(known(name) || default && *name == "default")) {
            self.path.push(Step::from(key));
            let names = there.into_iter().flatten().map(|(name, _)| name.as_str());
            let near = nearest(name, names).map(str::to_owned);
            self.say(format!("names `{name}`, which `{section}` does not declare"), near);
            self.path.pop();
        }
    }
}

/// The names that a map, a list of names, or a list of maps with one of these keys holds.
fn names(tree: Option<&Tree>, keys: &[&str]) -> Vec<String> {
    match tree {
        Some(Tree::Map(map)) => {
            // What is not required may be absent.
            let needed = |value: &Tree| value.get("required") != Some(&Tree::Bool(false));
            map.iter().filter(|(_, value)| needed(value)).map(|(name, _)| name.clone()).collect()
        }
        Some(Tree::List(items)) => {
            let name = |item: &Tree| match item {
                Tree::Str(text) => Some(text.clone()),
                other => keys.iter().find_map(|key| other.get(key)?.as_str()).map(str::to_owned),
            };
            items.iter().filter_map(name).collect()
        }
        _ => Vec::new(),
    }
}

/// The volumes that mounts name: neither a path nor something that is interpolated.
fn volumes(tree: Option<&Tree>) -> Vec<String> {
    let name = |item: &Tree| {
        let source = match item {
            Tree::Str(text) => text.split_once(':').map(|(source, _)| source)?,
            other if other.get("type").and_then(Tree::as_str) == Some("volume") => {
                other.get("source")?.as_str()?
            }
            _ => return None,
        };
        let named = source.starts_with(|c: char| c.is_ascii_alphanumeric())
            && !source.contains(['/', '\\', '$'])
            && source.len() > 1;
        named.then(|| source.to_owned())
    };
    tree.and_then(Tree::as_list).unwrap_or_default().iter().filter_map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::judge;
    use crate::model::tree::Tree;

    fn faults(json: &str) -> Vec<String> {
        let tree: Tree = serde_json::from_str(json).expect(json);
        let verdict = judge(0, &tree, &|_, _| true);
        verdict.faults.iter().map(|fault| format!("{} {}", fault.path, fault.said)).collect()
    }

    #[test]
    fn short_forms_and_extensions_are_fine() {
        let fine = r#"{"name": "p", "x-a": 1, "volumes": {"data": null}, "networks": {"n": {}},
            "services": {"b": {"build": ".", "ports": ["80:80", 81, {"target": 82}], "volumes": ["data:/d", "./a:/a", "/x"],
            "environment": ["A=b", "C"], "depends_on": ["c"], "networks": ["n", "default"], "env_file": ".env", "expose": [80]},
            "c": {"image": "x", "command": "a b", "depends_on": {"b": {"condition": "service_started"}}, "ulimits": {"n": 1},
            "healthcheck": {"test": ["CMD", "x"], "retries": 3}, "labels": {"a": 1}, "deploy": {"replicas": "2"}}}}"#;
        assert_eq!(faults(fine), Vec::<String>::new());
    }

    #[test]
    fn what_compose_refuses() {
        for (wrong, said) in [
            (r#"{"services": {"a": {}}}"#, "services.a has neither `image` nor `build`"),
            (r#"{"service": {}}"#, "service is no key that Compose knows"),
            (r#"{"services": {"a": {"image": 1}}}"#, "services.a.image is an integer, not a string"),
            (
                r#"{"services": {"a": {"image": "x", "expose": "80"}}}"#,
                "services.a.expose is a string, not a list",
            ),
            (
                r#"{"services": {"a": {"image": "x", "volumes": ["data:/d"]}}}"#,
                "services.a.volumes names `data`, which `volumes` does not declare",
            ),
            (
                r#"{"services": {"a": {"image": "x", "depends_on": ["b"]}}}"#,
                "services.a.depends_on names `b`, which `services` does not declare",
            ),
            (
                r#"{"services": {"a": {"image": "x", "ports": [{"targett": 1}]}}}"#,
                "services.a.ports[0].targett is no key that Compose knows",
            ),
        ] {
            assert_eq!(faults(wrong), [said], "{wrong}");
        }
    }
}
