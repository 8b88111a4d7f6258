//! What a target finds wrong with documents that are finished, and how it is told to whoever made them.

use std::collections::BTreeMap;

use crate::diag::codes::Code;
use crate::diag::source::Sources;
use crate::diag::{At, Diagnostic, Report, Severity};
use crate::model::flow::{Doc, DocId, From, Lowered, Provisioned, Resolved};
use crate::model::path::{Path, Step};
use crate::model::tree::Tree;
use crate::model::uid::Uid;
use crate::target::written;

/// What a Score file among manifests is called; no kind has a space in its name.
pub const SCORE_FILE: &str = "Score file";

/// What is said of a warning about a record in the older format.
pub(crate) const STRICTER: &str = "`--strict-provisioners` makes this an error";

/// Something that is wrong with a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The document, by its place in the list.
    pub doc: usize,
    /// Where in it.
    pub path: Path,
    /// The row of the table.
    pub code: &'static Code,
    /// What is said of the place: `is an integer, not a string`.
    pub said: String,
    /// A name that may have been meant.
    pub near: Option<String>,
    /// True for a key that the platform does not know.
    pub is_unknown: bool,
}

/// The resources by their identity.
type Makers<'a> = BTreeMap<&'a Uid, &'a Provisioned>;

/// What came out.
#[derive(Debug, Default)]
pub struct Verdict {
    /// All that is wrong, in the order of the documents.
    pub faults: Vec<Fault>,
    /// Kinds that nothing here describes, with the number of their objects; only their names were judged.
    pub unjudged: BTreeMap<String, usize>,
}

impl Fault {
    /// The sentence about a document.
    fn sentence(&self, tree: &Tree) -> String {
        let kind = tree.get("kind").and_then(Tree::as_str).unwrap_or("document");
        let name = tree.get("metadata").and_then(|meta| meta.get("name")).and_then(Tree::as_str);
        let whole = match (tree.get("services"), name) {
            (Some(_), _) => "the Compose file".to_owned(),
            (None, Some(name)) => format!("the {kind} `{name}`"),
            (None, None) => format!("a {kind}"),
        };
        if self.path == Path::default() {
            format!("{whole} {}", self.said)
        } else {
            format!("`{}` of {whole} {}", self.path, self.said)
        }
    }

    fn diagnostic(&self, tree: &Tree, at: At) -> Diagnostic {
        let said = Diagnostic::new(self.code, self.sentence(tree), at);
        match &self.near {
            Some(near) => said.help(format!("did you mean `{near}`?")),
            None => said,
        }
    }
}

/// Tells faults of documents that were made, at the place that asked for them. `patched` is true where patch templates
/// ran; with `lenient` nothing is worse than a warning.
pub(crate) fn tell_makers(
    verdict: &Verdict,
    lowered: &Lowered,
    resolved: &Resolved,
    (patched, lenient): (bool, bool),
    report: &mut Report,
) {
    if verdict.faults.is_empty() {
        return;
    }
    let by_uid: Makers<'_> = resolved.resources.iter().map(|made| (&made.uid, made)).collect();
    for fault in &verdict.faults {
        let Some(doc) = lowered.docs.get(fault.doc) else { continue };
        let mut said = maker(doc, fault, lowered, (resolved, &by_uid), patched, &report.sources);
        if patched && !matches!(doc.from, From::Patch(_)) {
            said.notes.push("patch templates ran and may have changed it".to_owned());
        }
        let is_forgiven = fault.is_unknown
            && matches!(&doc.from, From::Resource(uid) if resolved.resources.iter()
                .any(|made| made.uid == *uid && made.provisioner.is_lenient));
        if (lenient || is_forgiven) && said.severity == Severity::Error {
            said.severity = Severity::Warning;
            said.notes.extend(is_forgiven.then(|| STRICTER.to_owned()));
        }
        report.push(said);
    }
}

/// What is said to who made a document, at its place.
fn maker(
    doc: &Doc,
    fault: &Fault,
    lowered: &Lowered,
    (resolved, by_uid): (&Resolved, &Makers<'_>),
    patched: bool,
    sources: &Sources,
) -> Diagnostic {
    let said = |at: At| fault.diagnostic(&doc.tree, at);
    let within = existing(&doc.tree, &fault.path);
    match &doc.from {
        From::Workload(name) => {
            let at = resolved
                .workloads
                .get(name)
                .map_or(At::Nowhere, |workload| At::value(workload.doc, Path::of(["metadata", "name"])));
            said(at).note(format!("it is made of the workload `{name}`"))
        }
        From::Resource(uid) => {
            let top = doc.part.map(|part| Path::of(["manifests"]).then(part));
            let path = top.map_or_else(Path::top, |top| if patched { top } else { top.join(&within) });
            by_uid.get(uid).map_or_else(|| said(At::Nowhere), |made| whose(&said, made, &path, sources))
        }
        From::Patch(number) => said(At::Nowhere).note(format!("patch template {number} made it")),
        From::Target => {
            let steps: Vec<&str> = fault.path.steps().iter().filter_map(Step::key).collect();
            let [section, name, ..] = steps.as_slice() else { return said(At::Nowhere) };
            let uid = lowered.makers.get(&((*section).to_owned(), (*name).to_owned()));
            let path = if patched { Path::of([*section, *name]) } else { within };
            let made = uid.and_then(|uid| by_uid.get(uid));
            made.map_or_else(|| said(At::Nowhere), |made| whose(&said, made, &path, sources))
        }
    }
}

/// What is said of a part of what a provisioner made.
fn whose(said: &dyn Fn(At) -> Diagnostic, made: &Provisioned, path: &Path, sources: &Sources) -> Diagnostic {
    let asked = written::declared(made);
    let (at, note) = written::place(made, path, sources);
    let said = match at {
        Some(at) => said(at).also(asked, "for this resource"),
        None => said(asked),
    };
    note.into_iter().fold(said, Diagnostic::note)
}

/// The part of a path that a document has: what is missing is shown where it should be.
fn existing(tree: &Tree, path: &Path) -> Path {
    let mut path = path.clone();
    while tree.at(&path).is_none() {
        let Some(shorter) = path.parent() else { break };
        path = shorter;
    }
    path
}

/// Tells faults of documents that were read, each at its own place.
pub fn tell_readers(verdict: &Verdict, docs: &[(DocId, Path, Tree)], report: &mut Report) {
    for fault in &verdict.faults {
        let Some((doc, above, tree)) = docs.get(fault.doc) else { continue };
        let path = above.join(&existing(tree, &fault.path));
        report.push(fault.diagnostic(tree, At::key(*doc, path)));
    }
}
