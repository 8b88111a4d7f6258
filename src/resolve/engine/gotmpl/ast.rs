//! A parsed template, and the spelling of its expressions that error texts show.
//!
//! **Invariant:** `span` is the part of the text a person would point at; `pos` is the place Go reports, which for a
//! chain such as `.A.b` is the second dot.

use std::fmt;
use std::ops::Range;

/// Nodes one after the other.
pub type Nodes = Vec<Node>;

/// Something between the braces, or the text around them.
#[derive(Debug)]
pub enum Node {
    /// Text as it is.
    Text(String),
    /// An expression that prints, or that sets variables.
    Action(Pipe),
    /// `if`.
    If(Box<Branch>),
    /// `with`.
    With(Box<Branch>),
    /// `range`.
    Range(Box<Branch>),
    /// `template`, and what `block` leaves behind.
    Template(Box<Call>),
    /// `break`.
    Break,
    /// `continue`.
    Continue,
}

/// A condition or a loop.
#[derive(Debug)]
pub struct Branch {
    /// What is looked at.
    pub pipe: Pipe,
    /// What is done with it.
    pub body: Nodes,
    /// What is done otherwise.
    pub otherwise: Option<Nodes>,
}

/// A call of another template.
#[derive(Debug)]
pub struct Call {
    /// The template's name.
    pub name: String,
    /// Its data.
    pub pipe: Option<Pipe>,
    /// Where Go says it is.
    pub pos: usize,
    /// Where it is.
    pub span: Range<usize>,
}

/// Commands joined by bars, with variables to set.
#[derive(Debug)]
pub struct Pipe {
    /// The variables, with their dollars.
    pub declared: Vec<String>,
    /// True for `=` rather than `:=`.
    pub assign: bool,
    /// The commands.
    pub commands: Vec<Command>,
    /// Where Go says it is.
    pub pos: usize,
    /// Where it is.
    pub span: Range<usize>,
}

/// A function or value with its arguments.
#[derive(Debug)]
pub struct Command {
    /// The first one is the function or the value.
    pub first: Arg,
    /// The arguments.
    pub rest: Vec<Arg>,
    /// Where Go says it is.
    pub pos: usize,
    /// Where it is.
    pub span: Range<usize>,
}

/// One operand.
#[derive(Debug)]
pub struct Arg {
    /// What it is.
    pub term: Term,
    /// Where Go says it is.
    pub pos: usize,
    /// Where it is.
    pub span: Range<usize>,
}

/// The kinds of operands.
#[derive(Debug)]
pub enum Term {
    /// `.`
    Dot,
    /// `nil`
    Nil,
    /// `true`, `false`
    Bool(bool),
    /// A number, which fits the type it is used for.
    Number(Number),
    /// A string: its literal and its text.
    Str(String, String),
    /// `.A.b`
    Field(Vec<String>),
    /// `$x.a`: the name with its dollar, then fields.
    Variable(String, Vec<String>),
    /// The name of a function.
    Function(String),
    /// `(…)`
    Pipe(Box<Pipe>),
    /// `(…).a`
    Chain(Box<Arg>, Vec<String>),
}

/// A number as written and all that it can be read as.
#[derive(Debug, Clone, PartialEq)]
pub struct Number {
    /// As written.
    pub text: String,
    /// As an integer, if it is one.
    pub int: Option<i64>,
    /// True when it fits `uint64` alone.
    pub huge: bool,
    /// As a floating-point number.
    pub float: f64,
}

fn fields(f: &mut fmt::Formatter<'_>, names: &[String]) -> fmt::Result {
    names.iter().try_for_each(|name| write!(f, ".{name}"))
}

impl fmt::Display for Arg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.term {
            Term::Dot => f.write_str("."),
            Term::Nil => f.write_str("nil"),
            Term::Bool(flag) => write!(f, "{flag}"),
            Term::Number(number) => f.write_str(&number.text),
            Term::Str(literal, _) => f.write_str(literal),
            Term::Field(names) => fields(f, names),
            Term::Variable(name, names) => {
                f.write_str(name)?;
                fields(f, names)
            }
            Term::Function(name) => f.write_str(name),
            Term::Pipe(pipe) => write!(f, "{pipe}"),
            Term::Chain(inner, names) => {
                if matches!(inner.term, Term::Pipe(_)) {
                    write!(f, "({inner})")?;
                } else {
                    write!(f, "{inner}")?;
                }
                fields(f, names)
            }
        }
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, arg) in std::iter::once(&self.first).chain(&self.rest).enumerate() {
            if index > 0 {
                f.write_str(" ")?;
            }
            if matches!(arg.term, Term::Pipe(_)) {
                write!(f, "({arg})")?;
            } else {
                write!(f, "{arg}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Pipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.declared.is_empty() {
            write!(f, "{} {} ", self.declared.join(", "), if self.assign { "=" } else { ":=" })?;
        }
        for (index, command) in self.commands.iter().enumerate() {
            if index > 0 {
                f.write_str(" | ")?;
            }
            write!(f, "{command}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{{template {}", super::quote::quote(&self.name))?;
        if let Some(pipe) = &self.pipe {
            write!(f, " {pipe}")?;
        }
        f.write_str("}}")
    }
}
