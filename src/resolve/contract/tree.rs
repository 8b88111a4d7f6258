//! A templated tree: real YAML whose scalars are templates. Nodes in, values out.
//!
//! **Invariant:** a value stays in the scalar it was written in; no param can add a key or an object.

use std::ops::Range;

use minijinja::Value;

use crate::diag::codes::resolve as codes;
use crate::diag::{At, Diagnostic, Focus, Report};
use crate::model::flow::{Declared, DocId};
use crate::model::node::{Kind, Node};
use crate::model::path::Path;
use crate::model::tree::{Map, Tree};
use crate::read::parse;
use crate::resolve::engine::jinja::{Jinja, Trouble, Why};

/// Renders templated trees for one resource and reports what goes wrong in them.
#[derive(Debug)]
pub struct Renderer<'a> {
    /// The template language.
    pub jinja: &'a Jinja,
    /// The provisioner's document.
    pub doc: DocId,
    /// The resource it is for.
    pub asked_by: &'a Declared,
    /// Where to report.
    pub report: &'a mut Report,
}

impl Renderer<'_> {
    /// A section: a templated tree, or one block scalar that renders to YAML. `None` when it is left out or fails.
    pub fn section(&mut self, node: &Node, path: &Path, scope: &Value) -> Option<Tree> {
        match &node.kind {
            Kind::Str(text) if whole_expression(text).is_none() => self.yaml(text, path, scope),
            _ => self.value(node, path, scope),
        }
    }

    /// A templated tree. `None` when it is left out or fails; failures are reported.
    pub fn value(&mut self, node: &Node, path: &Path, scope: &Value) -> Option<Tree> {
        match &node.kind {
            Kind::Str(text) => self.scalar(text, path, scope),
            Kind::List(items) => {
                let made =
                    items.iter().enumerate().filter_map(|(n, item)| self.value(item, &path.then(n), scope));
                Some(Tree::List(made.collect()))
            }
            Kind::Map(entries) => Some(Tree::Map(self.entries(entries, path, scope))),
            Kind::Null | Kind::Bool(_) | Kind::Int(_) | Kind::Uint(_) | Kind::Float(_) | Kind::Time(_) => {
                Some(node.tree())
            }
        }
    }

    fn entries(&mut self, entries: &[(Node, Node)], path: &Path, scope: &Value) -> Map {
        let mut map = Map::new();
        for (key, value) in entries {
            let written = key.key_text();
            let here = path.then(&written);
            let Some(name) = self.key(&written, &here, scope) else { continue };
            let Some(value) = self.value(value, &here, scope) else { continue };
            if map.insert(name.clone(), value).is_some() {
                let message = format!("two keys of this map both come out as `{name}`");
                self.say(&codes::TEMPLATE_FAILED, message, At::key(self.doc, here));
            }
        }
        map
    }

    fn key(&mut self, written: &str, path: &Path, scope: &Value) -> Option<String> {
        match self.scalar(written, path, scope)? {
            Tree::Str(text) => Some(text),
            Tree::Int(number) => Some(number.to_string()),
            other => {
                let message = format!(
                    "a key must be public text, not {}",
                    if let Tree::Text(_) = other { "a secret" } else { other.kind() }
                );
                self.say(&codes::TEMPLATE_FAILED, message, At::key(self.doc, path.clone()));
                None
            }
        }
    }

    fn scalar(&mut self, text: &str, path: &Path, scope: &Value) -> Option<Tree> {
        if !is_template(text) {
            return Some(Tree::Str(text.to_owned()));
        }
        let (outcome, shift) = match whole_expression(text) {
            Some(inside) => (self.jinja.evaluate(text.get(inside.clone())?, scope), inside.start),
            None => {
                (self.jinja.render(text, scope).and_then(|marked| self.jinja.unmark(&marked)).map(Some), 0)
            }
        };
        outcome.unwrap_or_else(|trouble| {
            self.trouble(trouble, path, shift);
            None
        })
    }

    fn yaml(&mut self, text: &str, path: &Path, scope: &Value) -> Option<Tree> {
        let rendered = match self.jinja.render(text, scope) {
            Ok(rendered) => rendered,
            Err(trouble) => {
                self.trouble(trouble, path, 0);
                return None;
            }
        };
        let file = self.report.sources.document(self.doc).map(|root| root.source);
        let name = file
            .and_then(|id| self.report.sources.text(id))
            .map(|source| source.name.clone())
            .unwrap_or_default();
        let source = self.report.sources.add(format!("{name} ({path}, as rendered)"), rendered);
        let node = parse::yaml(source, self.report).ok()?;
        self.unmarked(node.tree(), path)
    }

    /// Reads the marks in a tree that was rendered as text.
    fn unmarked(&mut self, tree: Tree, path: &Path) -> Option<Tree> {
        match tree {
            Tree::Str(text) => {
                self.jinja.unmark(&text).map_err(|trouble| self.trouble(trouble, path, 0)).ok()
            }
            Tree::List(list) => {
                Some(Tree::List(list.into_iter().filter_map(|item| self.unmarked(item, path)).collect()))
            }
            Tree::Map(map) => {
                let pairs =
                    map.into_iter().filter_map(|(key, value)| Some((key, self.unmarked(value, path)?)));
                Some(Tree::Map(pairs.collect()))
            }
            other => Some(other),
        }
    }

    fn trouble(&mut self, trouble: Trouble, path: &Path, shift: usize) {
        let Trouble { message, range, why } = trouble;
        let focus = range.map_or(Focus::Value, |range| Focus::Bytes(range.start + shift..range.end + shift));
        let code = match why {
            Why::Template => &codes::TEMPLATE_FAILED,
            Why::Refused => &codes::PROVISIONER_REFUSED,
            Why::NoSeed => &codes::NO_SEED,
            Why::Secret => &codes::SECRET_NEEDED,
        };
        let place = At::Path(self.doc, path.clone(), focus);
        let asked = At::key(self.asked_by.doc, Path::of(["resources", &self.asked_by.name]));
        let said = match why {
            // What a provisioner refuses is something about the resource: point at it first.
            Why::Refused => Diagnostic::new(code, message, asked).also(place, "the provisioner refuses here"),
            Why::NoSeed => no_seed(asked).also(place, "the secret is made here"),
            Why::Template | Why::Secret => {
                Diagnostic::new(code, message, place).also(asked, "for this resource")
            }
        };
        self.report.push(said);
    }

    fn say(&mut self, code: &'static crate::diag::codes::Code, message: String, at: At) {
        self.report.push(Diagnostic::new(code, message, at));
    }
}

fn no_seed(at: At) -> Diagnostic {
    Diagnostic::new(&codes::NO_SEED, "this resource needs a secret, and there is no seed to make it from", at)
        .note("secrets follow from a seed, so that every run and every machine that knows it gets the same ones")
        .help("set the variable `SIGHTREAD_SEED`, or keep the file `.sightread/seed` of an earlier run")
}

/// True when a scalar holds anything to render.
fn is_template(text: &str) -> bool {
    text.contains("{{") || text.contains("{%") || text.contains("{#")
}

/// The bytes of the expression, when a scalar is one expression and nothing else: its value then keeps its type.
fn whole_expression(text: &str) -> Option<Range<usize>> {
    let start = text.len() - text.trim_start().len();
    let trimmed = text.trim();
    let inside = trimmed.strip_prefix("{{")?.strip_suffix("}}")?;
    let (mut depth, mut quote, mut escaped) = (0_usize, None, false);
    for c in inside.chars() {
        match (quote, c) {
            (Some(_), _) if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(open), _) if open == c => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, '{' | '[' | '(') => depth += 1,
            // More closed than opened: the expression ended before the end of the scalar.
            (None, '}' | ']' | ')') => depth = depth.checked_sub(1)?,
            (Some(_) | None, _) => {}
        }
    }
    let from = start + 2 + usize::from(inside.starts_with('-'));
    let to = start + 2 + inside.len() - usize::from(inside.ends_with('-'));
    (quote.is_none() && depth == 0 && from <= to).then_some(from..to)
}

#[cfg(test)]
mod tests {
    use super::whole_expression;

    #[test]
    fn one_expression_is_told_from_text() {
        let table = [
            ("{{ a }}", Some(" a ")),
            ("  {{- a -}} ", Some(" a ")),
            ("{{ {'a': {'b': 1}} }}", Some(" {'a': {'b': 1}} ")),
            ("{{ '}}' }}", Some(" '}}' ")),
            ("{{ a }}{{ b }}", None),
            ("{{ a }}:{{ b }}", None),
            ("x{{ a }}", None),
            ("{% if a %}{{ b }}{% endif %}", None),
            ("{{", None),
            ("{{}", None),
        ];
        for (text, wanted) in table {
            assert_eq!(whole_expression(text).map(|range| &text[range]), wanted, "{text}");
        }
    }
}
