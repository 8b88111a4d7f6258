//! Merge keys: `<<: *base` and `<<: [*first, *second]`. What is written in the map itself wins, then the earlier map.

use crate::model::node::{Kind, Node};

/// Adds the entries of `from` that `into` lacks. The error is the node that is neither a map nor a list of maps.
pub(super) fn merge(into: &mut Vec<(Node, Node)>, from: Node) -> Result<(), Node> {
    match from.kind {
        Kind::Map(entries) => {
            add(into, entries);
            Ok(())
        }
        Kind::List(items) => items.into_iter().try_for_each(|item| match item.kind {
            Kind::Map(entries) => {
                add(into, entries);
                Ok(())
            }
            _ => Err(item),
        }),
        _ => Err(from),
    }
}

/// Adds what a map under a key holds that was set before, so that what speaks of it is not called wrong as well.
pub(super) fn repeated(entries: &mut [(Node, Node)], key: &Node, value: Node) {
    let name = key.key_text();
    let first = entries.iter_mut().find(|(there, _)| there.key_text() == name);
    if let (Some(Kind::Map(into)), Kind::Map(more)) = (first.map(|(_, first)| &mut first.kind), value.kind) {
        add(into, more);
    }
}

fn add(into: &mut Vec<(Node, Node)>, entries: Vec<(Node, Node)>) {
    for (key, value) in entries {
        let name = key.key_text();
        if !into.iter().any(|(there, _)| there.key_text() == name) {
            into.push((key, value));
        }
    }
}
