//! Where something that a provisioner made is written: in the provisioner's own file, where whoever keeps that can mend
//! it; where there is no such file, it is told where the resource is declared.

use std::ops::Range;

use crate::diag::codes::Code;
use crate::diag::source::Sources;
use crate::diag::{At, Diagnostic, Focus};
use crate::model::flow::{DocId, Provisioned, Written};
use crate::model::node::Node;
use crate::model::path::{Path, Step};

/// Lists that are not as they were written: a target adds variables to them and takes some out.
const MOVED: [&str; 2] = ["env", "environment"];

/// A complaint about what a provisioner made. The path begins with the name of a section.
pub(super) fn complaint(
    code: &'static Code,
    message: String,
    resource: &Provisioned,
    path: &Path,
    sources: &Sources,
) -> Diagnostic {
    let (at, notes) = place(resource, path, sources);
    let said = match at {
        Some(at) => Diagnostic::new(code, message, at).also(declared(resource), "for this resource"),
        None => Diagnostic::new(code, message, declared(resource)),
    };
    notes.into_iter().fold(said, Diagnostic::note)
}

/// Where a resource is declared.
pub(super) fn declared(resource: &Provisioned) -> At {
    At::key(resource.declared.doc, Path::of(["resources", resource.declared.name.as_str()]))
}

/// Where a part of what was made is written, and who made it, where the name of the file does not say so.
pub(super) fn place(resource: &Provisioned, path: &Path, sources: &Sources) -> (Option<At>, Option<String>) {
    let provisioner = &resource.provisioner;
    let found = provisioner.doc.zip(provisioner.sections.as_ref());
    let found = found.and_then(|(doc, top)| Some((doc, sources.document(doc)?, top)));
    let at = found.map(|(doc, root, top)| at(doc, root, top, path, &resource.written));
    let is_told = at.is_some() && provisioner.uri.starts_with("file://");
    (at, (!is_told).then(|| format!("provisioner `{}` made it", provisioner.uri)))
}

/// The place of the deepest step that is written.
fn at(doc: DocId, root: &Node, top: &Path, path: &Path, written: &Written) -> At {
    let mut here = top.clone();
    for step in path.steps() {
        let (above, made) = (here.last_key().unwrap_or_default(), (here.clone(), step.clone()));
        let next = here.then(written.get(&made).unwrap_or(step).clone());
        if root.at(&next).is_none() || matches!(step, Step::Index(_)) && MOVED.contains(&above) {
            break;
        }
        here = next;
    }
    let template = root.at(&here).and_then(Node::as_str);
    let key = path.steps().iter().rev().find_map(Step::key);
    match template.zip(key).and_then(|(text, key)| once(text, key)) {
        Some(range) => At::Path(doc, here, Focus::Bytes(range)),
        None => At::key(doc, here),
    }
}

/// Where a template writes a key, when it does so in one place alone.
fn once(template: &str, key: &str) -> Option<Range<usize>> {
    let begins = |before: &str| before.is_empty() || before.ends_with([' ', '\n', '{', ',', '"', '\'']);
    let ends = |after: &str| after.trim_start_matches(['"', '\'']).starts_with(':');
    let is_key = |start: usize| {
        let (before, after) = (template.get(..start), template.get(start + key.len()..));
        before.is_some_and(begins) && after.is_some_and(ends)
    };
    let mut found = template.match_indices(key).map(|(start, _)| start).filter(|start| is_key(*start));
    let start = found.next()?;
    found.next().is_none().then(|| start..start + key.len())
}

#[cfg(test)]
mod tests {
    use super::once;

    #[test]
    fn a_key_is_found_where_it_is_written_once() {
        let table = [
            ("a:\n  image: x\n", "image", Some(5)),
            ("a: {image: x, images: y}\n", "image", Some(4)),
            ("a: {\"image\": x}\n", "image", Some(5)),
            ("a: {image: x}\nb: {image: y}\n", "image", None),
            ("a: image\n", "image", None),
            ("- port: 80\n", "port", Some(2)),
            ("a: {}\n", "image", None),
        ];
        for (template, key, start) in table {
            assert_eq!(once(template, key).map(|range| range.start), start, "{key} in {template:?}");
        }
    }
}
