//! Runs a contract for one resource: params, values, sections, outputs, in that order.

use std::collections::BTreeMap;

use crate::diag::codes::resolve as codes;
use crate::diag::{At, Diagnostic, Failed, Report};
use crate::model::flow::{Declared, Written};
use crate::model::node::Node;
use crate::model::path::{Path, Trail};
use crate::model::text::{Hidden, Part, SecretRef, Text};
use crate::model::tree::{Map, Tree};
use crate::resolve::contract::functions::Scope;
use crate::resolve::contract::params::ticked;
use crate::resolve::contract::ready::Ready;
use crate::resolve::contract::tree::Renderer;
use crate::resolve::contract::{Contract, Output, Rest, patching};
use crate::resolve::engine::jinja::Jinja;
use crate::resolve::judge;
use crate::resolve::names;
use crate::resolve::provisioner::{Input, Made, Provisioner};

/// The section of a target that holds changes to workloads.
const PATCHES: &str = "patches";

/// The sections whose text nobody replaces variables in.
const LITERAL: &[&str] = &["files", "directories", "outputs", "manifests"];

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
    let prepared =
        input.contracts.find(provisioner.doc).expect("contracts are made ready before they are asked");
    let Some(ready) = &prepared.sections else {
        let at = At::key(asked_by.doc, Path::of(["resources", &asked_by.name]));
        let message = format!("the provisioner `{}` has no section for `{target}`", provisioner.uri);
        return Err(report.fail(Diagnostic::new(&codes::NO_SECTION, message, at)));
    };
    let params = judge::complete(contract, input, report);
    let jinja = Jinja::default();
    let mut scope = Scope::new(input, &jinja, &params);
    let written = (!provisioner.is_built_in()).then(Written::new);
    let mut renderer = Renderer { jinja: &jinja, doc: provisioner.doc, asked_by, written, report };
    values(contract, &prepared.values, &mut renderer, &mut scope);
    // What is below would only say again that a value is not there.
    judge::unless_worse(renderer.report, said, ())?;
    let (plain, top) = (scope.value(), Path::of([target]));
    let scope = if target == "compose" { scope.interpolated(&jinja, &params) } else { scope };
    let interpolated = scope.value();
    let (mut sections, mut patches) = (BTreeMap::new(), Vec::new());
    for (name, section) in ready {
        let top = Trail::from(&top);
        let here = top.key(name);
        if name == PATCHES {
            patches = patching::patches(&mut renderer, section, &here, &scope, input);
            continue;
        }
        let seen = if LITERAL.contains(&name.as_str()) { &plain } else { &interpolated };
        if let Some(made) = renderer.section(section, &here, seen) {
            sections.insert(name.clone(), made);
        }
    }
    let written = renderer.written.take().unwrap_or_default();
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
            written,
            patches,
            logs: Vec::new(),
            open_environment: contract.outputs.rest == Rest::Environment,
        },
    )
}

/// Makes the values in the order in which they are written; each sees those before it.
fn values(
    contract: &Contract,
    ready: &[(String, Ready<'_>)],
    renderer: &mut Renderer<'_>,
    scope: &mut Scope,
) {
    let mut failed: Vec<&String> = Vec::new();
    let top = Path::of(["values"]);
    for (name, ready) in ready {
        if failed.iter().any(|gone| uses(contract, name, gone)) {
            failed.push(name);
            continue;
        }
        let said = renderer.report.diagnostics.len();
        match renderer.value(ready, &Trail::from(&top).key(name), &scope.making(name)) {
            Some(tree) => scope.add(name, renderer.jinja.value(&tree)),
            None if renderer.report.diagnostics.len() > said => failed.push(name),
            None => {}
        }
    }
}

/// True when the template of a value speaks of another.
fn uses(contract: &Contract, name: &str, other: &str) -> bool {
    let (mut found, wanted) = (false, format!("values.{other}"));
    let template = contract.root.at(&Path::of(["values", name])).map(Node::tree).unwrap_or_default();
    template
        .each_scalar(&mut |_, scalar| found |= scalar.as_str().is_some_and(|text| text.contains(&wanted)));
    found
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
        let words = if missing.len() == 1 { ("output", "is") } else { ("outputs", "are") };
        let (list, target) = (ticked(&missing), &input.rules.target);
        let message = format!("the {} {list} {} declared and not made for `{target}`", words.0, words.1);
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

#[cfg(test)]
mod tests {
    use crate::diag::Report;
    use crate::model::tree::Tree;
    use crate::resolve::catalog::{Origins, load};
    use crate::resolve::trial::{make, rules, said};
    use crate::world::memory::Memory;

    /// What a contract whose Compose outputs are `body` makes of the param `p`, as JSON; or what is said.
    fn outputs(body: &str, p: &Tree) -> String {
        let text = format!(
            "type: thing\nparams: {{p: {{}}}}\noutputs: {{\"*\": {{}}}}\n\
             values: {{password: \"{{{{ secret(length=8) }}}}\"}}\ncompose:\n  outputs:{body}\n"
        );
        let mut world = Memory::default();
        world.put("thing.yaml", text, 0o644);
        let mut report = Report::default();
        let origins = Origins { paths: vec!["thing.yaml".to_owned()], ..Origins::default() };
        let catalog = load(&origins, None, "compose", &world, &mut report).unwrap_or_default();
        let params = Tree::from_pairs([("p", p.clone())]);
        let made =
            catalog.provisioners.first().and_then(|one| make(one, params, &rules("compose"), &mut report));
        made.map_or_else(|| said(&report), |made| made.outputs.to_json().to_string())
    }

    #[test]
    fn a_scalar_keeps_its_type_and_a_value_its_place() {
        let evil = "x\"\n  evil: true\n# {{ 1 }} {% raw %} !!python/object ../../etc";
        let quoted = Tree::from(evil).to_json().to_string();
        let table: Vec<(&str, Tree, String)> = vec![
            (" {a: \"{{ params.p }}\"}", 3.into(), r#"{"a":3}"#.into()),
            (" {a: \"{{ params.p }}\"}", Tree::Null, r#"{"a":null}"#.into()),
            (" {a: \"{{ params.p }}\"}", true.into(), r#"{"a":true}"#.into()),
            (" {a: \"{{ params.p }}\"}", vec![1, 2].into(), r#"{"a":[1,2]}"#.into()),
            (" {a: \"n{{ params.p }}\"}", 3.into(), r#"{"a":"n3"}"#.into()),
            (" {a: \"{{ omit }}\", b: [\"{{ omit }}\", 1]}", Tree::Null, r#"{"b":[1]}"#.into()),
            (" {\"{{ params.p }}\": 1}", "k".into(), r#"{"k":1}"#.into()),
            (" {a: \"{{ params.p }}\"}", evil.into(), format!("{{\"a\":{quoted}}}")),
            (" |\n    a: {{ params.p | tojson }}", evil.into(), format!("{{\"a\":{quoted}}}")),
            (" |\n    a: {{ params.p | toyaml }}", vec![1, 2].into(), r#"{"a":[1,2]}"#.into()),
        ];
        for (body, param, wanted) in table {
            assert_eq!(outputs(body, &param), wanted, "{body} with {param:?}");
        }
    }

    #[test]
    fn secrets_stay_closed_and_limits_hold() {
        let table: Vec<(&str, Tree, &str)> = vec![
            (" {a: \"{{ values.password }}\"}", Tree::Null, r#"{"a":"***"}"#),
            (" {a: \"u:{{ values.password }}@h\"}", Tree::Null, r#"{"a":"u:***@h"}"#),
            (" |\n    a: {{ values.password }}", Tree::Null, r#"{"a":"***"}"#),
            (" {a: \"{{ values.password | urlencode }}\"}", Tree::Null, r#"{"a":"***"}"#),
            (
                " {a: \"{{ values.password | length > 1 }}\"}",
                Tree::Null,
                "`length` would need the characters of a secret, which templates do not see",
            ),
            (
                " {a: \"{{ values.password | b64encode }}\"}",
                Tree::Null,
                "`b64encode` would need the characters of a secret, which templates do not see",
            ),
            (
                " {a: \"{{ ('' ~ values.password)[1:] }}\"}",
                Tree::Null,
                "a secret was cut or changed: its characters are not known to templates",
            ),
            (" {\"{{ values.password }}\": 1}", Tree::Null, "a key must be public text, not a secret"),
            (
                " {a: \"n{{ params.p }}\"}",
                vec![1].into(),
                "a sequence cannot stand inside text: add `| tojson`, or make it the whole value",
            ),
            (" {a: \"{{ params.q }}\"}", Tree::Null, "`params.q` is not defined"),
            (" {a: \"{{ 'x' if }}\"}", Tree::Null, "unexpected end of input, expected expression"),
            (
                " {a: \"{% for n in range(9000) %}{% for m in range(9000) %}{% endfor %}{% endfor %}\"}",
                Tree::Null,
                "the template takes too many steps",
            ),
            (" {a: \"{{ fail('no ' ~ params.p) }}\"}", "way".into(), "no way"),
            (" {\"{{ params.p }}\": 1, k: 2}", "k".into(), "two keys of this map both come out as `k`"),
            (
                " {a: \"{{ params.p }}\"}",
                "\u{f8e0}0\u{f8e1}".into(),
                "the param `p` holds a private-use character that marks secrets",
            ),
        ];
        for (body, param, wanted) in table {
            assert_eq!(outputs(body, &param), wanted, "{body} with {param:?}");
        }
    }
}
