//! Cures that can be carried out: a diagnostic says what to change, and here it becomes bytes of the text it stands in.
//!
//! **Invariant:** a change touches the lines it is about and no other, so that comments and layout stay.

use std::ops::Range;

use crate::diag::source::Sources;
use crate::diag::{At, span};
use crate::model::flow::SourceId;
use crate::model::node::{Kind, Node, Style};

mod lines;

/// A cure: a few words, and the edits that must all be made together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What is done, as an order: ``rename `env` to `variables` ``.
    pub what: String,
    /// The edits.
    pub edits: Vec<Edit>,
}

/// A key with its value, where they stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The text.
    pub source: SourceId,
    /// The key.
    pub key: Range<usize>,
    /// Where the value has ended.
    pub end: usize,
}

impl Entry {
    /// The place of an entry of a map; nothing where the value was written elsewhere, as with an alias.
    pub fn of((key, value): &(Node, Node)) -> Option<Self> {
        let end = end(value);
        let here = value.source == key.source && (value.kind == Kind::Null || end >= key.span.end);
        here.then(|| Self { source: key.source, key: key.span.clone(), end: end.max(key.span.end) })
    }
}

/// Where the last thing that was written in a value ends. A block ends with its last value: its own span may go on to
/// where the next thing begins.
fn end(node: &Node) -> usize {
    let last = |(key, value): &(Node, Node)| {
        if value.kind == Kind::Null { key.span.end + 1 } else { end(value) }
    };
    let (first, last) = match &node.kind {
        Kind::Map(entries) => (entries.first().map(|(key, _)| key), entries.iter().map(last).max()),
        Kind::List(items) => (items.first(), items.iter().map(end).max()),
        Kind::Null if node.span.is_empty() => return 0,
        _ => return node.span.end,
    };
    let is_block = first.is_some_and(|first| first.span.start == node.span.start);
    if is_block { last.unwrap_or(node.span.end) } else { node.span.end }
}

/// A change as a stage knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// Other text for a piece of the text.
    Replace {
        /// The text.
        source: SourceId,
        /// The piece.
        span: Range<usize>,
        /// What stands there then.
        text: String,
    },
    /// Other text for what a diagnostic points at.
    At(At, String),
    /// Quotes around a scalar.
    Quote {
        /// The text.
        source: SourceId,
        /// The scalar.
        span: Range<usize>,
    },
    /// A value for a key that has none.
    Fill(Entry, String),
    /// An entry goes, with its lines.
    Remove(Entry),
    /// An entry becomes a comment.
    Comment(Entry),
    /// The entries below a key take its place.
    Lift {
        /// The key with everything below it.
        outer: Entry,
        /// The first key below it.
        inner: Range<usize>,
    },
    /// An item of a list becomes an entry of a map.
    Item {
        /// The list, with its key.
        list: Entry,
        /// The item, from its first character after the dash.
        item: Range<usize>,
        /// The entry.
        line: String,
    },
    /// New lines before an entry and the comment above it, in its column.
    Before(Entry, Vec<String>),
    /// New lines after an entry, in its column.
    After(Entry, Vec<String>),
}

impl Edit {
    /// Other text for a scalar; nothing for one that goes over lines.
    pub fn replace(node: &Node, text: impl Into<String>) -> Option<Self> {
        let scalar = !matches!(node.kind, Kind::List(_) | Kind::Map(_) | Kind::Null);
        (scalar && node.style != Style::Block).then(|| Self::Replace {
            source: node.source,
            span: node.span.clone(),
            text: text.into(),
        })
    }

    /// The item of a list as an entry of a map.
    pub fn item(list: &Entry, item: &Node, line: String) -> Option<Self> {
        let end = end(item);
        (item.source == list.source && end <= list.end && item.span.start >= list.key.end)
            .then(|| Self::Item { list: list.clone(), item: item.span.start..end, line })
    }
}

/// Bytes of a text that become others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// The text.
    pub source: SourceId,
    /// What goes.
    pub start: usize,
    /// Where that has ended.
    pub end: usize,
    /// What comes.
    pub text: String,
}

impl Change {
    /// The bytes that go.
    pub fn span(&self) -> Range<usize> {
        self.start..self.end
    }

    /// True when two changes cannot both be made.
    fn clashes(&self, other: &Self) -> bool {
        self.source == other.source
            && (self.start == other.start || (self.start < other.end && other.start < self.end))
    }
}

/// The changes of a cure; nothing where the layout leaves no room for one of them.
pub fn changes(fix: &Fix, sources: &Sources) -> Option<Vec<Change>> {
    let changes: Vec<Change> = fix.edits.iter().map(|edit| change(edit, sources)).collect::<Option<_>>()?;
    let apart = |(n, one): (usize, &Change)| !changes.iter().skip(n + 1).any(|other| one.clashes(other));
    (!changes.is_empty() && changes.iter().enumerate().all(apart)).then_some(changes)
}

/// Takes a cure's changes up among others, unless they clash with one of them.
pub fn join(taken: &mut Vec<Change>, more: Vec<Change>) -> bool {
    if more.iter().any(|one| taken.iter().any(|other| one.clashes(other))) {
        return false;
    }
    taken.extend(more);
    true
}

/// The text with the changes made; they do not overlap.
pub fn apply(text: &str, changes: &[Change]) -> String {
    let mut sorted: Vec<&Change> = changes.iter().collect();
    sorted.sort();
    let mut made = String::with_capacity(text.len());
    let mut done = 0;
    for change in sorted {
        made.push_str(text.get(done..change.start).unwrap_or_default());
        made.push_str(&change.text);
        done = change.end;
    }
    made.push_str(text.get(done..).unwrap_or_default());
    made
}

fn change(edit: &Edit, sources: &Sources) -> Option<Change> {
    let text = |source: SourceId| sources.text(source).map(|kept| kept.text.clone());
    let (source, span, text) = match edit {
        Edit::Replace { source, span, text } => (*source, span.clone(), text.clone()),
        Edit::At(at, text) => {
            let place = span::place(at, sources)?;
            (place.source, place.span, text.clone())
        }
        Edit::Quote { source, span } => {
            let quoted = format!("{:?}", text(*source)?.get(span.clone())?);
            (*source, span.clone(), quoted)
        }
        Edit::Fill(entry, value) => {
            let text = text(entry.source)?;
            let colon = text.get(entry.key.end..)?.find(':')? + entry.key.end + 1;
            (entry.source, colon..colon, format!(" {value}"))
        }
        Edit::Remove(entry) => {
            let text = text(entry.source)?;
            let span = lines::whole(&text, entry).or_else(|| lines::in_flow(&text, entry))?;
            (entry.source, span, String::new())
        }
        Edit::Comment(entry) => {
            let text = text(entry.source)?;
            let span = lines::whole(&text, entry)?;
            let commented = lines::comment(text.get(span.clone())?, lines::column(&text, entry.key.start));
            (entry.source, span, commented)
        }
        Edit::Lift { outer, inner } => {
            let text = text(outer.source)?;
            let span = lines::whole(&text, outer)?;
            (outer.source, span.clone(), lines::lift(&text, span, outer, inner)?)
        }
        Edit::Item { list, item, line } => {
            let text = text(list.source)?;
            let (span, entry) = lines::item(&text, list, item, line)?;
            (list.source, span, entry)
        }
        Edit::Before(entry, new) => {
            let text = text(entry.source)?;
            let at = lines::above(&text, entry)?;
            let column = lines::column(&text, entry.key.start);
            let mut new = lines::indented(new, column, lines::newline(&text));
            // Sections that are kept apart stay apart.
            if column == 0 && lines::follows_gap(&text, at) {
                new.push_str(lines::newline(&text));
            }
            (entry.source, at..at, new)
        }
        Edit::After(entry, new) => {
            let text = text(entry.source)?;
            let (at, new) = lines::after(&text, entry, new)?;
            (entry.source, at..at, new)
        }
    };
    Some(Change { source, start: span.start, end: span.end, text })
}
