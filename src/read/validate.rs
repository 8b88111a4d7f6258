//! Holds a document against the specification's schema and the rules a schema cannot say. Reports all that is wrong.
//!
//! **Invariant:** what a schema validator says never reaches a person; each of its errors becomes one of our own.

mod before;
mod cures;
mod foreign;
mod image;
mod lookalike;
mod ports;
mod references;
mod schema;
mod shape;
mod values;

use crate::diag::{At, Diagnostic, Failed, Report};
use crate::model::flow::{DocId, Document};
use crate::model::node::Node;
use crate::model::path::Path;
use crate::read::Rules;

/// Judges one document.
///
/// # Errors
/// When anything is wrong with it.
pub fn validate(document: &Document, rules: &Rules, report: &mut Report) -> Result<(), Failed> {
    let mut judge = Judge { doc: document.id, root: &document.root, said: Vec::new() };
    schema::judge(&mut judge);
    if rules.semantics {
        references::judge(&mut judge);
        image::judge(&mut judge);
    }
    if rules.order {
        before::judge(&mut judge);
    }
    for diagnostic in judge.said {
        report.push(diagnostic);
    }
    report.failed(())
}

/// A document under judgement.
struct Judge<'a> {
    doc: DocId,
    root: &'a Node,
    said: Vec<Diagnostic>,
}

impl Judge<'_> {
    fn say(&mut self, diagnostic: Diagnostic) {
        self.said.push(diagnostic);
    }

    /// The key at a path.
    const fn key(&self, path: Path) -> At {
        At::key(self.doc, path)
    }

    /// The value at a path.
    const fn value(&self, path: Path) -> At {
        At::value(self.doc, path)
    }

    /// The names in a section at the top.
    fn names(&self, section: &str) -> Vec<String> {
        let entries = self.root.get(section).and_then(Node::as_map).unwrap_or_default();
        entries.iter().map(|(key, _)| key.key_text()).collect()
    }
}
