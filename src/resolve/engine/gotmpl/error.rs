//! What went wrong with a template, with its place, in the words Go uses.

use std::fmt;
use std::ops::Range;

/// A template that cannot be parsed or rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// The name of the file or field the text came from; often empty.
    pub name: Box<str>,
    /// What is wrong.
    pub message: Box<str>,
    /// Line, from 1.
    pub line: usize,
    /// Column in bytes as Go counts it, from 0; `None` for parse errors, which know the line alone.
    pub column: Option<usize>,
    /// The part of the template text that is at fault.
    pub range: Range<usize>,
    /// The expression at fault as Go would print it; empty for parse errors.
    pub expression: Box<str>,
    /// The template being executed, for those made with `define`; empty otherwise.
    pub executing: Box<str>,
}

impl fmt::Display for Error {
    /// The sentence Go prints, such as `template: :4:52: executing "" at <.Params.host>: …`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, message, line, column, range: _, expression, executing } = self;
        match column {
            None => write!(f, "template: {name}:{line}: {message}"),
            Some(column) => write!(
                f,
                "template: {name}:{line}:{column}: executing {} at <{expression}>: {message}",
                super::quote::quote(executing)
            ),
        }
    }
}

impl std::error::Error for Error {}

/// Line (from 1) and column (bytes, from 0) of a position.
pub(super) fn place(text: &str, position: usize) -> (usize, usize) {
    let before = text.get(..position).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (line, before.len() - start)
}
