//! Lowers everything to one Compose project and the files beside it.
//! **Invariant:** what comes out is what Compose reads back as meant: nothing is replaced that the author did not ask for.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use crate::diag::codes::target as codes;
use crate::diag::{At, Diagnostic, Failed, Report};
use crate::model::flow::{Doc, From, Lowered, Resolved};
use crate::model::tree::{Map, Tree};
use crate::target::verdict::{self, Verdict};
use crate::target::{Options, Target};

mod amounts;
mod build;
mod draft;
mod files;
mod harden;
pub mod judge;
mod limits;
mod long;
mod mounts;
pub mod options;
mod order;
mod patched;
mod patches;
mod probes;
mod publish;
mod reach;
mod sections;
mod shape;
mod spell;
mod variables;
mod waits;
mod workload;

use draft::{Draft, Piece};

/// The platform.
#[derive(Debug)]
pub struct Compose;

impl Target for Compose {
    fn name(&self) -> &'static str {
        "compose"
    }

    fn sections(&self) -> &'static [&'static str] {
        &["services", "volumes", "networks", "models", "files", "directories", "outputs"]
    }

    fn default_output(&self) -> &'static str {
        "compose.yaml"
    }

    fn lower(
        &self,
        resolved: &mut Resolved,
        options: &Options,
        report: &mut Report,
    ) -> Result<Lowered, Failed> {
        check_project(&options.compose.project, report);
        let mut draft = Draft::new(&options.compose, &options.layout, report);
        sections::add(&mut draft, resolved);
        for workload in resolved.workloads.values() {
            workload::lower(&mut draft, workload);
        }
        sections::attach_models(&mut draft, resolved);
        waits::add(&mut draft, resolved);
        patches::apply(&mut draft, resolved);
        let lowered = finished(draft);
        report.failed(lowered)
    }

    fn patched(&self, lowered: Lowered, options: &Options, report: &mut Report) -> Result<Lowered, Failed> {
        let lowered = patched::judged(lowered, &options.compose, report);
        report.failed(lowered)
    }

    fn finish(
        &self,
        mut lowered: Lowered,
        resolved: &Resolved,
        options: &Options,
        report: &mut Report,
    ) -> Result<Lowered, Failed> {
        publish::publish(&mut lowered, resolved, &options.compose, report);
        reach::judge(&lowered, &options.compose, report);
        lowered.reachable = reach::reachable(&lowered, resolved);
        report.failed(lowered)
    }

    fn judge(
        &self,
        lowered: &Lowered,
        resolved: &Resolved,
        options: &Options,
        patched: bool,
        report: &mut Report,
    ) -> Verdict {
        let changed = patched || resolved.resources.iter().any(|made| !made.patches.is_empty());
        let brought: BTreeSet<(&str, &str)> =
            lowered.makers.keys().map(|(section, name)| (section.as_str(), name.as_str())).collect();
        let asked = |section: &str, name: &str| changed || brought.contains(&(section, name));
        let mut verdict = Verdict::default();
        for (number, doc) in lowered.docs.iter().enumerate() {
            verdict.faults.extend(judge::judge(number, &doc.tree, &asked).faults);
        }
        let lenient = options.compose.sections == options::Sections::Long;
        verdict::tell_makers(&verdict, lowered, resolved, (patched, lenient), report);
        verdict
    }
}

/// Compose takes only some names for a project.
fn check_project(name: &str, report: &mut Report) {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    let begins = name.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
    if name.is_empty() || begins && name.chars().all(fits) {
        return;
    }
    let words = format!("a Compose project cannot be named `{name}`");
    let said = Diagnostic::new(&codes::PROJECT_NAME, words, At::Named("--project".to_owned()));
    let lower: String = name.to_lowercase().chars().map(|c| if fits(c) { c } else { '-' }).collect();
    report.push(said.help(format!("write `--project {}`", lower.trim_matches(['-', '_']))));
}

fn finished(draft: Draft<'_>) -> Lowered {
    let Draft { options, layout: _, report: _, services, sections, files, folders, private, lenient: _ } =
        draft;
    let all = services.iter().map(|entry| ("services", entry));
    let others =
        sections.iter().flat_map(|(section, pieces)| pieces.iter().map(move |entry| (*section, entry)));
    let made = all.chain(others).filter_map(|(section, (name, piece))| match &piece.from {
        From::Resource(uid) => Some(((section.to_owned(), name.clone()), uid.clone())),
        From::Workload(_) | From::Patch(_) | From::Target => None,
    });
    let makers = made.collect();
    let trees = |pieces: std::collections::BTreeMap<String, Piece>| {
        Tree::Map(pieces.into_iter().map(|(name, piece)| (name, piece.tree)).collect())
    };
    let mut document = Map::from([("services".to_owned(), trees(services))]);
    if !options.project.is_empty() {
        document.insert("name".to_owned(), Tree::from(options.project.as_str()));
    }
    for (section, pieces) in sections.into_iter().filter(|(_, pieces)| !pieces.is_empty()) {
        document.insert(section.to_owned(), trees(pieces));
    }
    Lowered {
        docs: vec![Doc { tree: Tree::Map(document), from: From::Target, part: None }],
        files: files.into_values().collect(),
        folders,
        private,
        reachable: Vec::new(),
        makers,
    }
}

/// Six hex digits that tell texts apart.
fn short_hash(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    let [first, second, third] = [0, 1, 2].map(|n| digest.get(n).copied().unwrap_or_default());
    format!("{first:02x}{second:02x}{third:02x}")
}
