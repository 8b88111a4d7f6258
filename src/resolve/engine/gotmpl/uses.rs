//! What the text of a template speaks of, found without rendering it: fields of the data, functions, variables nobody reads.

use std::collections::BTreeSet;
use std::ops::Range;

use super::Template;
use super::ast::{Arg, Branch, Command, Node, Pipe, Term};

/// What a template speaks of.
#[derive(Debug, Default)]
pub struct Uses {
    /// Fields of the data by the names on the way: `.Params.size` is `Params`, `size`.
    pub fields: Vec<(Vec<String>, Range<usize>)>,
    /// Texts that stand beside a field of the data in one call, as in `get .Params "size"`: the field and the text.
    pub keyed: BTreeSet<(String, String)>,
    /// Functions that are called.
    pub functions: Vec<(String, Range<usize>)>,
    /// Variables that are set and never read.
    pub unread: Vec<(String, Range<usize>)>,
}

impl Uses {
    /// True when a key of a field of the data is read, or the field as a whole.
    pub fn reads(&self, field: &str, key: &str) -> bool {
        let named = |(path, _): &(Vec<String>, Range<usize>)| matches!(path.as_slice(), [first, second, ..] if first == field && second == key);
        self.fields.iter().any(named)
            || self.keyed.contains(&(field.to_owned(), key.to_owned()))
            || self.reads_whole(field)
    }

    /// True when a field of the data is handed on as a whole, to something that may read any of its keys.
    fn reads_whole(&self, field: &str) -> bool {
        let whole =
            |(path, _): &(Vec<String>, Range<usize>)| matches!(path.as_slice(), [only] if only == field);
        let keyed = self.keyed.iter().any(|(of, _)| of == field);
        self.fields.iter().any(whole) && !keyed
    }
}

/// Finds what a template speaks of.
pub fn uses(template: &Template) -> Uses {
    let mut finder = Finder::default();
    for (name, nodes) in &template.templates {
        // What a template of its own has as its dot is not known here.
        finder.nodes(nodes, *name == template.name);
    }
    let Finder { mut found, set, read } = finder;
    found.unread = set.into_iter().filter(|(name, _)| !read.contains(name)).collect();
    found
}

#[derive(Default)]
struct Finder {
    found: Uses,
    set: Vec<(String, Range<usize>)>,
    read: BTreeSet<String>,
}

impl Finder {
    /// `at_top`: whether the dot is the data itself.
    fn nodes(&mut self, nodes: &[Node], at_top: bool) {
        for node in nodes {
            match node {
                Node::Text(_) | Node::Break | Node::Continue => {}
                Node::Action(pipe) => self.pipe(pipe, at_top, true),
                Node::If(branch) => self.branch(branch, at_top, at_top),
                Node::With(branch) | Node::Range(branch) => self.branch(branch, at_top, false),
                Node::Template(call) => call.pipe.iter().for_each(|pipe| self.pipe(pipe, at_top, false)),
            }
        }
    }

    fn branch(&mut self, branch: &Branch, at_top: bool, inside: bool) {
        let Branch { pipe, body, otherwise } = branch;
        self.pipe(pipe, at_top, false);
        self.nodes(body, inside);
        self.nodes(otherwise.as_deref().unwrap_or_default(), at_top);
    }

    /// `counts`: whether a variable that is set here and never read is worth a word; a loop may need one to get at the
    /// other.
    fn pipe(&mut self, pipe: &Pipe, at_top: bool, counts: bool) {
        if counts && !pipe.assign {
            self.set.extend(pipe.declared.iter().map(|name| (name.clone(), pipe.span.clone())));
        }
        for command in &pipe.commands {
            self.command(command, at_top);
        }
    }

    fn command(&mut self, command: &Command, at_top: bool) {
        let args: Vec<&Arg> = std::iter::once(&command.first).chain(&command.rest).collect();
        let text = |arg: &&Arg| match &arg.term {
            Term::Str(_, text) => Some(text.clone()),
            _ => None,
        };
        let texts: Vec<String> = args.iter().filter_map(text).collect();
        let roots = args.iter().filter_map(|arg| field(arg, at_top)).filter(|path| path.len() == 1);
        let keyed =
            roots.flatten().flat_map(|root| texts.iter().map(move |text| (root.clone(), text.clone())));
        self.found.keyed.extend(keyed.collect::<Vec<_>>());
        for arg in args {
            self.arg(arg, at_top);
        }
    }

    fn arg(&mut self, arg: &Arg, at_top: bool) {
        if let Some(path) = field(arg, at_top) {
            self.found.fields.push((path, arg.span.clone()));
        }
        match &arg.term {
            Term::Variable(name, _) => {
                self.read.insert(name.clone());
            }
            Term::Function(name) => self.found.functions.push((name.clone(), arg.span.clone())),
            Term::Pipe(pipe) => self.pipe(pipe, at_top, false),
            Term::Chain(inner, _) => self.arg(inner, at_top),
            Term::Dot | Term::Nil | Term::Bool(_) | Term::Number(_) | Term::Str(..) | Term::Field(_) => {}
        }
    }
}

/// The names on the way from the data to what an operand says.
fn field(arg: &Arg, at_top: bool) -> Option<Vec<String>> {
    match &arg.term {
        Term::Field(names) if at_top => Some(names.clone()),
        Term::Variable(name, names) if name == "$" && !names.is_empty() => Some(names.clone()),
        _ => None,
    }
}
