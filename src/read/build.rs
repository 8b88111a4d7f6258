//! What containers are built from, as typed: a folder, or a Compose build object as YAML.

use crate::diag::codes::read as codes;
use crate::diag::{At, Diagnostic, Failed, Report};
use crate::model::flow::Workload;
use crate::model::tree::Tree;
use crate::read::overlay::Scoped;
use crate::read::parse;

/// Hands each build to the containers that it names; of two for one container the last wins.
///
/// # Errors
/// When an object cannot be read.
pub fn build(
    mut workloads: Vec<Workload>,
    builds: &[Scoped<String>],
    report: &mut Report,
) -> Result<Vec<Workload>, Failed> {
    for (n, typed) in builds.iter().enumerate() {
        let flag = format!("--build #{}", n + 1);
        let Ok(made) = object(&typed.value, &flag, report) else { continue };
        for workload in &mut workloads {
            let named = typed.workload.as_deref().is_none_or(|name| name == workload.spec.name());
            let containers = workload.spec.containers.keys();
            let meant = containers.filter(|name| typed.container.as_ref().is_none_or(|only| only == *name));
            if named {
                workload.builds.extend(meant.map(|name| (name.clone(), made.clone())));
            }
        }
    }
    report.failed(workloads)
}

fn object(typed: &str, flag: &str, report: &mut Report) -> Result<Tree, Failed> {
    if !typed.starts_with('{') {
        return Ok(Tree::from_pairs([("context", Tree::from(typed))]));
    }
    let source = report.sources.add(flag, typed);
    let node = parse::yaml(source, report)?;
    match node.tree() {
        Tree::Map(map) => Ok(Tree::Map(map)),
        other => {
            let words = format!("a build is a folder or a map, and this is {}", other.kind());
            let said = Diagnostic::new(&codes::BAD_OVERRIDE, words, At::Span(source, node.span));
            Err(report.fail(said.help("write a folder, or `{context: FOLDER, dockerfile: FILE}`")))
        }
    }
}
