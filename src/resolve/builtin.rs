//! The built-in provisioners: the files of `provisioners/`, as they are.

use include_dir::{Dir, include_dir};

/// What the identity of a built-in provisioner begins with.
pub const SCHEME: &str = "builtin://";

static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/provisioners");

/// The file of the folder that is no provisioner (see [`crate::resolve::images`]).
const IMAGES: &str = "images";

/// Every built-in file by its name without the ending: `postgres`, `volume.ephemeral`. Those with a class come first,
/// so that they are found before the one without.
fn all() -> Vec<(&'static str, &'static str)> {
    let mut found: Vec<(&str, &str)> = FILES
        .files()
        .filter_map(|file| Some((file.path().to_str()?.strip_suffix(".yaml")?, file.contents_utf8()?)))
        .filter(|(name, _)| *name != IMAGES)
        .collect();
    found.sort_by_key(|(name, _)| (!name.contains('.'), *name));
    found
}

/// The type that a built-in file answers for.
fn kind(name: &str) -> &str {
    name.split_once('.').map_or(name, |(kind, _)| kind)
}

/// All types that are built in, sorted.
pub fn types() -> impl Iterator<Item = &'static str> {
    let mut types: Vec<&str> = all().into_iter().map(|(name, _)| kind(name)).collect();
    types.sort_unstable();
    types.dedup();
    types.into_iter()
}

/// Name and text of the built-in files for some types, or of all.
pub fn files(wanted: Option<&[&str]>) -> impl Iterator<Item = (&'static str, &'static str)> {
    let asked = |name: &str| wanted.is_none_or(|wanted| wanted.contains(&kind(name)));
    all().into_iter().filter(move |(name, _)| asked(name)).collect::<Vec<_>>().into_iter()
}

#[cfg(test)]
mod tests {
    use super::types;
    use crate::diag::Report;
    use crate::model::tree::Tree;
    use crate::resolve::catalog::{Origins, load};
    use crate::resolve::contract::read::TARGETS;
    use crate::resolve::images::{reference, table};
    use crate::resolve::trial::{make, rules, said};
    use crate::world::memory::Memory;

    fn params(kind: &str) -> Tree {
        let pairs = match kind {
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
                let made = make(provisioner, params(&provisioner.kind), &rules, &mut report);
                let mut found = Vec::new();
                made.iter().flat_map(|made| made.sections.values()).for_each(|tree| images(tree, &mut found));
                for image in found {
                    assert!(known.contains(&image), "{} on {target} uses `{image}`", provisioner.uri);
                }
            }
        }
    }

    #[test]
    fn every_built_in_parses_is_described_and_keeps_its_word_on_every_target() {
        let mut report = Report::default();
        let origins = Origins { builtins: true, ..Origins::default() };
        let catalog = load(&origins, None, "", &Memory::default(), &mut report).unwrap_or_default();
        assert_eq!(said(&report), "");
        assert_eq!(types().count(), 33);
        for provisioner in &catalog.provisioners {
            assert!(!provisioner.description.is_empty(), "{} has no description", provisioner.uri);
            for target in TARGETS {
                let made = make(provisioner, params(&provisioner.kind), &rules(target), &mut report);
                assert!(made.is_some(), "{} on {target}: {}", provisioner.uri, said(&report));
                assert_eq!(said(&report), "", "{} on {target}", provisioner.uri);
            }
        }
    }
}
