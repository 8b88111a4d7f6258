//! A templated tree: real YAML whose scalars are templates. Nodes in, values out.
//!
//! **Invariant:** a value stays in the scalar it was written in; no param can add a key or an object.

use minijinja::Value;

use crate::diag::codes::resolve as codes;
use crate::diag::{At, Diagnostic, Focus, Report};
use crate::model::flow::{Declared, DocId, Written};
use crate::model::map::Entry;
use crate::model::path::{Path, Step, Trail};
use crate::model::tree::{Map, Tree};
use crate::read::parse;
use crate::resolve::contract::ready::{Ready, Section};
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
    /// Where what is made differs from what is written; `None` where nobody asks.
    pub written: Option<Written>,
    /// Where to report.
    pub report: &'a mut Report,
}

impl Renderer<'_> {
    /// A section. `None` when it is left out or fails.
    pub fn section(&mut self, section: &Section<'_>, here: &Trail<'_>, scope: &Value) -> Option<Tree> {
        match section {
            Section::Yaml(ready) => self.yaml(ready, here, scope),
            Section::Tree(ready) => self.value(ready, here, scope),
        }
    }

    /// A templated tree. `None` when it is left out or fails; failures are reported.
    pub fn value(&mut self, ready: &Ready<'_>, here: &Trail<'_>, scope: &Value) -> Option<Tree> {
        match ready {
            Ready::Plain(tree) => Some(tree.clone()),
            Ready::Expression(made, text, start) => {
                let made = made.as_ref().map_err(Trouble::clone);
                match made.and_then(|expression| self.jinja.evaluate(expression, text, scope)) {
                    Ok(tree) => tree,
                    Err(trouble) => self.trouble(trouble, here, *start),
                }
            }
            Ready::Text(made) => {
                let rendered =
                    made.as_ref().map_err(Trouble::clone).and_then(|text| Jinja::render(text, scope));
                match rendered.and_then(|marked| self.jinja.unmark(&marked)) {
                    Ok(tree) => Some(tree),
                    Err(trouble) => self.trouble(trouble, here, 0),
                }
            }
            Ready::List(items) => {
                let mut made = Vec::new();
                for (index, item) in items.iter().enumerate() {
                    let Some(tree) = self.value(item, &here.index(index), scope) else { continue };
                    if made.len() != index {
                        self.differs(here, Step::Index(made.len()), Step::Index(index));
                    }
                    made.push(tree);
                }
                Some(Tree::List(made))
            }
            Ready::Map(entries) => Some(Tree::Map(self.entries(entries, here, scope))),
        }
    }

    fn entries(
        &mut self,
        entries: &[(String, Ready<'_>, Ready<'_>)],
        above: &Trail<'_>,
        scope: &Value,
    ) -> Map {
        let mut map = Map::new();
        for (written, key, value) in entries {
            let here = above.key(written);
            let Some(name) = self.key(key, &here, scope) else { continue };
            let Some(value) = self.value(value, &here, scope) else { continue };
            if name != *written {
                self.differs(above, Step::from(&name), Step::from(written));
            }
            match map.entry(name) {
                Entry::Vacant(place) => {
                    place.insert(value);
                }
                Entry::Occupied(place) => {
                    let message = format!("two keys of this map both come out as `{}`", place.key());
                    self.say(&codes::TEMPLATE_FAILED, message, At::key(self.doc, here.path()));
                }
            }
        }
        map
    }

    /// Notes a step that is not written as it was made.
    fn differs(&mut self, above: &Trail<'_>, made: Step, step: Step) {
        if let Some(written) = &mut self.written {
            written.insert((above.path(), made), step);
        }
    }

    fn key(&mut self, key: &Ready<'_>, here: &Trail<'_>, scope: &Value) -> Option<String> {
        match self.value(key, here, scope)? {
            Tree::Str(text) => Some(text),
            Tree::Int(number) => Some(number.to_string()),
            other => {
                let message = format!(
                    "a key must be public text, not {}",
                    if let Tree::Text(_) = other { "a secret" } else { other.kind() }
                );
                self.say(&codes::TEMPLATE_FAILED, message, At::key(self.doc, here.path()));
                None
            }
        }
    }

    fn yaml(&mut self, ready: &Ready<'_>, here: &Trail<'_>, scope: &Value) -> Option<Tree> {
        let rendered = match ready {
            Ready::Plain(tree) => Ok(tree.as_str().unwrap_or_default().to_owned()),
            Ready::Text(Ok(template)) => Jinja::render(template, scope),
            Ready::Text(Err(trouble)) => Err(trouble.clone()),
            Ready::Expression(..) | Ready::List(_) | Ready::Map(_) => return self.value(ready, here, scope),
        };
        let rendered = match rendered {
            Ok(rendered) => rendered,
            Err(trouble) => return self.trouble(trouble, here, 0),
        };
        let file = self.report.sources.document(self.doc).map(|root| root.source);
        let name = file
            .and_then(|id| self.report.sources.text(id))
            .map(|source| source.name.clone())
            .unwrap_or_default();
        let source = self.report.sources.add(format!("{name} ({here}, as rendered)"), rendered);
        let node = parse::yaml(source, self.report).ok()?;
        // Nothing was said about it, so nobody will ask for it.
        self.report.sources.forget(source);
        self.unmarked(node.tree(), here)
    }

    /// Reads the marks in a tree that was rendered as text.
    fn unmarked(&mut self, tree: Tree, here: &Trail<'_>) -> Option<Tree> {
        match tree {
            Tree::Str(text) => match self.jinja.unmark(&text) {
                Ok(tree) => Some(tree),
                Err(trouble) => self.trouble(trouble, here, 0),
            },
            Tree::List(list) => {
                Some(Tree::List(list.into_iter().filter_map(|item| self.unmarked(item, here)).collect()))
            }
            Tree::Map(map) => {
                let pairs =
                    map.into_iter().filter_map(|(key, value)| Some((key, self.unmarked(value, here)?)));
                Some(Tree::Map(pairs.collect()))
            }
            other => Some(other),
        }
    }

    /// Says what went wrong; nothing is made.
    fn trouble(&mut self, trouble: Trouble, here: &Trail<'_>, shift: usize) -> Option<Tree> {
        let Trouble { message, range, why } = trouble;
        let focus = range.map_or(Focus::Value, |range| Focus::Bytes(range.start + shift..range.end + shift));
        let code = match why {
            Why::Template => &codes::TEMPLATE_FAILED,
            Why::Refused => &codes::PROVISIONER_REFUSED,
            Why::NoSeed => &codes::NO_SEED,
            Why::Secret => &codes::SECRET_NEEDED,
        };
        let place = At::Path(self.doc, here.path(), focus);
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
        None
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
