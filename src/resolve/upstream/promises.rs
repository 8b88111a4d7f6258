//! What a record announces (`supported_params`, `expected_outputs`) held against what a resource passes and what the
//! provisioner makes.

use crate::diag::codes::resolve as codes;
use crate::diag::{At, Diagnostic, Report, Severity};
use crate::model::path::Path;
use crate::model::tree::Tree;
use crate::resolve::provisioner::{Input, Provisioner};
use crate::resolve::upstream::record::Listed;

/// How much of what a record announces is held against it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Promises {
    /// Params and outputs that are missing on one side are worth a word (drop-in doors).
    #[default]
    Loose,
    /// Outputs that are not announced are worth a word too.
    Told,
    /// All of it is an error.
    Kept,
}

/// Says what is passed or made and was not announced, and what was announced and is not made.
pub fn hold(
    listed: &Listed,
    provisioner: &Provisioner,
    input: &Input<'_>,
    outputs: &Tree,
    report: &mut Report,
) {
    let mut said = params(listed, provisioner, input);
    said.extend(self::outputs(listed, provisioner, input, outputs));
    for one in said {
        report.push(settled(one, input.rules.promises));
    }
}

/// As bad as the run wants it.
pub fn settled(said: Diagnostic, promises: Promises) -> Diagnostic {
    match promises {
        Promises::Loose | Promises::Told => said,
        Promises::Kept => said
            .severity(Severity::Error)
            .note("this is a warning, and `--strict-provisioners` makes it an error"),
    }
}

fn params(listed: &Listed, provisioner: &Provisioner, input: &Input<'_>) -> Vec<Diagnostic> {
    let Some(supported) = &listed.params else { return Vec::new() };
    let source = &input.resource.source;
    let given = input.params.as_map().into_iter().flatten().map(|(name, _)| name);
    given
        .filter(|name| !supported.contains(*name))
        .map(|name| {
            let said = format!("`{}` does not announce the param `{name}`", provisioner.uri);
            let at = At::key(source.doc, Path::of(["resources", &source.name, "params", name]));
            let own = At::value(provisioner.doc, provisioner.path.then("supported_params"));
            let said =
                Diagnostic::new(&codes::RECORD_MISMATCH, said, at).also(own, "the params it announces");
            said.suggest(name, supported.iter().map(String::as_str))
        })
        .collect()
}

fn outputs(listed: &Listed, provisioner: &Provisioner, input: &Input<'_>, outputs: &Tree) -> Vec<Diagnostic> {
    let (Some(expected), Some(made)) = (&listed.outputs, outputs.as_map()) else { return Vec::new() };
    let at = || At::value(provisioner.doc, provisioner.path.then("expected_outputs"));
    let (uri, uid) = (&provisioner.uri, &input.resource.uid);
    let missing = expected.iter().filter(|name| !made.contains_key(*name)).map(|name| {
        let said = format!("`{uri}` announces the output `{name}` and does not make it for `{uid}`");
        Diagnostic::new(&codes::RECORD_MISMATCH, said, at())
    });
    let told = input.rules.promises != Promises::Loose;
    let extra = made.keys().filter(|name| told && !expected.contains(*name)).map(|name| {
        let said = format!("`{uri}` makes the output `{name}` for `{uid}` and does not announce it");
        Diagnostic::new(&codes::RECORD_MISMATCH, said, at())
            .help(format!("add `{name}` to `expected_outputs` of the record"))
    });
    missing.chain(extra).collect()
}
