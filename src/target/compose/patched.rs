//! The document that patches left: what Compose would refuse is said, and forms are spelled as elsewhere.

use crate::diag::{At, Diagnostic, Report};
use crate::model::flow::Lowered;
use crate::model::path::Path;
use crate::model::tree::{Map, Tree};
use crate::target::compose::long;
use crate::target::compose::options::{Options, Sections};
use crate::target::compose::shape;

/// Judges and spells the document.
pub(super) fn judged(mut lowered: Lowered, options: &Options, report: &mut Report) -> Lowered {
    let long = options.sections == Sections::Long;
    for doc in &mut lowered.docs {
        let mut oddities = Vec::new();
        if long {
            let tree = std::mem::take(&mut doc.tree);
            doc.tree = filled(long::spelled(tree, &shape::DOCUMENT, &Path::default(), &mut oddities));
        } else {
            long::unknown(&doc.tree, &shape::DOCUMENT, &Path::default(), &mut oddities);
        }
        for oddity in oddities {
            let begin = |code, words, _: &Path| {
                Diagnostic::new(code, words, At::Nowhere).note("a patch template of the project left it so")
            };
            report.push(long::complaint(oddity, false, begin));
        }
    }
    lowered
}

/// The document with services, and with something in each of them.
fn filled(mut tree: Tree) -> Tree {
    let Some(document) = tree.as_map_mut() else { return tree };
    let services = document.entry("services".to_owned()).or_default();
    if *services == Tree::Null {
        *services = Tree::map();
    }
    for service in services.as_map_mut().into_iter().flat_map(Map::values_mut) {
        if *service == Tree::Null {
            *service = Tree::map();
        }
    }
    tree
}
