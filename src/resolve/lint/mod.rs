//! Judges provisioner files by themselves: `contract` and `older` read the templates, `tried` asks each provisioner for a
//! resource with made-up params, and `result` looks at what comes out.

pub mod contract;
pub mod older;
pub mod result;
pub mod tried;

use crate::diag::span::place;
use crate::diag::{Report, Severity};
use crate::resolve::provisioner::{Body, Provisioner};
use crate::world::World;

/// Reports what is wrong, or likely to go wrong, with some provisioners. Programs are not run.
pub fn lint(provisioners: &[Provisioner], world: &dyn World, report: &mut Report) {
    for provisioner in provisioners {
        let said = report.diagnostics.len();
        match &provisioner.body {
            Body::Contract(made) => contract::text(provisioner, made, report),
            Body::Template(record) => older::text(provisioner, record, report),
            Body::Command(_) | Body::LocalEnv(_) => continue,
        }
        // What cannot be read cannot be tried: it would only be said again.
        if report.diagnostics.iter().skip(said).any(|fresh| fresh.severity == Severity::Error) {
            continue;
        }
        for target in provisioner.targets() {
            tried::tried(provisioner, target, world, report);
        }
    }
    once(report);
}

/// What stands in the part that several types of a file have in common is said once.
fn once(report: &mut Report) {
    let Report { diagnostics, sources } = report;
    let mut seen = Vec::new();
    diagnostics.retain(|said| {
        let Some(place) = place(&said.at, sources) else { return true };
        let one = (said.code, said.message.clone(), place);
        let is_new = !seen.contains(&one);
        seen.push(one);
        is_new
    });
}

#[cfg(test)]
mod tests {
    use super::lint;
    use crate::diag::Report;
    use crate::diag::codes::lint::NOT_TRIED;
    use crate::resolve::catalog::{Origins, load};
    use crate::resolve::trial::said;
    use crate::world::memory::Memory;

    #[test]
    fn every_built_in_is_clean() {
        let mut report = Report::default();
        let origins = Origins { builtins: true, ..Origins::default() };
        let world = Memory::default();
        let catalog = load(&origins, None, "", &world, &mut report).unwrap_or_default();
        lint(&catalog.provisioners, &world, &mut report);
        // Some can only be tried with what a workload really has; and one param is there for compatibility alone.
        report.diagnostics.retain(|one| one.code != &NOT_TRIED && !one.message.contains("`openapi_title`"));
        assert_eq!(said(&report), "");
    }
}
