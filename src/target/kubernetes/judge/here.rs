//! A value of an object with the way that leads to it, and the list of what is wrong. Paths are made only for faults.

use crate::diag::codes::Code;
use crate::diag::codes::manifest as codes;
use crate::diag::nearest;
use crate::model::path::{Path, Step};
use crate::model::tree::Tree;
use crate::target::verdict::Fault;

/// A value and the way to it.
#[derive(Clone, Copy)]
pub(super) struct Here<'a> {
    up: Option<&'a Here<'a>>,
    key: Option<&'a str>,
    index: Option<usize>,
    /// The value.
    pub(super) tree: &'a Tree,
}

impl<'a> Here<'a> {
    /// A whole object.
    pub(super) const fn top(tree: &'a Tree) -> Self {
        Self { up: None, key: None, index: None, tree }
    }

    /// The value under a key, of which a caller already knows that it is there.
    pub(super) const fn under<'b>(&'b self, key: &'b str, tree: &'b Tree) -> Here<'b> {
        Here { up: Some(self), key: Some(key), index: None, tree }
    }

    /// An item of this list.
    pub(super) const fn item<'b>(&'b self, index: usize, tree: &'b Tree) -> Here<'b> {
        Here { up: Some(self), key: None, index: Some(index), tree }
    }

    /// The value under a key; null counts as absent.
    pub(super) fn get<'b>(&'b self, key: &'b str) -> Option<Here<'b>> {
        let tree = self.tree.get(key).filter(|tree| **tree != Tree::Null)?;
        Some(self.under(key, tree))
    }

    /// True when something stands under a key: not null and not an empty text.
    pub(super) fn has(&self, key: &str) -> bool {
        self.tree.get(key).is_some_and(|tree| *tree != Tree::Null && tree.as_str() != Some(""))
    }

    /// The items of the list under a key.
    pub(super) fn each<'b>(&'b self, key: &'b str) -> impl Iterator<Item = Here<'b>> {
        let list = self.tree.get(key).and_then(Tree::as_list).unwrap_or_default();
        let item = move |(index, tree)| Here { up: Some(self), key: Some(key), index: Some(index), tree };
        list.iter().enumerate().map(item)
    }

    /// The entries of the map under a key.
    pub(super) fn entries<'b>(&'b self, key: &str) -> impl Iterator<Item = (&'b str, &'b Tree)> {
        let map = self.tree.get(key).and_then(Tree::as_map);
        map.into_iter().flatten().map(|(key, value)| (key.as_str(), value))
    }

    /// The entries of this map.
    pub(super) fn entries_of(&self) -> impl Iterator<Item = (&str, &Tree)> {
        self.tree.as_map().into_iter().flatten().map(|(key, value)| (key.as_str(), value))
    }

    /// The texts of the list under a key.
    pub(super) fn words<'b>(&'b self, key: &str) -> impl Iterator<Item = &'b str> {
        self.tree.get(key).and_then(Tree::as_list).unwrap_or_default().iter().filter_map(Tree::as_str)
    }

    /// The text under a key; empty where there is none.
    pub(super) fn text(&self, key: &str) -> &'a str {
        self.tree.get(key).and_then(Tree::as_str).unwrap_or_default()
    }

    /// The integer under a key.
    pub(super) fn int(&self, key: &str) -> Option<i64> {
        self.tree.get(key).and_then(whole)
    }

    /// True when `true` stands under a key.
    pub(super) fn flag(&self, key: &str) -> bool {
        self.tree.get(key) == Some(&Tree::Bool(true))
    }

    /// The way from the top.
    pub(super) fn path(&self) -> Path {
        let mut path = self.up.map(Here::path).unwrap_or_default();
        if let Some(key) = self.key {
            path.push(Step::from(key));
        }
        if let Some(index) = self.index {
            path.push(Step::Index(index));
        }
        path
    }
}

/// An integer, also one that is written as `1.0`.
pub(super) fn whole(tree: &Tree) -> Option<i64> {
    match tree {
        Tree::Int(number) => Some(*number),
        #[expect(clippy::cast_possible_truncation, reason = "the guard holds it to whole numbers that fit")]
        Tree::Float(number) if number.fract() == 0.0 && number.abs() < 9e15 => Some(*number as i64),
        _ => None,
    }
}

/// All that is wrong.
#[derive(Debug, Default)]
pub(super) struct Findings {
    /// The document that is being judged.
    pub(super) doc: usize,
    /// What was found.
    pub(super) faults: Vec<Fault>,
    /// True where only what a typed reader of objects stumbles over is told: unknown fields, and values of other types.
    pub(super) types_only: bool,
}

impl Findings {
    /// A value that Kubernetes refuses.
    pub(super) fn value(&mut self, here: &Here<'_>, said: impl Into<String>) {
        if !self.types_only {
            self.push(here, &codes::MANIFEST_VALUE, said.into(), None);
        }
    }

    /// A text that cannot be read as what it stands for.
    pub(super) fn unreadable(&mut self, here: &Here<'_>, said: impl Into<String>) {
        self.push(here, &codes::MANIFEST_VALUE, said.into(), None);
    }

    /// A field that must be there.
    pub(super) fn missing(&mut self, here: &Here<'_>, key: &str) {
        if !self.types_only {
            self.push(&here.under(key, &Tree::Null), &codes::MANIFEST_SHAPE, "is missing".to_owned(), None);
        }
    }

    /// A field that may not be there.
    pub(super) fn unfit(&mut self, here: &Here<'_>, key: &str, said: impl Into<String>) {
        if !self.types_only {
            self.push(&here.under(key, &Tree::Null), &codes::MANIFEST_VALUE, said.into(), None);
        }
    }

    /// A field, a type or a form that does not exist.
    pub(super) fn shape(&mut self, here: &Here<'_>, said: impl Into<String>) {
        self.push(here, &codes::MANIFEST_SHAPE, said.into(), None);
    }

    /// A field that does not exist, among those that do.
    pub(super) fn unknown<'n>(&mut self, here: &Here<'_>, key: &str, known: impl Iterator<Item = &'n str>) {
        let near = nearest(key, known).map(str::to_owned);
        let said = "is no field that Kubernetes knows".to_owned();
        let before = self.faults.len();
        self.push(&here.under(key, &Tree::Null), &codes::MANIFEST_SHAPE, said, near);
        self.faults.iter_mut().skip(before).for_each(|fault| fault.is_unknown = true);
    }

    /// A kind that does not exist.
    pub(super) fn kind(&mut self, here: &Here<'_>, key: &str, said: String, near: Option<String>) {
        self.push(&here.under(key, &Tree::Null), &codes::MANIFEST_SHAPE, said, near);
    }

    /// A name that nothing has.
    pub(super) fn dangling<'n>(
        &mut self,
        here: &Here<'_>,
        said: String,
        name: &str,
        known: impl Iterator<Item = &'n str>,
    ) {
        let near = nearest(name, known).map(str::to_owned);
        self.push(here, &codes::DANGLING_REFERENCE, said, near);
    }

    /// Anything, under any code.
    pub(super) fn push(&mut self, here: &Here<'_>, code: &'static Code, said: String, near: Option<String>) {
        let path = here.path();
        // One word about a place is enough: what stands there is wrong, whichever rule found it first.
        let told = |fault: &&Fault| fault.doc == self.doc;
        if !self.faults.iter().rev().take_while(told).any(|fault| fault.path == path) {
            self.faults.push(Fault { doc: self.doc, path, code, said, near, is_unknown: false });
        }
    }
}
