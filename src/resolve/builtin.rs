//! The built-in provisioners: the files of `provisioners/`, as they are.

use include_dir::{Dir, include_dir};

static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/provisioners");

/// Every built-in file by its name without the ending: `postgres`, `volume.ephemeral`. Those with a class come first,
/// so that they are found before the one without.
fn all() -> Vec<(&'static str, &'static str)> {
    let mut found: Vec<(&str, &str)> = FILES
        .files()
        .filter_map(|file| Some((file.path().to_str()?.strip_suffix(".yaml")?, file.contents_utf8()?)))
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
    use std::collections::BTreeMap;

    use super::types;
    use crate::diag::Report;
    use crate::diag::source::Sources;
    use crate::model::flow::{Declared, DocId, Planned};
    use crate::model::text::Hidden;
    use crate::model::tree::{Map, Tree};
    use crate::model::uid::Uid;
    use crate::resolve::Rules;
    use crate::resolve::catalog::{Catalog, Origins, load};
    use crate::resolve::contract::read::TARGETS;
    use crate::resolve::provisioner::{Input, Made, Provisioner, WorkloadPort, WorkloadService, run};
    use crate::world::memory::Memory;

    fn catalog(report: &mut Report) -> Catalog {
        let origins = Origins { paths: Vec::new(), builtins: true };
        load(&origins, None, "", &Memory::default(), report).unwrap_or_default()
    }

    fn params(kind: &str) -> Tree {
        let pairs: &[(&str, Tree)] = &match kind {
            "route" => {
                vec![("host", Tree::from("web.localhost")), ("path", "/api/".into()), ("port", "80".into())]
            }
            "service-port" => vec![("workload", "web".into()), ("port", "http".into())],
            "service" => vec![("workload", "web".into())],
            _ => Vec::new(),
        };
        Tree::from_pairs(pairs.iter().cloned())
    }

    /// Asks one provisioner for one resource of a workload `web` with a port `http`.
    fn make(provisioner: &Provisioner, params: Tree, target: &str, report: &mut Report) -> Option<Made> {
        let declared = Declared { doc: DocId(0), workload: "web".into(), name: "it".into() };
        let resource = Planned {
            uid: Uid::of("web", "it", &provisioner.kind, provisioner.class.as_deref(), None),
            guid: "0".into(),
            params: Tree::Null,
            metadata: Tree::Null,
            source_workload: "web".into(),
            source: declared.clone(),
            declared: vec![declared],
            needs: Vec::new(),
        };
        let port = WorkloadPort { name: "http".into(), port: 80, target_port: 8080, protocol: "TCP".into() };
        let ports = BTreeMap::from([("http".to_owned(), port.clone()), ("80".to_owned(), port)]);
        let services = BTreeMap::from([("web".to_owned(), WorkloadService { name: "web".into(), ports })]);
        let rules = Rules {
            target: target.to_owned(),
            seed: Some(Hidden::new("seed")),
            mounts: "./compose.d".to_owned(),
            ..Rules::default()
        };
        let (shared, metadata) = (Map::new(), Map::new());
        let input = Input {
            resource: &resource,
            params,
            state: Tree::map(),
            shared: &shared,
            services: &services,
            workload_metadata: &metadata,
            rules: &rules,
        };
        run(provisioner, &input, &Memory::default(), report).ok()
    }

    fn said(report: &Report) -> String {
        let Report { diagnostics, sources: Sources { .. } } = report;
        diagnostics.iter().map(|said| format!("{} {:?} {:?}", said.message, said.at, said.notes)).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn every_built_in_parses_is_described_and_keeps_its_word_on_every_target() {
        let mut report = Report::default();
        let catalog = catalog(&mut report);
        assert_eq!(said(&report), "");
        assert!(types().count() >= 9);
        for provisioner in &catalog.provisioners {
            assert!(!provisioner.description.is_empty(), "{} has no description", provisioner.uri);
            for target in TARGETS {
                let made = make(provisioner, params(&provisioner.kind), target, &mut report);
                assert!(made.is_some(), "{} on {target}: {}", provisioner.uri, said(&report));
                assert_eq!(said(&report), "", "{} on {target}", provisioner.uri);
            }
        }
    }
}
