//! Where in a tree: a list of keys and indexes. Stages speak in paths; lines and columns are found when printing.

use std::fmt;

/// One step down a tree.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Into a map.
    Key(String),
    /// Into a list, counted from 0.
    Index(usize),
}

impl Step {
    /// The key, where it leads into a map.
    pub fn key(&self) -> Option<&str> {
        match self {
            Self::Key(key) => Some(key),
            Self::Index(_) => None,
        }
    }
}

impl From<&str> for Step {
    fn from(key: &str) -> Self {
        Self::Key(key.to_owned())
    }
}

impl From<&String> for Step {
    fn from(key: &String) -> Self {
        Self::Key(key.clone())
    }
}

impl From<usize> for Step {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

/// A path from the top of a tree; the empty path is the whole tree.
///
/// ```
/// use sightread::model::path::Path;
/// let path = Path::of(["containers", "web"]).then("args").then(0);
/// assert_eq!(path.to_string(), "containers.web.args[0]");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Path(Vec<Step>);

impl Path {
    /// The path of the whole tree.
    pub const fn top() -> Self {
        Self(Vec::new())
    }

    /// The path of these steps.
    pub fn of<S: Into<Step>>(steps: impl IntoIterator<Item = S>) -> Self {
        Self(steps.into_iter().map(Into::into).collect())
    }

    /// The steps from the top.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// This path and one step more.
    pub fn then(&self, step: impl Into<Step>) -> Self {
        let mut longer = self.clone();
        longer.push(step.into());
        longer
    }

    /// This path followed by another.
    pub fn join(&self, rest: &Path) -> Self {
        Self(self.0.iter().chain(&rest.0).cloned().collect())
    }

    /// The path without its last step; nothing above the top.
    pub fn parent(&self) -> Option<Self> {
        let (_, rest) = self.0.split_last()?;
        Some(Self(rest.to_vec()))
    }

    /// The last step as a key.
    pub fn last_key(&self) -> Option<&str> {
        match self.0.last()? {
            Step::Key(key) => Some(key),
            Step::Index(_) => None,
        }
    }

    fn grown(mut self, step: Step) -> Self {
        self.push(step);
        self
    }

    /// Takes one step down.
    pub fn push(&mut self, step: Step) {
        self.0.push(step);
    }

    /// Takes one step up.
    pub fn pop(&mut self) -> Option<Step> {
        self.0.pop()
    }
}

/// A place on the way down a tree that costs nothing: it becomes a [`Path`] only when something is to be said.
///
/// ```
/// use sightread::model::path::{Path, Trail};
/// let top = Path::of(["containers", "web"]);
/// let (args, top) = ("args".to_owned(), Trail::from(&top));
/// let here = top.key(&args);
/// assert_eq!(here.index(0).path().to_string(), "containers.web.args[0]");
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Trail<'a>(Hop<'a>);

#[derive(Debug, Clone, Copy)]
enum Hop<'a> {
    Top(&'a Path),
    Key(&'a Trail<'a>, &'a str),
    Index(&'a Trail<'a>, usize),
}

impl<'a> From<&'a Path> for Trail<'a> {
    fn from(top: &'a Path) -> Self {
        Self(Hop::Top(top))
    }
}

impl<'a> Trail<'a> {
    /// One step into a map.
    pub const fn key(&'a self, key: &'a str) -> Self {
        Self(Hop::Key(self, key))
    }

    /// One step into a list.
    pub const fn index(&'a self, index: usize) -> Self {
        Self(Hop::Index(self, index))
    }

    /// The way that was gone.
    pub fn path(&self) -> Path {
        match self.0 {
            Hop::Top(top) => top.clone(),
            Hop::Key(above, key) => above.path().grown(key.into()),
            Hop::Index(above, index) => above.path().grown(index.into()),
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, step) in self.0.iter().enumerate() {
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Key(key) if key.contains(['.', '[', ' ']) || key.is_empty() => write!(f, "[{key:?}]")?,
                Step::Key(key) => write!(f, "{}{key}", if n == 0 { "" } else { "." })?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for Trail<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path().fmt(f)
    }
}
