//! KYAML: YAML in flow style, with braces, double-quoted strings and trailing commas.

use crate::model::tree::{Map, Tree};
use crate::write::scalar::{double_quoted, is_plain};
use crate::write::yaml::Style;

/// Writes one document, its `---` included.
pub fn to_text(tree: &Tree) -> String {
    let mut out = String::from("---\n");
    value(tree, 0, &mut out);
    out.push('\n');
    out
}

fn value(tree: &Tree, indent: usize, out: &mut String) {
    match tree {
        Tree::Map(entries) if !entries.is_empty() => map(entries, indent, out),
        Tree::List(items) if !items.is_empty() => list(items, indent, out),
        Tree::Str(text) => double_quoted(text, Style::Friendly, out),
        Tree::Text(text) => double_quoted(&text.masked(), Style::Friendly, out),
        scalar => out.push_str(crate::write::yaml::to_text(scalar, Style::Friendly).trim_end()),
    }
}

fn map(entries: &Map, indent: usize, out: &mut String) {
    out.push_str("{\n");
    // compat(score-k8s): keys are sorted, whatever people would look for first.
    for (key, below) in entries {
        pad(indent + 2, out);
        if is_plain(key, true) {
            out.push_str(key);
        } else {
            double_quoted(key, Style::Friendly, out);
        }
        out.push_str(": ");
        value(below, indent + 2, out);
        out.push_str(",\n");
    }
    pad(indent, out);
    out.push('}');
}

/// Lists of maps and lists are cuddled, as KYAML has it: `[{`, `}, {`, `}]`.
fn list(items: &[Tree], indent: usize, out: &mut String) {
    let cuddled = items.iter().all(|item| !item.is_blank() && matches!(item, Tree::Map(_) | Tree::List(_)));
    out.push('[');
    if !cuddled {
        out.push('\n');
    }
    for (n, item) in items.iter().enumerate() {
        if cuddled {
            out.push_str(if n == 0 { "" } else { ", " });
            value(item, indent, out);
        } else {
            pad(indent + 2, out);
            value(item, indent + 2, out);
            out.push_str(",\n");
        }
    }
    if !cuddled {
        pad(indent, out);
    }
    out.push(']');
}

fn pad(width: usize, out: &mut String) {
    out.extend(std::iter::repeat_n(' ', width));
}
