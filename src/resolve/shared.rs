//! What provisioners share: the tree that the state keeps, and the same as Go templates see it, which grows with it
//! instead of being made anew for every template.
//!
//! **Invariant:** what one template does to the maps that it sees is not seen by the next one.

use std::cell::{Cell, OnceCell};
use std::rc::Rc;

use crate::model::marker;
use crate::model::tree::{Map, Tree};
use crate::resolve::engine::gotmpl::{Log, Map as Entries, Value};

/// What provisioners share.
#[derive(Debug, Default)]
pub struct Shared {
    tree: Map,
    /// The tree as an earlier run left it.
    former: Map,
    seen: OnceCell<(Rc<Entries>, Rc<Log>)>,
    laid: Cell<bool>,
}

impl Shared {
    /// What a state holds.
    pub fn new(tree: Map) -> Self {
        Self { former: tree.clone(), tree, ..Self::default() }
    }

    /// The tree, without patches that are not kept yet.
    pub const fn tree(&self) -> &Map {
        &self.tree
    }

    /// The tree, at the end.
    pub fn into_tree(self) -> Map {
        self.tree
    }

    /// Has something read as Go templates see it; what it changes in it is taken back.
    pub fn seen<T>(&self, read: impl FnOnce(Value) -> T) -> T {
        let (all, log) = self.made();
        let before = log.len();
        let made = read(Value::Map(Rc::clone(all)));
        log.take_back(before);
        made
    }

    /// Lays a patch over what templates see, until it is kept or dropped.
    pub fn lay(&self, patch: &Map) {
        let (all, log) = self.made();
        lay(all, patch, log);
        self.laid.set(true);
    }

    /// True when a patch changes or removes something that an earlier run left and that no other has changed since.
    pub fn outdates(&self, patch: &Tree) -> bool {
        patch.as_map().is_some_and(|patch| outdates(&self.former, &self.tree, patch))
    }

    /// Keeps a patch, whether it was laid before or not: maps merge, null removes, all else replaces.
    pub fn keep(&mut self, patch: &Tree) {
        if patch.is_blank() {
            return self.forget();
        }
        let mut tree = Tree::Map(std::mem::take(&mut self.tree));
        tree.merge_patch(patch);
        self.tree = tree.as_map_mut().map(std::mem::take).unwrap_or_default();
        match (self.seen.get(), patch) {
            (Some((all, log)), Tree::Map(patch)) => {
                if !self.laid.get() {
                    lay(all, patch, log);
                }
                log.settle();
            }
            _ => self.seen = OnceCell::new(),
        }
        self.laid.set(false);
    }

    /// Drops a patch that was laid.
    pub fn forget(&mut self) {
        if let Some((_, log)) = self.seen.get() {
            log.take_back(0);
        }
        self.laid.set(false);
    }

    fn made(&self) -> &(Rc<Entries>, Rc<Log>) {
        self.seen.get_or_init(|| {
            let log = Rc::default();
            (entries(&self.tree, &log), log)
        })
    }
}

fn outdates(former: &Map, tree: &Map, patch: &Map) -> bool {
    patch.iter().any(|(key, change)| match (former.get(key), tree.get(key), change) {
        (Some(Tree::Map(former)), Some(Tree::Map(tree)), Tree::Map(patch)) => outdates(former, tree, patch),
        (Some(former), Some(tree), change) => former == tree && change != tree,
        _ => false,
    })
}

/// A map that notes its changes.
fn entries(map: &Map, log: &Rc<Log>) -> Rc<Entries> {
    let entries = map.iter().map(|(key, tree)| (key.clone(), value(tree, log)));
    Entries::noting(entries.collect(), log)
}

fn value(tree: &Tree, log: &Rc<Log>) -> Value {
    match tree {
        Tree::Map(map) => Value::Map(entries(map, log)),
        Tree::List(list) => Value::list(list.iter().map(|item| value(item, log)).collect()),
        Tree::Text(text) => Value::from(marker::write(text)),
        other => Value::try_from(other).unwrap_or(Value::Nil),
    }
}

/// Lays a patch over a map as [`Tree::merge_patch`] does.
fn lay(all: &Rc<Entries>, patch: &Map, log: &Rc<Log>) {
    for (key, change) in patch {
        let there = all.entries.borrow().get(key).cloned();
        match (change, there) {
            (Tree::Null, _) => all.change(key, None),
            (Tree::Map(patch), Some(Value::Map(there))) => lay(&there, patch, log),
            (Tree::Map(patch), _) => {
                let fresh = entries(&Map::new(), log);
                lay(&fresh, patch, log);
                all.change(key, Some(Value::Map(fresh)));
            }
            (Tree::Str(text), Some(Value::Str(there))) if **text == *there => {}
            (other, _) => all.change(key, Some(value(other, log))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Shared;
    use crate::model::tree::{Map, Tree};
    use crate::resolve::engine::gotmpl::Value;
    use crate::resolve::engine::gotmpl::sprig::dicts::put;

    fn map(json: &str) -> Map {
        let tree: Tree = serde_json::from_str(json).expect(json);
        tree.as_map().cloned().unwrap_or_default()
    }

    fn seen(shared: &Shared) -> String {
        shared.seen(|all| Tree::try_from(&all).unwrap_or_default().to_json().to_string())
    }

    #[test]
    fn what_is_seen_grows_with_the_tree() {
        let mut shared = Shared::new(map(r#"{"a": {"b": 1}, "c": "x"}"#));
        let patches = [
            r#"{"a": {"d": [1, {"e": 2}]}}"#,
            r#"{"a": {"b": null, "f": {"g": null, "h": 1}}, "c": {"i": "y"}}"#,
            "{}",
            r#"{"c": "y", "a": {"f": 1.5}}"#,
        ];
        for (number, patch) in patches.iter().enumerate() {
            let before = seen(&shared);
            shared.lay(&map(patch));
            let laid = seen(&shared);
            shared.forget();
            assert_eq!(seen(&shared), before, "{patch}");
            if number % 2 == 0 {
                shared.lay(&map(patch));
            }
            shared.keep(&Tree::Map(map(patch)));
            assert_eq!(seen(&shared), laid, "{patch}");
            assert_eq!(laid, Tree::Map(shared.tree().clone()).to_json().to_string(), "{patch}");
        }
    }

    #[test]
    fn what_a_template_changes_is_taken_back() {
        let shared = Shared::new(map(r#"{"a": {"b": 1}}"#));
        shared.seen(|all| {
            let Value::Map(all) = all else { return };
            let inner = all.entries.borrow().get("a").cloned();
            let Some(Value::Map(inner)) = inner else { return };
            put(&inner, "b", &Value::Int(2)).expect("it is a map");
            put(&inner, "c", &Value::Int(3)).expect("it is a map");
            put(&all, "a", &Value::Nil).expect("it is a map");
        });
        assert_eq!(seen(&shared), r#"{"a":{"b":1}}"#);
    }
}
