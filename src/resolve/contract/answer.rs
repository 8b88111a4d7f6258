//! Runs a contract for one resource: params, values, sections, outputs, in that order.

use std::collections::BTreeMap;

use minijinja::Value;

use crate::diag::codes::resolve as codes;
use crate::diag::{At, Diagnostic, Failed, Report};
use crate::model::flow::Declared;
use crate::model::node::Node;
use crate::model::path::Path;
use crate::model::text::{Hidden, Part, SecretRef, Text};
use crate::model::tree::{Map, Tree};
use crate::resolve::contract::params::ticked;
use crate::resolve::contract::tree::Renderer;
use crate::resolve::contract::{Contract, Output, Rest, functions};
use crate::resolve::judge;
use crate::resolve::names;
use crate::resolve::provisioner::{Input, Made, Provisioner};

/// Answers for a resource.
///
/// # Errors
/// When a param is wrong, the target has no section, a template fails, or an output is not what the contract says.
pub fn answer(
    contract: &Contract,
    provisioner: &Provisioner,
    input: &Input<'_>,
    report: &mut Report,
) -> Result<Made, Failed> {
    let said = report.diagnostics.len();
    let asked_by = &input.resource.source;
    let target = input.rules.target.as_str();
    let Some(section) = contract.root.get(target) else {
        let at = At::key(asked_by.doc, Path::of(["resources", &asked_by.name]));
        let message = format!("the provisioner `{}` has no section for `{target}`", provisioner.uri);
        return Err(report.fail(Diagnostic::new(&codes::NO_SECTION, message, at)));
    };
    let params = judge::complete(contract, input, report);
    let jinja = functions::language(input);
    let mut scope = functions::scope(input, &jinja);
    scope.insert("params".to_owned(), jinja.map(&params));
    let mut renderer = Renderer { jinja: &jinja, doc: provisioner.doc, asked_by, report };
    values(contract, &mut renderer, &mut scope);
    let scope = Value::from(scope);
    let mut sections = BTreeMap::new();
    for (key, node) in section.as_map().unwrap_or_default() {
        let name = key.key_text();
        let path = Path::of([target, &name]);
        if let Some(made) = renderer.section(node, &path, &scope) {
            sections.insert(name, made);
        }
    }
    let made = sections.remove("outputs").unwrap_or_else(Tree::map);
    let outputs = outputs(contract, provisioner, input, made, report);
    judge::unless_worse(
        report,
        said,
        Made {
            outputs,
            state: Tree::map(),
            shared: Tree::Null,
            sections,
            logs: Vec::new(),
            open_environment: contract.outputs.rest == Rest::Environment,
        },
    )
}

/// Makes the values in the order in which they are written; each sees those before it.
fn values(contract: &Contract, renderer: &mut Renderer<'_>, scope: &mut BTreeMap<String, Value>) {
    let mut made: BTreeMap<String, Value> = BTreeMap::new();
    scope.insert("values".to_owned(), Value::from(made.clone()));
    for (key, node) in contract.root.get("values").and_then(Node::as_map).unwrap_or_default() {
        let name = key.key_text();
        scope.insert(functions::VALUE_NAME.to_owned(), Value::from(name.as_str()));
        let path = Path::of(["values", &name]);
        if let Some(tree) = renderer.value(node, &path, &Value::from(scope.clone())) {
            made.insert(name, renderer.jinja.value(&tree));
        }
        scope.insert("values".to_owned(), Value::from(made.clone()));
    }
    scope.remove(functions::VALUE_NAME);
}

/// Holds what was made against what the contract announces.
fn outputs(
    contract: &Contract,
    provisioner: &Provisioner,
    input: &Input<'_>,
    made: Tree,
    report: &mut Report,
) -> Tree {
    let path = Path::of([input.rules.target.as_str(), "outputs"]);
    let Tree::Map(made) = made else {
        let at = At::value(provisioner.doc, path);
        report.push(Diagnostic::new(&codes::BAD_OUTPUT, "`outputs` must be a map", at));
        return Tree::map();
    };
    let named = &contract.outputs.named;
    if contract.outputs.rest != Rest::Any {
        for name in made.keys().filter(|name| !named.contains_key(*name)) {
            let at = At::key(provisioner.doc, path.then(name));
            let said =
                Diagnostic::new(&codes::BAD_OUTPUT, format!("the output `{name}` is not declared"), at);
            report.push(said.help(format!("add `{name}: {{}}` under `outputs` of the provisioner")));
        }
    }
    let missing: Vec<&String> = named.keys().filter(|name| !made.contains_key(*name)).collect();
    if !missing.is_empty() && !report.has_errors() {
        let at = At::value(provisioner.doc, path.clone());
        let message = format!(
            "the outputs {} are declared and not made for `{}`",
            ticked(&missing),
            input.rules.target
        );
        report.push(Diagnostic::new(&codes::BAD_OUTPUT, message, at));
    }
    let sealed = made.into_iter().map(|(name, value)| {
        let at = At::value(provisioner.doc, path.then(&name));
        let value =
            named.get(&name).map_or(value.clone(), |output| checked(&name, output, value, at, input, report));
        (name, value)
    });
    Tree::Map(sealed.collect::<Map>())
}

fn checked(name: &str, output: &Output, value: Tree, at: At, input: &Input<'_>, report: &mut Report) -> Tree {
    if let Some(kind) = output.kind.filter(|kind| kind.accept(&value).is_none()) {
        let message = format!("the output `{name}` must be {}, not {}", kind.words(), value.kind());
        report.push(Diagnostic::new(&codes::BAD_OUTPUT, message, at));
        return value;
    }
    match value {
        Tree::Str(text) if output.secret => {
            let store = names::derived(&input.resource.uid, input.rules);
            let secret = SecretRef { store, key: name.to_owned(), value: Some(Hidden::new(text)) };
            Tree::Text(Text::from(Part::Secret(secret)))
        }
        Tree::Text(text) if !output.secret && !text.is_public() => {
            let message = format!("the output `{name}` holds a secret and is not declared as one");
            let said = Diagnostic::new(&codes::BAD_OUTPUT, message, at);
            report.push(said.help(format!("write `{name}: {{secret: true}}` under `outputs`")));
            Tree::Text(text)
        }
        other => other,
    }
}

/// Where a resource is declared.
pub fn place(declared: &Declared) -> At {
    At::key(declared.doc, Path::of(["resources", &declared.name]))
}
