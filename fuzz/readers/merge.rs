//! Any file and any property laid over any Score file give a document, or an error; files are parted by `===` lines.

use std::sync::Arc;

use sightread::diag::{Report, render};
use sightread::model::flow::Document;
use sightread::read::overlay::{Overlays, Scoped, overlay};
use sightread::read::{Rules, bind, parse, upgrade, validate};
use sightread::world::memory::Memory;

/// Hands a text to the reader.
///
/// # Panics
/// When what must hold does not.
pub(crate) fn hold(text: &str) {
    let mut parts = text.split("\n===\n");
    let mut next = || parts.next().unwrap_or_default();
    let (base, over) = (next(), next());
    let mut world = Memory::default();
    world.put("over.yaml", over, 0o644);
    let any = |value: &str| Scoped { workload: None, container: None, value: value.to_owned() };
    let overlays = Overlays {
        files: if over.is_empty() { Vec::new() } else { vec![any("over.yaml")] },
        properties: parts.map(any).collect(),
        images: vec![any("image:1")],
        builds: Vec::new(),
        makes_way: text.len().is_multiple_of(2),
    };
    let mut report = Report::default();
    let rules = Rules { lenient: true, semantics: true, ..Rules::default() };
    let source = report.sources.add("score.yaml", base);
    if let Ok((file, root)) = parse::parse(source, &rules, &mut report) {
        let document = Document { id: report.sources.reserve(), file, root: Arc::new(root) };
        for document in overlay(vec![document], &overlays, &rules, &world, &mut report).unwrap_or_default() {
            if let Ok(document) = upgrade::upgrade(document, &rules, &mut report)
                && validate::validate(&document, &rules, &mut report).is_ok()
            {
                let bound = bind::bind(vec![document], &rules, &mut report);
                assert!(!bound.is_empty() || report.has_errors(), "refused without a word");
            }
        }
    }
    render::render(&report, false);
}
