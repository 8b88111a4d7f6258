//! `local-env://`: an output is the variable of the environment that has its name. Nothing is stored.

use crate::diag::codes::resolve as codes;
use crate::diag::{At, Diagnostic, Failed, Report};
use crate::model::flow::DocId;
use crate::model::path::Path;
use crate::model::tree::Tree;
use crate::resolve::Rules;
use crate::resolve::catalog::Catalog;
use crate::resolve::provisioner::{Body, Input, Made, Provisioner};
use crate::resolve::upstream::record::Listed;

/// The type it answers for where a record names none.
pub const TYPE: &str = "environment";

/// The identity of the provisioner that stands in where no file has one for the type.
pub const FALLBACK: &str = "builtin://environment";

/// Adds the provisioner that stands in where no file has one for the type, if the rules want the environment at all.
// compat(score-compose): a state may hold its uri.
pub fn stand_in(catalog: &mut Catalog, rules: &Rules, report: &mut Report) {
    let known = catalog.provisioners.iter().any(|provisioner| provisioner.kind == TYPE);
    if rules.host_environment && !known {
        catalog.provisioners.push(fallback(report.sources.reserve()));
        catalog.types.insert(TYPE.to_owned());
    }
}

fn fallback(doc: DocId) -> Provisioner {
    Provisioner {
        uri: FALLBACK.to_owned(),
        kind: TYPE.to_owned(),
        class: Some("default".to_owned()),
        id: None,
        description: "Variables of the environment.".to_owned(),
        doc,
        path: Path::default(),
        body: Body::LocalEnv(Listed::default()),
    }
}

/// Answers with an open environment.
///
/// # Errors
/// When the resource has params.
pub fn run(provisioner: &Provisioner, input: &Input<'_>, report: &mut Report) -> Result<Made, Failed> {
    if !input.params.is_blank() {
        let said = format!("`{}` takes no params", input.resource.uid);
        let at = input.resource.declared.first().map_or(At::Nowhere, |declared| {
            At::key(declared.doc, Path::of(["resources", &declared.name, "params"]))
        });
        return Err(report.fail(Diagnostic::new(&codes::UPSTREAM_FAILED, said, at).note(&provisioner.uri)));
    }
    Ok(Made { outputs: Tree::map(), state: Tree::map(), open_environment: true, ..Made::default() })
}
