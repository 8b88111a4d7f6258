//! The bell that every room may ring: a [`Report`] gathers all that is to be said, [`Failed`] proves that one was an error.

use std::ops::Range;
use std::sync::Arc;

use crate::model::flow::{DocId, SourceId};
use crate::model::path::Path;
use crate::model::share;

pub mod codes;
pub mod fix;
pub mod format;
pub mod json;
pub mod render;
pub mod said;
pub mod source;
pub mod span;
pub mod told;

use codes::Code;
use fix::{Edit, Fix};
use said::Said;
use source::Sources;
use span::Place;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The run fails.
    Error,
    /// Something the user wrote is not done as written.
    Warning,
    /// Worth knowing.
    Note,
}

/// Which part of a path's place is meant.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Focus {
    /// The key.
    Key,
    /// The value.
    Value,
    /// The first place in the value where this text stands.
    Text(String),
    /// Bytes of the scalar's value, as the program sees it after YAML is read.
    Bytes(Range<usize>),
}

/// A place, as a stage knows it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum At {
    /// A path in a document.
    Path(DocId, Path, Focus),
    /// Bytes of a source.
    Span(SourceId, Range<usize>),
    /// Something without text, such as a flag.
    Named(String),
    /// No place.
    Nowhere,
}

impl At {
    /// The value at a path.
    pub const fn value(doc: DocId, path: Path) -> Self {
        Self::Path(doc, path, Focus::Value)
    }

    /// The key at a path.
    pub const fn key(doc: DocId, path: Path) -> Self {
        Self::Path(doc, path, Focus::Key)
    }

    /// A piece of the text at a path.
    pub fn text(doc: DocId, path: Path, text: impl Into<String>) -> Self {
        Self::Path(doc, path, Focus::Text(text.into()))
    }
}

/// One thing to say. Messages are one lower-case sentence without a full stop, names in backticks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The row of the table.
    pub code: &'static Code,
    /// How bad it is; the table's word unless a stage knows better.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// Where.
    pub at: At,
    /// Other places that matter, each with a few words.
    pub others: Vec<(At, String)>,
    /// Causes and facts.
    pub notes: Vec<String>,
    /// Cures.
    pub helps: Vec<String>,
    /// The cure that can be carried out, where there is one with one clear meaning.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// A diagnostic of the code's own severity.
    pub fn new(code: &'static Code, message: impl Into<String>, at: At) -> Self {
        Self {
            code,
            severity: code.severity,
            message: message.into(),
            at,
            others: Vec::new(),
            notes: Vec::new(),
            helps: Vec::new(),
            fix: None,
        }
    }

    /// Adds a cause or fact.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Adds a cure.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.helps.push(help.into());
        self
    }

    /// Adds the edits that mend it, in a few words; without one of them there is no cure to carry out.
    pub fn mend(mut self, what: impl Into<String>, edits: impl IntoIterator<Item = Option<Edit>>) -> Self {
        let edits: Option<Vec<Edit>> = edits.into_iter().collect();
        self.fix = edits.filter(|edits| !edits.is_empty()).map(|edits| Fix { what: what.into(), edits });
        self
    }

    /// Adds `did you mean …?` when a near name exists.
    pub fn suggest<'a>(self, wrong: &str, names: impl IntoIterator<Item = &'a str>) -> Self {
        match nearest(wrong, names) {
            Some(name) => self.help(format!("did you mean `{name}`?")),
            None => self,
        }
    }

    /// Adds another place.
    pub fn also(mut self, at: At, words: impl Into<String>) -> Self {
        self.others.push((at, words.into()));
        self
    }

    /// Says it more or less loudly than the table does.
    pub const fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }
}

/// The nearest of some names, when one is near enough to be meant.
pub fn nearest<'a>(wrong: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let close = |name: &&str| strsim::damerau_levenshtein(wrong, name);
    // A name of one letter is near to any other, so nothing follows from it.
    let length = wrong.chars().count();
    let limit = (length / 3).clamp(1, 3).min(length.saturating_sub(1));
    names
        .into_iter()
        .filter(|name| *name != wrong && close(name) <= limit)
        .min_by_key(|name| (close(name), *name))
}

/// Proof that an error was reported. Only [`Report::failed`] and [`Report::fail`] make it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failed(());

/// All that was said in a run, and the texts it was said about.
#[derive(Debug, Default)]
pub struct Report {
    /// What was said, in the order of saying; printing sorts by place.
    pub diagnostics: Said,
    /// The texts.
    pub sources: Sources,
}

impl Report {
    /// Says something.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Says an error and fails.
    pub fn fail(&mut self, diagnostic: Diagnostic) -> Failed {
        self.push(diagnostic.severity(Severity::Error));
        Failed(())
    }

    /// Forgets what was said after the first `said` about places inside those that an earlier error is about: a stage
    /// that goes on with something wrong finds the same fault in its own words.
    pub fn forget_repeated(&mut self, said: usize) {
        let later = self.diagnostics.split_off(said);
        let errors = self.diagnostics.iter().filter(|said| said.severity == Severity::Error);
        let places = errors.flat_map(|said| said.others.iter().map(|(at, _)| at).chain([&said.at]));
        let known: Vec<Place> = places.filter_map(|at| span::place(at, &self.sources)).collect();
        let inside = |place: &Place| {
            let holds =
                |outer: &Place| outer.span.start <= place.span.start && place.span.end <= outer.span.end;
            known.iter().any(|outer| outer.source == place.source && holds(outer))
        };
        let is_new =
            |said: &Diagnostic| span::place(&said.at, &self.sources).is_none_or(|place| !inside(&place));
        let fresh: Vec<Diagnostic> = later.into_iter().filter(is_new).collect();
        self.diagnostics.extend(fresh);
    }

    /// True when an error was said.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.has_errors()
    }

    /// Runs a stage so that only what it says itself decides whether it failed; what was said before is kept.
    ///
    /// # Errors
    /// When the stage fails.
    pub fn apart<T>(&mut self, stage: impl FnOnce(&mut Self) -> Result<T, Failed>) -> Result<T, Failed> {
        let before = std::mem::take(&mut self.diagnostics);
        let result = stage(self);
        for said in std::mem::replace(&mut self.diagnostics, before) {
            self.push(said);
        }
        result
    }

    /// Does a stage for many things side by side, each [apart](Self::apart) from the others, and keeps what passed. What
    /// is said comes in the order of the things.
    pub fn each<T: Send, U: Send>(
        &mut self,
        items: Vec<T>,
        stage: impl Fn(T, &mut Self) -> Result<U, Failed> + Sync,
    ) -> Vec<U> {
        let sources = Arc::new(std::mem::take(&mut self.sources));
        let done = share::pieces(items, |items| {
            let mut report = Self { diagnostics: Said::default(), sources: Sources::beside(&sources) };
            let each = items.into_iter().filter_map(|item| report.apart(|report| stage(item, report)).ok());
            let made: Vec<U> = each.collect();
            (made, report.diagnostics, report.sources.into_kept())
        });
        self.sources = Arc::into_inner(sources).expect("whoever read beside them is done");
        let mut all = Vec::new();
        for (made, said, kept) in done {
            all.extend(made);
            for said in said {
                self.push(said);
            }
            for (id, root) in kept {
                self.sources.keep(id, root);
            }
        }
        all
    }

    /// Ends a stage: the value, unless an error was said.
    ///
    /// # Errors
    /// When any error was said so far.
    pub fn failed<T>(&self, value: T) -> Result<T, Failed> {
        if self.has_errors() { Err(Failed(())) } else { Ok(value) }
    }
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn only_a_near_name_is_suggested() {
        for (wrong, names, expected) in [
            ("databse", ["database", "data"], Some("database")),
            ("lagre", ["large", "small"], Some("large")),
            ("bd", ["db", "redis"], Some("db")),
            ("c", ["a", "b"], None),
            ("queue", ["redis", "s3"], None),
        ] {
            assert_eq!(nearest(wrong, names), expected, "{wrong}");
        }
    }
}
