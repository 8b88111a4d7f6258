//! Rewrites older spellings to today's, each with a word about it. Places stay where the user wrote them.
//!
//! **Invariant:** nothing is dropped in silence; an item that cannot be rewritten is an error.

mod lists;
mod wild;

use std::sync::Arc;

use crate::diag::{At, Diagnostic, Failed, Report};
use crate::model::flow::Document;
use crate::model::node::{Kind, Node};
use crate::read::Rules;

/// Rewrites a document and keeps it in the report's sources, so that later paths find their places.
///
/// # Errors
/// When an old spelling cannot be understood.
pub fn upgrade(document: Document, rules: &Rules, report: &mut Report) -> Result<Document, Failed> {
    let Document { id, file, mut root } = document;
    let mut said = Vec::new();
    if rules.lenient {
        wild::forgive(Arc::make_mut(&mut root), &mut said);
    }
    each_value(Arc::make_mut(&mut root), "containers", &mut |name, container| {
        lists::rewrite(name, container, rules.drop_items, &mut said);
    });
    report.sources.keep(id, Arc::clone(&root));
    for diagnostic in said {
        report.push(diagnostic);
    }
    report.failed(Document { id, file, root })
}

/// The place of a node, wherever it is moved to.
fn place(node: &Node) -> At {
    At::Span(node.source, node.span.clone())
}

/// The entries of a map, to change.
fn entries(node: &mut Node) -> Option<&mut Vec<(Node, Node)>> {
    match &mut node.kind {
        Kind::Map(entries) => Some(entries),
        _ => None,
    }
}

/// The value under a key, to change.
fn value<'a>(node: &'a mut Node, key: &str) -> Option<&'a mut Node> {
    entries(node)?.iter_mut().find(|(name, _)| name.key_text() == key).map(|(_, value)| value)
}

/// Visits every value of the map under a key, with its name.
fn each_value(root: &mut Node, key: &str, visit: &mut dyn FnMut(&str, &mut Node)) {
    for (name, value) in value(root, key).and_then(entries).into_iter().flatten() {
        visit(&name.key_text(), value);
    }
}

type Said = Vec<Diagnostic>;
