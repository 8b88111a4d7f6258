//! `doctor`: explains a project: what is found where, who answers for its resources, what is remembered, what is stale.

use std::path::Path;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::{judge, projects};
use crate::cli::native::options::Reading;
use crate::cli::native::{Usage, run as command};
use crate::cli::{Exit, Screen};
use crate::diag::{Report, Severity};
use crate::read;
use crate::target::{self, Target};
use crate::world::{Entry, World};

/// Explain a project: its Score files, who answers for their resources, its state and its output
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  sightread doctor\n  sightread doctor --format json")]
pub(in crate::cli::native) struct Typed {
    /// A provisioner file or a folder of them, before the built-in ones (repeatable)
    #[arg(long, value_name = "FILE|DIR")]
    provisioners: Vec<String>,
    /// How the answer is printed
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

/// How the answer is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    // For people.
    #[default]
    Human,
    // For machines.
    Json,
}

/// A Score file.
struct File {
    name: String,
    errors: usize,
    warnings: usize,
    /// Resources, each with the provisioner that wins.
    answers: Vec<(String, String)>,
}

/// Something that is remembered between runs, or made by one.
struct Kept {
    name: String,
    /// A word for machines.
    status: &'static str,
    /// The same for people, with what to do.
    words: String,
}

/// Looks and tells.
pub(in crate::cli::native) fn run(
    typed: &Typed,
    world: &dyn World,
    screen: &mut Screen<'_>,
) -> Result<Exit, Usage> {
    let Typed { provisioners, format } = typed;
    let files = files(provisioners, world)?;
    let state: Vec<Kept> = seed(world).into_iter().chain(states(world)).collect();
    let outputs: Vec<Kept> = target::ALL.iter().filter_map(|target| output(*target, world)).collect();
    let broken = files.iter().any(|file| file.errors > 0)
        || state.iter().chain(&outputs).any(|kept| kept.status == "broken");
    screen.print(match format {
        Format::Human => human(&files, &state, &outputs),
        Format::Json => json(&files, &state, &outputs, broken),
    });
    Ok(if broken { Exit::Wrong } else { Exit::Fine })
}

fn files(provisioners: &[String], world: &dyn World) -> Result<Vec<File>, Usage> {
    let reading = Reading { provisioners: provisioners.to_vec(), ..Reading::default() };
    let mut report = Report::default();
    let mut found = projects::find(&reading, false, world, &mut report)?;
    // The file that is meant when there is none is none.
    found.retain(|project| project.files.iter().any(|file| world.entry(Path::new(file)).is_some()));
    let checked = judge::all(&found, &reading, world);
    let file = |one: judge::Checked| {
        let judge::Checked { files, report, workloads: _, resources: _, answers } = one;
        let number = |severity| report.diagnostics.iter().filter(|said| said.severity == severity).count();
        let (errors, warnings) = (number(Severity::Error), number(Severity::Warning));
        File { name: files.concat(), errors, warnings, answers }
    };
    Ok(checked.into_iter().map(file).collect())
}

/// The seed of secrets.
fn seed(world: &dyn World) -> Option<Kept> {
    if world.env("SIGHTREAD_SEED").is_some_and(|seed| !seed.trim().is_empty()) {
        let words = "the seed of secrets, given by the environment".to_owned();
        return Some(Kept { name: "SIGHTREAD_SEED".to_owned(), status: "used", words });
    }
    let name = ".sightread/seed";
    world.entry(Path::new(name))?;
    let open = world.mode(Path::new(name)).is_some_and(|mode| mode & 0o077 != 0);
    let (status, words) = if open {
        ("open", "the seed of secrets, which others can read: `chmod 600 .sightread/seed`")
    } else {
        ("used", "the seed of secrets")
    };
    Some(Kept { name: name.to_owned(), status, words: words.to_owned() })
}

/// The states of the tools that this one stands in for.
fn states(world: &dyn World) -> Vec<Kept> {
    let all = [("score-compose", ".score-compose/state.yaml"), ("score-k8s", ".score-k8s/state.yaml")];
    let there = all.into_iter().filter(|(_, path)| world.entry(Path::new(path)) == Some(Entry::File));
    let kept = there.map(|(tool, path)| {
        let mut report = Report::default();
        let read = read::load::text(path, world, &mut report)
            .and_then(|source| read::state::state(source, &mut report));
        let (status, words) = if let Ok(remembered) = read {
            let resources = remembered.state.resources.len();
            ("used", format!("the state of `{tool}`, with {}", count(resources, "resource")))
        } else {
            let why = report.diagnostics.first().map(|said| said.message.clone()).unwrap_or_default();
            ("broken", format!("the state of `{tool}` cannot be read: {why}"))
        };
        Kept { name: path.to_owned(), status, words }
    });
    kept.collect()
}

/// What a target's default output holds against what it would hold now.
fn output(target: &dyn Target, world: &dyn World) -> Option<Kept> {
    let name = target.default_output();
    if world.entry(Path::new(name)) != Some(Entry::File) {
        return None;
    }
    let line = ["generate", "-t", target.name(), "--check"].map(str::to_owned);
    let shown = format!("sightread {}", line.join(" "));
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let exit = command(&line, world, &mut Screen { out: &mut out, err: &mut err, colours: false });
    let (status, words) = match exit {
        Exit::Fine => ("fresh", "is what would be written now".to_owned()),
        Exit::Wrong if !out.is_empty() => {
            ("stale", format!("is not what would be written now: `{shown}` shows the difference"))
        }
        _ => ("unknown", format!("cannot be compared: `{shown}` says why")),
    };
    Some(Kept { name: name.to_owned(), status, words })
}

fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

fn human(files: &[File], state: &[Kept], outputs: &[Kept]) -> String {
    let mut out = "Score files\n".to_owned();
    if files.is_empty() {
        out.push_str("  none; `sightread init` writes a sample\n");
    }
    for File { name, errors, warnings, answers } in files {
        let faults = match (errors, warnings) {
            (0, 0) => "right".to_owned(),
            (0, warnings) => format!("right, with {}", count(*warnings, "warning")),
            (1, _) => format!("1 error: `sightread check {name}` shows it"),
            (errors, _) => format!("{}: `sightread check {name}` shows them", count(*errors, "error")),
        };
        out.extend(["  ", name, "  ", &faults, "\n"]);
        let width = answers.iter().map(|(resource, _)| resource.chars().count()).max().unwrap_or_default();
        for (resource, provisioner) in answers {
            out.extend(["    ", &format!("{resource:width$}"), "  ", provisioner, "\n"]);
        }
    }
    for (title, kept, none) in [
        ("State", state, "none: nothing is remembered between runs"),
        ("Output", outputs, "none in its usual place"),
    ] {
        out.extend(["\n", title, "\n"]);
        if kept.is_empty() {
            out.extend(["  ", none, "\n"]);
        }
        for Kept { name, status: _, words } in kept {
            out.extend(["  ", name, "  ", words, "\n"]);
        }
    }
    out
}

fn json(files: &[File], state: &[Kept], outputs: &[Kept], broken: bool) -> String {
    let files: Vec<Value> = files
        .iter()
        .map(|File { name, errors, warnings, answers }| {
            let resources: Vec<Value> = answers
                .iter()
                .map(|(resource, provisioner)| json!({ "resource": resource, "provisioner": provisioner }))
                .collect();
            json!({ "file": name, "errors": errors, "warnings": warnings, "resources": resources })
        })
        .collect();
    let kept = |all: &[Kept]| -> Vec<Value> {
        let one =
            |Kept { name, status, words }: &Kept| json!({ "name": name, "status": status, "says": words });
        all.iter().map(one).collect()
    };
    let whole = json!({ "files": files, "state": kept(state), "outputs": kept(outputs), "broken": broken });
    format!("{whole:#}\n")
}
