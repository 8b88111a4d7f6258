//! CPU and memory of containers.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::ResourceRequirements;
use k8s_openapi::apimachinery::pkg::api::resource::Quantity as Printed;

use crate::diag::codes::kubernetes as codes;
use crate::diag::codes::read;
use crate::diag::{Diagnostic, Report, Severity};
use crate::model::spec::{Amounts, Compute};
use crate::target::kubernetes::object::filled;
use crate::target::kubernetes::options::Shape;
use crate::target::kubernetes::quantity::{self, Fault, Quantity};
use crate::target::kubernetes::scene::Scene;

/// What a container asks for and may use.
pub(super) fn compute(
    scene: &Scene<'_>,
    name: &str,
    written: Option<&Compute>,
    report: &mut Report,
) -> Option<ResourceRequirements> {
    let Compute { limits, requests } = written?;
    let limits = amounts(scene, name, "limits", limits.as_ref(), report);
    let requests = amounts(scene, name, "requests", requests.as_ref(), report);
    for (what, asked) in &requests {
        if let Some(most) = limits.get(what)
            && asked.nanos > most.nanos
        {
            let said = format!(
                "`{name}` requests more {what} than its limit allows: {} > {}",
                asked.text, most.text
            );
            let at = scene.value(name, ["resources", "requests", what]);
            let limit = scene.value(name, ["resources", "limits", what]);
            let said = Diagnostic::new(&codes::REQUEST_OVER_LIMIT, said, at).also(limit, "the limit");
            // compat(score-k8s): what a cluster would refuse is written all the same.
            let lenient = scene.options.shape == Shape::Verbose;
            report.push(if lenient { said.severity(Severity::Warning) } else { said });
        }
    }
    let (limits, requests) = (filled(printed(limits)), filled(printed(requests)));
    Some(ResourceRequirements { claims: None, limits, requests })
}

fn printed(amounts: BTreeMap<&'static str, Quantity>) -> BTreeMap<String, Printed> {
    amounts.into_iter().map(|(what, amount)| (what.to_owned(), Printed(amount.text))).collect()
}

fn amounts(
    scene: &Scene<'_>,
    name: &str,
    section: &str,
    written: Option<&Amounts>,
    report: &mut Report,
) -> BTreeMap<&'static str, Quantity> {
    let Some(Amounts { cpu, memory }) = written else { return BTreeMap::new() };
    let mut read = BTreeMap::new();
    for (what, text) in [("cpu", cpu), ("memory", memory)] {
        let Some(text) = text else { continue };
        match quantity::parse(text) {
            Ok(amount) => {
                read.insert(what, amount);
            }
            Err(fault) => {
                let said = format!("`{text}` is not an amount of {what} that Kubernetes knows");
                let at = scene.value(name, ["resources", section, what]);
                report.push(cure(Diagnostic::new(&read::BAD_QUANTITY, said, at), text, fault));
            }
        }
    }
    read
}

fn cure(said: Diagnostic, text: &str, fault: Fault) -> Diagnostic {
    match (fault, text.strip_suffix('K')) {
        (Fault::Suffix, Some(number)) => {
            said.help(format!("write `{number}Ki` for units of 1024 bytes, or `{number}k` for units of 1000"))
        }
        (Fault::Suffix, None) => {
            said.help("suffixes are `m`, `k`, `M`, `G`, `T`, `P`, `E` and `Ki`, `Mi`, `Gi`, `Ti`, `Pi`, `Ei`")
        }
        (Fault::Number, _) => said.help("write a number such as `0.5`, `500m` or `128Mi`"),
    }
}
