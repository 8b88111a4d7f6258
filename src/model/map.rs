//! A map in the order of its keys, as small as its entries: most maps of a manifest hold two or three.
//!
//! **Invariant:** entries stand in the order of their keys, each key once.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::model::tree::Tree;

/// A map of a [`Tree`], with the words of `BTreeMap`. What comes in the order of keys is added at no cost; an entry
/// in the middle moves those behind it.
///
/// ```
/// use sightread::model::tree::{Map, Tree};
/// let mut map = Map::from([("b".to_owned(), Tree::from(2)), ("a".to_owned(), Tree::from(1))]);
/// map.entry("c".to_owned()).or_insert_with(Tree::map);
/// assert_eq!(map.keys().collect::<Vec<_>>(), ["a", "b", "c"]);
/// assert_eq!(map.insert("a".to_owned(), Tree::Null), Some(Tree::from(1)));
/// assert_eq!(map.remove("b"), Some(Tree::from(2)));
/// ```
#[derive(Clone, PartialEq, Default)]
pub struct Map(Vec<(String, Tree)>);

/// A place of a map.
pub enum Entry<'a> {
    /// Nothing is there.
    Vacant(Vacant<'a>),
    /// Something is there.
    Occupied(Occupied<'a>),
}

/// A place where nothing is.
pub struct Vacant<'a> {
    map: &'a mut Map,
    at: usize,
    key: String,
}

/// A place where something is.
pub struct Occupied<'a> {
    entry: &'a mut (String, Tree),
}

impl Map {
    /// An empty map.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// How many entries there are.
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// True when there is none.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Where a key is, or where it would be.
    fn find<Q: Ord + ?Sized>(&self, key: &Q) -> Result<usize, usize>
    where
        String: Borrow<Q>,
    {
        match self.0.last() {
            // Most keys come in order.
            Some((last, _)) if last.borrow() < key => Err(self.0.len()),
            _ => self.0.binary_search_by(|(there, _)| there.borrow().cmp(key)),
        }
    }

    /// The value of a key.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&Tree>
    where
        String: Borrow<Q>,
    {
        self.get_key_value(key).map(|(_, value)| value)
    }

    /// A key with its value.
    pub fn get_key_value<Q: Ord + ?Sized>(&self, key: &Q) -> Option<(&String, &Tree)>
    where
        String: Borrow<Q>,
    {
        self.0.get(self.find(key).ok()?).map(|(key, value)| (key, value))
    }

    /// The value of a key, to change.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut Tree>
    where
        String: Borrow<Q>,
    {
        let at = self.find(key).ok()?;
        self.0.get_mut(at).map(|(_, value)| value)
    }

    /// True when a key is there.
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        String: Borrow<Q>,
    {
        self.find(key).is_ok()
    }

    /// Puts a value under a key; what was there comes back.
    pub fn insert(&mut self, key: String, value: Tree) -> Option<Tree> {
        match self.find(&key) {
            Ok(at) => self.0.get_mut(at).map(|(_, there)| std::mem::replace(there, value)),
            Err(at) => {
                self.0.insert(at, (key, value));
                None
            }
        }
    }

    /// Takes a key with its value away.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<Tree>
    where
        String: Borrow<Q>,
    {
        self.find(key).ok().map(|at| self.0.remove(at).1)
    }

    /// The place of a key.
    pub fn entry(&mut self, key: String) -> Entry<'_> {
        match self.find(&key) {
            Ok(at) => match self.0.get_mut(at) {
                Some(entry) => Entry::Occupied(Occupied { entry }),
                None => unreachable!("a key is found where an entry is"),
            },
            Err(at) => Entry::Vacant(Vacant { map: self, at, key }),
        }
    }

    /// Keeps what fits.
    pub fn retain(&mut self, mut fits: impl FnMut(&String, &mut Tree) -> bool) {
        self.0.retain_mut(|(key, value)| fits(key, value));
    }

    /// The first entry.
    pub fn first_key_value(&self) -> Option<(&String, &Tree)> {
        self.iter().next()
    }

    /// The entries.
    pub fn iter(&self) -> Iter<'_> {
        self.into_iter()
    }

    /// The entries, with values to change.
    pub fn iter_mut(&mut self) -> IterMut<'_> {
        self.into_iter()
    }

    /// The keys.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &String> + ExactSizeIterator + Clone {
        self.0.iter().map(|(key, _)| key)
    }

    /// The values.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &Tree> + ExactSizeIterator + Clone {
        self.0.iter().map(|(_, value)| value)
    }

    /// The values, to change.
    pub fn values_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut Tree> + ExactSizeIterator {
        self.0.iter_mut().map(|(_, value)| value)
    }

    /// The keys by themselves.
    pub fn into_keys(self) -> impl DoubleEndedIterator<Item = String> + ExactSizeIterator {
        self.0.into_iter().map(|(key, _)| key)
    }

    /// The values by themselves.
    pub fn into_values(self) -> impl DoubleEndedIterator<Item = Tree> + ExactSizeIterator {
        self.0.into_iter().map(|(_, value)| value)
    }
}

impl<'a> Entry<'a> {
    /// The value there, or one that is made and put there.
    pub fn or_insert_with(self, make: impl FnOnce() -> Tree) -> &'a mut Tree {
        match self {
            Self::Vacant(place) => place.insert(make()),
            Self::Occupied(place) => place.into_mut(),
        }
    }

    /// The value there, or this one, which is put there.
    pub fn or_insert(self, value: Tree) -> &'a mut Tree {
        self.or_insert_with(|| value)
    }

    /// The value there, or null, which is put there.
    pub fn or_default(self) -> &'a mut Tree {
        self.or_insert_with(Tree::default)
    }
}

impl<'a> Vacant<'a> {
    /// Puts a value there.
    pub fn insert(self, value: Tree) -> &'a mut Tree {
        let Self { map, at, key } = self;
        map.0.insert(at, (key, value));
        match map.0.get_mut(at) {
            Some((_, value)) => value,
            None => unreachable!("it was put there"),
        }
    }
}

impl<'a> Occupied<'a> {
    /// The key.
    pub const fn key(&self) -> &String {
        &self.entry.0
    }

    /// The value.
    pub fn into_mut(self) -> &'a mut Tree {
        &mut self.entry.1
    }
}

impl fmt::Debug for Map {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl FromIterator<(String, Tree)> for Map {
    /// Of two values of one key the last stays.
    fn from_iter<I: IntoIterator<Item = (String, Tree)>>(entries: I) -> Self {
        let mut entries: Vec<(String, Tree)> = entries.into_iter().collect();
        if !entries.is_sorted_by(|(one, _), (other, _)| one < other) {
            entries.sort_by(|(one, _), (other, _)| one.cmp(other));
            entries.dedup_by(|later, earlier| {
                let same = later.0 == earlier.0;
                if same {
                    std::mem::swap(later, earlier);
                }
                same
            });
        }
        Self(entries)
    }
}

impl<const N: usize> From<[(String, Tree); N]> for Map {
    fn from(entries: [(String, Tree); N]) -> Self {
        entries.into_iter().collect()
    }
}

impl Extend<(String, Tree)> for Map {
    fn extend<I: IntoIterator<Item = (String, Tree)>>(&mut self, entries: I) {
        for (key, value) in entries {
            self.insert(key, value);
        }
    }
}

impl IntoIterator for Map {
    type Item = (String, Tree);
    type IntoIter = std::vec::IntoIter<(String, Tree)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// The entries of a map.
#[derive(Debug, Clone)]
pub struct Iter<'a>(std::slice::Iter<'a, (String, Tree)>);

impl<'a> Iterator for Iter<'a> {
    type Item = (&'a String, &'a Tree);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(key, value)| (key, value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl DoubleEndedIterator for Iter<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.0.next_back().map(|(key, value)| (key, value))
    }
}

impl ExactSizeIterator for Iter<'_> {}

impl<'a> IntoIterator for &'a Map {
    type Item = (&'a String, &'a Tree);
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        Iter(self.0.iter())
    }
}

/// The entries of a map, with values to change.
#[derive(Debug)]
pub struct IterMut<'a>(std::slice::IterMut<'a, (String, Tree)>);

impl<'a> Iterator for IterMut<'a> {
    type Item = (&'a String, &'a mut Tree);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(key, value)| (&*key, value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl<'a> IntoIterator for &'a mut Map {
    type Item = (&'a String, &'a mut Tree);
    type IntoIter = IterMut<'a>;

    fn into_iter(self) -> IterMut<'a> {
        IterMut(self.0.iter_mut())
    }
}

impl Serialize for Map {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self)
    }
}

impl<'de> Deserialize<'de> for Map {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        BTreeMap::<String, Tree>::deserialize(deserializer).map(|map| map.into_iter().collect())
    }
}
