//! The templates of contracts, taken apart once for a run, however many resources they answer for.

use std::collections::BTreeMap;
use std::ops::Range;

use minijinja::{Expression, Template};

use crate::model::flow::DocId;
use crate::model::node::{Kind, Node};
use crate::model::tree::Tree;
use crate::resolve::contract::Contract;
use crate::resolve::engine::jinja::{Language, Trouble};

/// The contracts of a run, ready to be answered from, by their document.
#[derive(Debug, Default)]
pub struct Contracts<'a>(BTreeMap<DocId, Prepared<'a>>);

/// What of a contract is made of templates.
#[derive(Debug)]
pub struct Prepared<'a> {
    /// The values, in the order in which they are written.
    pub values: Vec<(String, Ready<'a>)>,
    /// The sections of the target; `None` where the contract has none for it.
    pub sections: Option<Vec<(String, Section<'a>)>>,
}

/// A section of a target.
#[derive(Debug)]
pub enum Section<'a> {
    /// A templated tree.
    Tree(Ready<'a>),
    /// One block scalar that renders to YAML.
    Yaml(Ready<'a>),
}

/// A templated tree.
#[derive(Debug)]
pub enum Ready<'a> {
    /// Nothing of it is a template.
    Plain(Tree),
    /// A scalar that is one expression, and where in the scalar that begins.
    Expression(Result<Expression<'a, 'a>, Trouble>, &'a str, usize),
    /// A scalar with templates in it.
    Text(Result<Template<'a, 'a>, Trouble>),
    /// A list.
    List(Vec<Ready<'a>>),
    /// A map: each key as written, the key, the value.
    Map(Vec<(String, Ready<'a>, Ready<'a>)>),
}

impl<'a> Contracts<'a> {
    /// Takes the templates of contracts apart, as far as a target needs them.
    pub fn of(
        contracts: impl IntoIterator<Item = (DocId, &'a Contract)>,
        target: &str,
        language: &'a Language,
    ) -> Self {
        Self(
            contracts
                .into_iter()
                .map(|(doc, contract)| (doc, prepared(contract, target, language)))
                .collect(),
        )
    }

    /// The contract of a document.
    pub fn find(&self, doc: DocId) -> Option<&Prepared<'a>> {
        self.0.get(&doc)
    }
}

fn prepared<'a>(contract: &'a Contract, target: &str, language: &'a Language) -> Prepared<'a> {
    let values = contract.root.get("values").and_then(Node::as_map).unwrap_or_default();
    let values = values.iter().map(|(key, node)| (key.key_text(), tree(node, language)));
    let sections = contract.root.get(target).map(|section| {
        let entries = section.as_map().unwrap_or_default().iter();
        entries.map(|(key, node)| (key.key_text(), section_of(node, language))).collect()
    });
    Prepared { values: values.collect(), sections }
}

fn section_of<'a>(node: &'a Node, language: &'a Language) -> Section<'a> {
    match &node.kind {
        Kind::Str(text) if whole_expression(text).is_none() => Section::Yaml(block(text, language)),
        _ => Section::Tree(tree(node, language)),
    }
}

fn block<'a>(text: &'a str, language: &'a Language) -> Ready<'a> {
    if is_template(text) { Ready::Text(language.yaml(text)) } else { Ready::Plain(Tree::from(text)) }
}

fn tree<'a>(node: &'a Node, language: &'a Language) -> Ready<'a> {
    match &node.kind {
        Kind::Str(text) => scalar(text, language),
        Kind::List(items) => {
            let made: Vec<Ready<'a>> = items.iter().map(|item| tree(item, language)).collect();
            if made.iter().all(Ready::is_plain) { Ready::Plain(node.tree()) } else { Ready::List(made) }
        }
        Kind::Map(entries) => {
            let made: Vec<_> = entries
                .iter()
                .map(|(key, value)| (key.key_text(), self::key(key, language), tree(value, language)))
                .collect();
            let plain = made.iter().all(|(_, key, value)| key.is_plain() && value.is_plain());
            match node.tree() {
                // Keys that differ only in how they are written come together in the tree; that is told when it is made.
                Tree::Map(map) if plain && map.len() == made.len() => Ready::Plain(Tree::Map(map)),
                _ => Ready::Map(made),
            }
        }
        Kind::Null | Kind::Bool(_) | Kind::Int(_) | Kind::Uint(_) | Kind::Float(_) | Kind::Time(_) => {
            Ready::Plain(node.tree())
        }
    }
}

fn key<'a>(key: &'a Node, language: &'a Language) -> Ready<'a> {
    key.as_str().map_or_else(|| Ready::Plain(Tree::Str(key.key_text())), |text| scalar(text, language))
}

fn scalar<'a>(text: &'a str, language: &'a Language) -> Ready<'a> {
    if !is_template(text) {
        return Ready::Plain(Tree::from(text));
    }
    match whole_expression(text).and_then(|inside| Some((inside.start, text.get(inside)?))) {
        Some((start, inside)) => Ready::Expression(language.expression(inside), inside, start),
        None => Ready::Text(language.template(text)),
    }
}

impl Ready<'_> {
    const fn is_plain(&self) -> bool {
        matches!(self, Self::Plain(_))
    }
}

/// True when a scalar holds anything to render.
pub fn is_template(text: &str) -> bool {
    text.contains("{{") || text.contains("{%") || text.contains("{#")
}

/// The bytes of the expression, when a scalar is one expression and nothing else: its value then keeps its type.
pub fn whole_expression(text: &str) -> Option<Range<usize>> {
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
