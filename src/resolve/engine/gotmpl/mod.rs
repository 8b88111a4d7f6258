//! The template language of provisioner files in the older format: Go's `text/template` with Sprig's functions.
//!
//! Text goes in, a [`Template`] comes out; a template and a [`Value`] give text. Everything from outside (dice, clock,
//! environment, functions of the caller) comes through [`Host`].
//!
//! ```text
//! text ── lexer ──▶ tokens ── parser, expression ──▶ ast ── walk, command ──▶ text
//!                                                       functions: builtin, sprig
//! ```
//!
//! **Invariant:** the same template, value and host give the same text, and no template, however odd, makes the
//! program panic, hang or eat the machine: see [`limits`].

pub mod ast;
pub mod builtin;
pub mod command;
pub mod compare;
pub mod dates;
pub mod error;
pub mod escape;
pub mod expression;
pub mod field;
pub mod format;
pub mod function;
pub mod lexer;
pub mod limits;
pub mod log;
pub mod number;
pub mod parser;
pub mod printf;
pub mod quote;
pub mod show;
pub mod sprig;
pub mod token;
pub mod tree;
pub mod uses;
pub mod value;
pub mod walk;

use std::collections::BTreeMap;

pub use error::Error;
pub use function::{Extra, Host, Type};
pub use log::Log;
pub use tree::SecretText;
pub use value::{Elem, Map, Record, Value};

/// A parsed template, ready to be rendered any number of times.
#[derive(Debug)]
pub struct Template {
    name: String,
    text: String,
    templates: BTreeMap<String, ast::Nodes>,
    extras: Vec<Extra>,
}

impl Template {
    /// Parses a template that uses no functions of its caller.
    ///
    /// # Errors
    /// When the text is not a template.
    pub fn parse(name: &str, text: &str) -> Result<Self, Error> {
        Self::parse_with(name, text, &[])
    }

    /// Parses a template that may also call `extras`, which [`Host::extra`] then answers.
    ///
    /// # Errors
    /// When the text is not a template.
    pub fn parse_with(name: &str, text: &str, extras: &[Extra]) -> Result<Self, Error> {
        let known = |function: &str| {
            extras.iter().any(|extra| extra.name == function) || function::find(function).is_some()
        };
        let templates = parser::parse(name, text, &known)?;
        Ok(Self { name: name.to_owned(), text: text.to_owned(), templates, extras: extras.to_vec() })
    }

    /// Renders the template with its data.
    ///
    /// # Errors
    /// When an expression fails, or a limit is reached.
    pub fn render(&self, data: &Value, host: &mut dyn Host) -> Result<String, Error> {
        walk::run(self, data, host)
    }
}
