//! What was said, in the order of saying, nothing twice. However much is said, one more thing costs the same.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::ops::Deref;

use crate::diag::{Diagnostic, Severity};

/// A list of diagnostics without doubles.
#[derive(Debug, Default)]
pub struct Said {
    list: Vec<Diagnostic>,
    /// Where those stand that share a digest.
    places: BTreeMap<u64, Vec<usize>>,
    errors: usize,
}

impl Said {
    /// Adds one, unless it is there. What is the same but for its other places is said once, with all of them.
    pub fn push(&mut self, mut diagnostic: Diagnostic) {
        let places = self.places.entry(digest(&diagnostic)).or_default();
        for place in places.iter() {
            let Some(there) = self.list.get_mut(*place) else { continue };
            let others = std::mem::take(&mut there.others);
            let more = std::mem::take(&mut diagnostic.others);
            let is_same = *there == diagnostic;
            there.others = others;
            if is_same {
                for other in more {
                    if !there.others.contains(&other) {
                        there.others.push(other);
                    }
                }
                return;
            }
            diagnostic.others = more;
        }
        places.push(self.list.len());
        self.errors += usize::from(diagnostic.severity == Severity::Error);
        self.list.push(diagnostic);
    }

    /// True when one of them is an error.
    pub const fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// Forgets those that do not fit.
    pub fn retain(&mut self, fits: impl FnMut(&Diagnostic) -> bool) {
        *self = std::mem::take(self).into_iter().filter(fits).collect();
    }

    /// Says each in another way.
    pub fn change(&mut self, change: impl FnMut(Diagnostic) -> Diagnostic) {
        *self = std::mem::take(self).into_iter().map(change).collect();
    }

    /// Takes those away that came after the first `kept`.
    pub fn split_off(&mut self, kept: usize) -> Vec<Diagnostic> {
        let mut list = std::mem::take(self).list;
        let later = list.split_off(kept.min(list.len()));
        *self = list.into_iter().collect();
        later
    }
}

/// What tells nearly all apart.
fn digest(diagnostic: &Diagnostic) -> u64 {
    let mut hasher = DefaultHasher::new();
    (diagnostic.code.id, &diagnostic.message, &diagnostic.at).hash(&mut hasher);
    hasher.finish()
}

impl Deref for Said {
    type Target = [Diagnostic];

    fn deref(&self) -> &Self::Target {
        &self.list
    }
}

impl Extend<Diagnostic> for Said {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, more: I) {
        more.into_iter().for_each(|diagnostic| self.push(diagnostic));
    }
}

impl FromIterator<Diagnostic> for Said {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(list: I) -> Self {
        let mut said = Self::default();
        said.extend(list);
        said
    }
}

impl IntoIterator for Said {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}

impl<'a> IntoIterator for &'a Said {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::Said;
    use crate::diag::codes::manifest::COMPOSE_SHAPE as CODE;
    use crate::diag::{At, Diagnostic};

    #[test]
    fn nothing_is_said_twice() {
        let one = |message: &str, note: &str| Diagnostic::new(&CODE, message, At::Nowhere).note(note);
        let mut said: Said = ["a", "b", "a"].into_iter().map(|message| one(message, "")).collect();
        said.push(one("a", "another"));
        assert_eq!((said.len(), said.has_errors()), (3, true));
        let elsewhere = |name: &str| one("b", "").also(At::Named(name.to_owned()), "here");
        said.extend(["x", "y", "x"].map(elsewhere));
        assert_eq!(said.iter().map(|one| one.others.len()).collect::<Vec<_>>(), [0, 2, 0]);
        assert_eq!(said.split_off(1).len(), 2);
        said.push(one("b", ""));
        said.push(one("a", ""));
        assert_eq!(said.iter().map(|one| one.message.as_str()).collect::<Vec<_>>(), ["a", "b"]);
        said.retain(|one| one.message != "a");
        said.push(one("a", ""));
        assert_eq!(said.iter().map(|one| one.message.as_str()).collect::<Vec<_>>(), ["b", "a"]);
    }
}
