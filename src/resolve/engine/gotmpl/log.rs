//! Changes of maps that outlive a rendering, so that what a template did to them can be taken back.

use std::cell::RefCell;
use std::rc::Rc;

use super::value::{Map, Value};

/// What stood in the maps before, in the order of the changes.
#[derive(Debug, Default)]
pub struct Log(RefCell<Vec<Change>>);

/// A map, a key, and what stood there.
type Change = (Rc<Map>, String, Option<Value>);

impl Log {
    /// Notes what stood in a map before.
    pub(super) fn note(&self, map: &Rc<Map>, key: &str, before: Option<Value>) {
        self.0.borrow_mut().push((Rc::clone(map), key.to_owned(), before));
    }

    /// How many changes are noted.
    pub fn len(&self) -> usize {
        self.0.borrow().len()
    }

    /// True when nothing was changed.
    pub fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }

    /// Takes back all changes but the first ones, the last one first.
    pub fn take_back(&self, kept: usize) {
        let changes = self.0.borrow().len().saturating_sub(kept);
        for _ in 0..changes {
            let Some((map, key, before)) = self.0.borrow_mut().pop() else { return };
            let mut entries = map.entries.borrow_mut();
            match before {
                Some(before) => entries.insert(key, before),
                None => entries.remove(&key),
            };
        }
    }

    /// Lets all changes stand.
    pub fn settle(&self) {
        self.0.borrow_mut().clear();
    }
}
