//! The built-in provisioners: the files of `provisioners/`, as they are.

use std::borrow::Cow;

use include_dir::{Dir, File, include_dir};

use crate::resolve::contract::read::TARGETS;

/// What the identity of a built-in provisioner begins with.
pub const SCHEME: &str = "builtin://";

static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/provisioners");

/// The file of the folder that is no provisioner (see [`crate::resolve::images`]).
const IMAGES: &str = "images";

/// Every built-in file by its name without the ending: `postgres`, `volume.ephemeral`, `sns-topic+sqs`. Those with a class
/// come first, so that they are found before the one without.
fn all() -> Vec<(&'static str, &'static File<'static>)> {
    let mut found: Vec<(&str, &File<'_>)> = FILES
        .files()
        .filter_map(|file| Some((file.path().to_str()?.strip_suffix(".yaml")?, file)))
        .filter(|(name, _)| *name != IMAGES)
        .collect();
    found.sort_by_key(|(name, _)| (!name.contains('.'), *name));
    found
}

/// The types that a built-in file answers for.
fn kinds(name: &str) -> impl Iterator<Item = &str> {
    name.split('+').map(|one| one.split_once('.').map_or(one, |(kind, _)| kind))
}

/// All types that are built in, sorted.
pub fn types() -> impl Iterator<Item = &'static str> {
    let mut types: Vec<&str> = all().into_iter().flat_map(|(name, _)| kinds(name)).collect();
    types.sort_unstable();
    types.dedup();
    types.into_iter()
}

/// Name and text of the built-in files for some types, or of all.
pub fn files(wanted: Option<&[&str]>) -> impl Iterator<Item = (&'static str, &'static str)> {
    let asked = |name: &str| wanted.is_none_or(|wanted| kinds(name).any(|kind| wanted.contains(&kind)));
    let text = |(name, file): (&'static str, &'static File<'static>)| Some((name, file.contents_utf8()?));
    all().into_iter().filter(|(name, _)| asked(name)).filter_map(text).collect::<Vec<_>>().into_iter()
}

/// The text of a contract without what it makes on other targets, which takes long to parse and is not asked for.
/// Empty lines keep the places of all the rest. It stays whole where it makes nothing on this target, or where what it makes
/// there repeats something of another.
pub fn for_target<'a>(text: &'a str, target: &str) -> Cow<'a, str> {
    let begins = |line: &str, name: &str| line.trim_end().strip_suffix(':') == Some(name);
    if !text.lines().any(|line| begins(line, target)) {
        return Cow::Borrowed(text);
    }
    let (mut kept, mut away, mut anchors) = (String::with_capacity(text.len()), false, Vec::new());
    for line in text.split_inclusive('\n') {
        if line.starts_with(|c: char| c.is_ascii_lowercase()) {
            away = TARGETS.iter().any(|name| *name != target && begins(line, name));
        }
        if away {
            anchors.extend(line.split_whitespace().filter_map(|word| word.strip_prefix('&')));
            kept.push('\n');
        } else if !anchors.is_empty() && repeats(line, &anchors) {
            return Cow::Borrowed(text);
        } else {
            kept.push_str(line);
        }
    }
    Cow::Owned(kept)
}

/// True when a line holds an alias of one of these anchors.
fn repeats(line: &str, anchors: &[&str]) -> bool {
    line.split('*').skip(1).any(|rest| anchors.iter().any(|anchor| rest.starts_with(anchor)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{files, for_target, types};
    use crate::diag::Report;
    use crate::model::node::Node;
    use crate::model::tree::Tree;
    use crate::resolve::catalog::{Origins, load, parsed};
    use crate::resolve::contract::read::TARGETS;
    use crate::resolve::images::{reference, table};
    use crate::resolve::provisioner::{Body, Provisioner};
    use crate::resolve::trial::{make, rules, said};
    use crate::world::memory::Memory;

    fn params(one: &Provisioner) -> Tree {
        let pairs = match one.kind.as_str() {
            "secret" if one.class.is_some() => vec![("secret", "stripe")],
            "route" => vec![("host", "web.localhost"), ("path", "/api/"), ("port", "80")],
            "service-port" => vec![("workload", "web"), ("port", "http")],
            "service" => vec![("workload", "web")],
            "dapr-subscription" => vec![("topic", "news"), ("pubsub", "broker")],
            "endpoint" => vec![("openapi_file", "api.yaml")],
            _ => Vec::new(),
        };
        Tree::from_pairs(pairs.into_iter().map(|(name, value)| (name, Tree::from(value))))
    }

    /// Every `image` of a tree, at any depth.
    fn images(tree: &Tree, found: &mut Vec<String>) {
        for (key, value) in tree.as_map().into_iter().flatten() {
            match value.as_str() {
                Some(image) if key == "image" => found.push(image.to_owned()),
                _ => images(value, found),
            }
        }
        tree.as_list().into_iter().flatten().for_each(|item| images(item, found));
    }

    #[test]
    fn a_mirror_serves_every_image_of_the_built_ins() {
        let mut report = Report::default();
        let origins = Origins { builtins: true, ..Origins::default() };
        let catalog = load(&origins, None, "", &Memory::default(), &mut report).unwrap_or_default();
        let known: Vec<String> =
            table().keys().filter_map(|name| reference(name, None, Some("mirror.test/hub"))).collect();
        for provisioner in &catalog.provisioners {
            for target in TARGETS {
                let mut rules = rules(target);
                rules.image_registry = Some("mirror.test/hub".to_owned());
                let made = make(provisioner, params(provisioner), &rules, &mut report);
                let mut found = Vec::new();
                made.iter().flat_map(|made| made.sections.values()).for_each(|tree| images(tree, &mut found));
                for image in found {
                    assert!(known.contains(&image), "{} on {target} uses `{image}`", provisioner.uri);
                }
            }
        }
    }

    #[test]
    fn a_target_needs_no_other_section() {
        let read = |name: &str, text: &str, target: &str| {
            let (mut report, origins) = (Report::default(), Origins::default());
            let uri = format!("{}{name}", super::SCHEME);
            let found = parsed(name, text, uri, &origins, target, &mut report);
            assert_eq!(said(&report), "", "{name}");
            match found.into_iter().next().expect("it is one").body {
                Body::Contract(contract) => contract.root,
                _ => panic!("{name} is no contract"),
            }
        };
        let line = |text: &str, node: &Node| text[..node.span.start].matches('\n').count();
        let mut shorter = 0;
        for (name, text) in files(None) {
            for target in TARGETS {
                let short_text = for_target(text, target);
                let (whole, short) = (read(name, text, target), read(name, &short_text, target));
                for (key, node) in whole.as_map().unwrap_or_default() {
                    let key = key.key_text();
                    let found = short.get(&key).map(|short| (short.tree(), line(&short_text, short)));
                    if key == *target || !TARGETS.contains(&key.as_str()) {
                        assert_eq!(
                            found,
                            Some((node.tree(), line(text, node))),
                            "{name} for {target}: {key}"
                        );
                    } else {
                        shorter += usize::from(found.is_none());
                    }
                }
            }
        }
        assert!(shorter > 50, "{shorter}");
        let (text, shared) = (
            "a: 1\ncompose:\n  b: &b 2\nkubernetes:\n  c: 3\n",
            "compose:\n  b: &b 1\nkubernetes:\n  c: *b\n",
        );
        assert_eq!(for_target(text, "kubernetes"), "a: 1\n\n\nkubernetes:\n  c: 3\n");
        assert_eq!(for_target(text, "compose"), "a: 1\ncompose:\n  b: &b 2\n\n\n");
        for (text, target) in
            [(text, ""), (text, "other"), ("compose:\n  b: 2\n", "kubernetes"), (shared, "kubernetes")]
        {
            assert_eq!(for_target(text, target), text, "{target}");
        }
    }

    #[test]
    fn every_built_in_parses_is_described_and_keeps_its_word_on_every_target() {
        let mut report = Report::default();
        let origins = Origins { builtins: true, ..Origins::default() };
        let catalog = load(&origins, None, "", &Memory::default(), &mut report).unwrap_or_default();
        assert_eq!(said(&report), "");
        assert_eq!(types().count(), 33);
        let answered: BTreeSet<&str> = catalog.provisioners.iter().map(|one| one.kind.as_str()).collect();
        assert_eq!(types().collect::<BTreeSet<_>>(), answered);
        for provisioner in &catalog.provisioners {
            assert!(!provisioner.description.is_empty(), "{} has no description", provisioner.uri);
            for target in TARGETS {
                let made = make(provisioner, params(provisioner), &rules(target), &mut report);
                assert!(made.is_some(), "{} on {target}: {}", provisioner.uri, said(&report));
                assert_eq!(said(&report), "", "{} on {target}", provisioner.uri);
            }
        }
    }
}
