//! Reads the templates of a contract: what they use and nothing defines, what is declared and nothing uses.

use std::collections::BTreeSet;

use crate::diag::codes::lint as codes;
use crate::diag::{At, Diagnostic, Report, Severity};
use crate::model::node::{Kind, Node};
use crate::model::path::Path;
use crate::resolve::contract::functions::NAMES;
use crate::resolve::contract::read::TARGETS;
use crate::resolve::contract::ready::{is_template, whole_expression};
use crate::resolve::contract::{Contract, Rest};
use crate::resolve::engine::jinja::Language;
use crate::resolve::provisioner::Provisioner;

/// Reads all templates of a contract.
pub fn text(provisioner: &Provisioner, contract: &Contract, report: &mut Report) {
    let root = &contract.root;
    let values = root.get("values").and_then(Node::as_map).unwrap_or_default();
    let names: Vec<String> = values.iter().map(|(key, _)| key.key_text()).collect();
    let mut reader = Reader {
        provisioner,
        contract,
        language: Language::default(),
        values: BTreeSet::new(),
        used: BTreeSet::new(),
        report,
    };
    for (key, node) in values {
        let name = key.key_text();
        reader.node(node, &Path::of(["values", &name]));
        reader.values.insert(name);
    }
    for target in TARGETS {
        let entries = root.get(target).and_then(Node::as_map).unwrap_or_default();
        for (key, node) in entries {
            reader.node(node, &Path::of([*target, &key.key_text()]));
        }
        let made = root.get(target).and_then(|section| section.get("outputs"));
        reader.outputs(made, &Path::of([*target, "outputs"]));
    }
    reader.unused("values", &names);
    reader.unused("params", &contract.params.keys().cloned().collect::<Vec<_>>());
}

struct Reader<'a> {
    provisioner: &'a Provisioner,
    contract: &'a Contract,
    language: Language,
    /// The values that are made so far.
    values: BTreeSet<String>,
    used: BTreeSet<String>,
    report: &'a mut Report,
}

impl Reader<'_> {
    fn node(&mut self, node: &Node, path: &Path) {
        match &node.kind {
            Kind::Str(text) => self.scalar(text, path),
            Kind::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.node(item, &path.then(index));
                }
            }
            Kind::Map(entries) => {
                for (key, value) in entries {
                    let written = key.key_text();
                    let here = path.then(&written);
                    self.scalar(&written, &here);
                    self.node(value, &here);
                }
            }
            Kind::Null | Kind::Bool(_) | Kind::Int(_) | Kind::Uint(_) | Kind::Float(_) | Kind::Time(_) => {}
        }
    }

    fn scalar(&mut self, text: &str, path: &Path) {
        if !is_template(text) {
            return;
        }
        let found = match whole_expression(text).and_then(|inside| text.get(inside)) {
            Some(expression) => variables(&self.language, expression, true),
            None => variables(&self.language, text, false),
        };
        for variable in found {
            self.variable(&variable, path);
        }
    }

    /// Judges one variable with its fields, as in `params.size`.
    fn variable(&mut self, variable: &str, path: &Path) {
        let mut parts = variable.split('.');
        let (top, field) = (parts.next().unwrap_or_default(), parts.next());
        let at = At::text(self.provisioner.doc, path.clone(), variable);
        let undefined = |what: String| Diagnostic::new(&codes::UNDEFINED_VARIABLE, what, at.clone());
        let said = match (top, field) {
            ("params", Some(name)) if !self.contract.params.contains_key(name) => {
                let known = self.contract.params.keys().map(String::as_str);
                let said = format!("the param `{name}` is used and not declared");
                Diagnostic::new(&codes::UNDECLARED_PARAM, said, at.clone())
                    .severity(Severity::Error)
                    .help(format!("add `{name}: {{}}` under `params`"))
                    .suggest(name, known)
            }
            ("values", Some(name)) if !self.values.contains(name) => {
                let later = self.contract.root.get("values").is_some_and(|values| values.get(name).is_some());
                let said = undefined(format!("there is no value `{name}`"));
                if later {
                    said.note("it is made further down, and a value sees only those before it")
                } else {
                    said.suggest(name, self.values.iter().map(String::as_str))
                }
            }
            ("params" | "values", name) => {
                self.used.insert(name.map_or_else(|| top.to_owned(), |name| format!("{top}.{name}")));
                return;
            }
            // The text of a file that a param names.
            ("contents", Some(name)) => {
                self.used.insert(format!("params.{name}"));
                return;
            }
            _ if NAMES.contains(&top) => return,
            _ => undefined(format!("nothing defines `{top}`")).suggest(top, NAMES.iter().copied()),
        };
        self.report.push(said);
    }

    fn unused(&mut self, what: &str, names: &[String]) {
        if self.used.contains(what) {
            return;
        }
        for name in names.iter().filter(|name| !self.used.contains(&format!("{what}.{name}"))) {
            let word = what.trim_end_matches('s');
            let at = At::key(self.provisioner.doc, Path::of([what, name]));
            let said = format!("the {word} `{name}` is never used");
            self.report.push(Diagnostic::new(&codes::UNUSED_VALUE, said, at));
        }
    }

    /// Outputs that can be seen without running anything: each target must make those that are declared.
    fn outputs(&mut self, made: Option<&Node>, path: &Path) {
        let Some(entries) = made.and_then(Node::as_map) else { return };
        let names: Vec<String> = entries.iter().map(|(key, _)| key.key_text()).collect();
        let declared = &self.contract.outputs;
        if names.iter().any(|name| is_template(name)) || declared.rest != Rest::None {
            return;
        }
        for name in names.iter().filter(|name| !declared.named.contains_key(*name)) {
            let at = At::key(self.provisioner.doc, path.then(name));
            let said = format!("the output `{name}` is not declared");
            let code = &crate::diag::codes::resolve::BAD_OUTPUT;
            self.report.push(
                Diagnostic::new(code, said, at)
                    .help(format!("add `{name}: {{}}` under `outputs` of the provisioner")),
            );
        }
    }
}

/// The variables that a template or an expression takes from its scope, with their fields: `params.size`. None where it is
/// wrong, which trying it says.
fn variables(language: &Language, text: &str, expression: bool) -> BTreeSet<String> {
    let found = if expression {
        language.expression(text).map(|made| made.undeclared_variables(true))
    } else {
        language.template(text).map(|made| made.undeclared_variables(true))
    };
    found.map(|names| names.into_iter().collect()).unwrap_or_default()
}
