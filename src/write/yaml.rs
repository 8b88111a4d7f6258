//! A tree in, YAML text out that six readers of YAML 1.1 and 1.2 read back the same.

use crate::model::tree::Tree;

/// Writes one value in block style, indent 2, maps in the given order of keys, a newline at the end.
pub fn to_text(tree: &Tree, style: Style) -> String {
    let _ = (tree, style);
    unimplemented!()
}

/// How keys are ordered and lists indented.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Style {
    /// `apiVersion, kind, metadata, spec` first in objects that have them, Compose's order in Compose files, else sorted.
    #[default]
    Friendly,
    /// Sorted as Go's yaml.v3 sorts, lists indented under their key.
    Go,
}
