//! `validate`: judges manifests that are already there. No cluster is asked, nothing is written.

use clap::Args;

use super::options::{Format, Telling};
use super::telling::{self, Run};
use super::{Usage, request, summary};
use crate::cli::{Exit, Screen};
use crate::diag::{Report, Severity};
use crate::pipeline;
use crate::target::verdict::Verdict;
use crate::world::World;

/// Find what is wrong with Kubernetes manifests and Compose files, without a cluster
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  sightread validate manifests.yaml
  sightread validate --crd-schemas crds/ deploy/")]
pub(super) struct Typed {
    /// Manifests, Compose files or folders of them, judged as one set; `-` is standard input
    #[arg(value_name = "FILE|DIR", required = true)]
    files: Vec<String>,
    /// Schemas of custom resources: definitions or JSON Schemas (repeatable)
    #[arg(long, value_name = "FILE|DIR")]
    crd_schemas: Vec<String>,
    /// How diagnostics are told.
    #[command(flatten)]
    telling: Telling,
}

/// Judges and tells.
pub(super) fn run(typed: &Typed, world: &dyn World, screen: &mut Screen<'_>) -> Result<Exit, Usage> {
    let Typed { files, crd_schemas, telling: how } = typed;
    telling::judge(how)?;
    let mut report = Report::default();
    let schemas = request::schemas(crd_schemas, world, &mut report);
    let judged = pipeline::validate(files, &schemas, world, &mut report);
    telling::settle(&mut report, how);
    let verdict = words(&report, judged.as_ref().ok());
    let run = Run { reports: std::slice::from_ref(&report), files, verdict: &verdict };
    let said = telling::text(&run, how, world, screen.colours);
    if how.format == Format::Human {
        screen.say(said + &verdict);
    } else {
        screen.print(said);
    }
    telling::step_summary(&run, how, world, screen);
    Ok(if report.has_errors() { Exit::Wrong } else { Exit::Fine })
}

/// The run in one line, and what was not judged.
fn words(report: &Report, judged: Option<&(usize, Verdict)>) -> String {
    let number = |severity| report.diagnostics.iter().filter(|said| said.severity == severity).count();
    let plural = |number: usize, word: &str| format!("{number} {word}{}", if number == 1 { "" } else { "s" });
    let (errors, warnings) = (number(Severity::Error), number(Severity::Warning));
    let warned = if warnings > 0 { format!(", {}", plural(warnings, "warning")) } else { String::new() };
    let Some((count, Verdict { faults: _, unjudged })) = judged else {
        return format!("{}{warned}\n", plural(errors, "error"));
    };
    let wrong = if errors > 0 { plural(errors, "error") } else { "no errors".to_owned() };
    format!("judged {}: {wrong}{warned}\n{}", plural(*count, "document"), summary::unjudged(unjudged))
}
