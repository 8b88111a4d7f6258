//! Changes to a tree: merge a map, set or delete at a path, give an image.

use crate::diag::codes::read as codes;
use crate::diag::{At, Diagnostic};
use crate::model::node::{Kind, Node, Style};

/// Lays `over` over `base`: maps merge, everything else replaces, null included.
pub(super) fn merge(base: &mut Node, over: &Node) {
    let Kind::Map(changes) = &over.kind else {
        if over.kind != Kind::Null {
            *base = over.clone();
        }
        return;
    };
    for (key, change) in changes {
        match slot(base, key) {
            Some(value) if matches!((&value.kind, &change.kind), (Kind::Map(_), Kind::Map(_))) => {
                merge(value, change);
            }
            Some(value) => *value = change.clone(),
            None => put(base, key, change.clone()),
        }
    }
}

/// What becomes of the place at a path.
#[derive(Clone, Copy)]
pub(super) enum Change<'a> {
    /// It gets a value.
    Set(&'a Node),
    /// It goes; where it is not, nothing changes.
    Delete,
    /// It goes, and maps on the way to it are made.
    DeleteAndMakeWay,
}

impl<'a> Change<'a> {
    fn value(self) -> Option<&'a Node> {
        match self {
            Self::Set(value) => Some(value),
            Self::Delete | Self::DeleteAndMakeWay => None,
        }
    }
}

/// Sets the value at a path, or deletes it. Maps on the way are made; an index of a list must exist, `-1` appends.
pub(super) fn set(base: &mut Node, path: &[Node], change: Change<'_>) -> Result<(), Box<Diagnostic>> {
    let Some((key, rest)) = path.split_first() else {
        if let Some(value) = change.value() {
            *base = value.clone();
        }
        return Ok(());
    };
    match &mut base.kind {
        Kind::List(items) => set_item(items, key, rest, change),
        Kind::Map(_) | Kind::Null => set_entry(base, key, rest, change),
        _ => Err(scalar(base, key)),
    }
}

fn set_entry(base: &mut Node, key: &Node, rest: &[Node], change: Change<'_>) -> Result<(), Box<Diagnostic>> {
    if let (true, None) = (rest.is_empty(), change.value()) {
        match &mut base.kind {
            Kind::Map(entries) => entries.retain(|(name, _)| name.key_text() != key.key_text()),
            Kind::Null if matches!(change, Change::DeleteAndMakeWay) => base.kind = Kind::Map(Vec::new()),
            _ => {}
        }
        return Ok(());
    }
    if slot(base, key).is_none() {
        if matches!(change, Change::Delete) {
            return Ok(());
        }
        put(
            base,
            key,
            Node { source: key.source, span: key.span.clone(), style: Style::Plain, kind: Kind::Null },
        );
    }
    slot(base, key).map_or(Ok(()), |there| set(there, rest, change))
}

fn set_item(
    items: &mut Vec<Node>,
    key: &Node,
    rest: &[Node],
    change: Change<'_>,
) -> Result<(), Box<Diagnostic>> {
    let length = items.len();
    let text = key.key_text();
    let index = match text.parse::<usize>() {
        Ok(index) if index < length => index,
        Ok(index) => return Err(out_of_range(key, index, length)),
        Err(_) if text == "-1" => {
            // A place at the end, which the rest of the path then fills.
            if change.value().is_none() {
                return Err(nothing_to_delete(key));
            }
            let end =
                Node { source: key.source, span: key.span.clone(), style: Style::Plain, kind: Kind::Null };
            items.push(end);
            return items.last_mut().map_or(Ok(()), |end| set(end, rest, change));
        }
        Err(_) => return Err(no_index(key)),
    };
    if rest.is_empty() && change.value().is_none() {
        items.remove(index);
        return Ok(());
    }
    items.get_mut(index).map_or(Ok(()), |item| set(item, rest, change))
}

/// The value under a key of a map, to change.
fn slot<'a>(base: &'a mut Node, key: &Node) -> Option<&'a mut Node> {
    let Kind::Map(entries) = &mut base.kind else { return None };
    let name = key.key_text();
    entries.iter_mut().find(|(there, _)| there.key_text() == name).map(|(_, value)| value)
}

/// Adds an entry; what is no map becomes one.
fn put(base: &mut Node, key: &Node, value: Node) {
    if let Kind::Map(entries) = &mut base.kind {
        entries.push((key.clone(), value));
    } else {
        base.kind = Kind::Map(vec![(key.clone(), value)]);
    }
}

/// A container by name, to change.
pub(super) fn container<'a>(root: &'a mut Node, name: &str) -> Option<&'a mut Node> {
    let Kind::Map(entries) = &mut root.kind else { return None };
    let (_, containers) = entries.iter_mut().find(|(key, _)| key.key_text() == "containers")?;
    let Kind::Map(containers) = &mut containers.kind else { return None };
    containers.iter_mut().find(|(key, _)| key.key_text() == name).map(|(_, value)| value)
}

/// The names of all containers.
pub(super) fn container_names(root: &Node) -> Vec<String> {
    let containers = root.get("containers").and_then(Node::as_map);
    containers.into_iter().flatten().map(|(key, _)| key.key_text()).collect()
}

/// Gives an image to a container that waits for one: its image is `.`, or, where `lenient`, empty or absent. Says whether
/// it did.
pub(super) fn fill_image(container: &mut Node, image: &Node, lenient: bool) -> bool {
    let Some(now) = container.get("image") else {
        return lenient && set_image(container, image);
    };
    let waits = match &now.kind {
        Kind::Str(text) => text == "." || lenient && text.is_empty(),
        Kind::Null => lenient,
        Kind::Bool(_)
        | Kind::Int(_)
        | Kind::Uint(_)
        | Kind::Float(_)
        | Kind::Time(_)
        | Kind::List(_)
        | Kind::Map(_) => false,
    };
    waits && set_image(container, image)
}

/// Gives an image to a container, whatever it had; what is no map is left as it is. Says whether it did.
pub(super) fn set_image(container: &mut Node, image: &Node) -> bool {
    let Kind::Map(entries) = &mut container.kind else { return false };
    if let Some((_, value)) = entries.iter_mut().find(|(key, _)| key.key_text() == "image") {
        *value = image.clone();
    } else {
        let mut key = image.clone();
        key.kind = Kind::Str("image".to_owned());
        entries.push((key, image.clone()));
    }
    true
}

fn at(key: &Node) -> At {
    At::Span(key.source, key.span.clone())
}

fn out_of_range(key: &Node, index: usize, length: usize) -> Box<Diagnostic> {
    let message = format!("the list has no item {index}");
    let said = Diagnostic::new(&codes::OVERRIDE_PATH, message, at(key));
    let said = match length {
        0 => said.note("it is empty"),
        _ => said.note(format!("its items are counted from 0 to {}", length - 1)),
    };
    Box::new(said.help("`-1` appends an item"))
}

fn no_index(key: &Node) -> Box<Diagnostic> {
    let message = format!("`{}` is not an index, and what stands here is a list", key.key_text());
    let said = Diagnostic::new(&codes::OVERRIDE_PATH, message, at(key));
    Box::new(said.help("give the item by its number, counted from 0, or append with `-1`"))
}

fn nothing_to_delete(key: &Node) -> Box<Diagnostic> {
    let said = Diagnostic::new(&codes::OVERRIDE_PATH, "`-1` appends, so there is nothing to delete", at(key));
    Box::new(said.help("give the item by its number, counted from 0"))
}

fn scalar(base: &Node, key: &Node) -> Box<Diagnostic> {
    let kind = base.tree().kind();
    let message = format!("the path leads into {kind}, which has no `{}`", key.key_text());
    Box::new(Diagnostic::new(&codes::OVERRIDE_PATH, message, at(key)).also(at(base), "this is in the way"))
}
