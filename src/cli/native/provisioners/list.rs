//! `provisioners list` and `show`.

use clap::Args;
use serde::Serialize;

use super::facts;
use super::{Desk, Done, Format};
use crate::cli::Exit;
use crate::cli::native::Usage;
use crate::diag::nearest;
use crate::diag::source::Sources;
use crate::resolve::catalog::Catalog;
use crate::resolve::provisioner::Provisioner;

/// List all provisioners in the order in which they win
#[derive(Debug, Args)]
pub(super) struct Typed {
    /// Only those of one resource type
    #[arg(value_name = "TYPE")]
    kind: Option<String>,
    /// How they are printed
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

/// Print a provisioner file, as a starting point for your own in `./provisioners/`
#[derive(Debug, Args)]
pub(super) struct Show {
    /// The resource type
    #[arg(value_name = "TYPE")]
    kind: String,
}

#[derive(Serialize)]
struct Row<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    class: Option<&'a str>,
    id: Option<&'a str>,
    description: &'a str,
    targets: Vec<&'static str>,
    params: Option<Vec<String>>,
    outputs: Option<Vec<String>>,
    uri: &'a str,
    file: Option<String>,
    line: Option<usize>,
    from: Option<&'a str>,
    digest: Option<String>,
    /// False when another one answers for everything that this one could.
    wins: bool,
    shadowed_by: Option<String>,
}

/// Lists.
pub(super) fn run(typed: &Typed, desk: &mut Desk<'_, '_>) -> Done {
    let Typed { kind, format } = typed;
    let catalog = desk.catalog()?;
    let all = &catalog.provisioners;
    let shown: Vec<&Provisioner> =
        all.iter().filter(|one| kind.as_ref().is_none_or(|kind| one.kind == *kind)).collect();
    if let (Some(kind), true) = (kind, shown.is_empty()) {
        return Err(unknown(kind, &catalog).into());
    }
    let rows: Vec<Row<'_>> = shown.iter().map(|one| row(one, all, desk)).collect();
    let text = match format {
        Format::Human => rows.iter().map(block).collect::<Vec<_>>().concat(),
        Format::Json => serde_json::to_string_pretty(&rows).unwrap_or_default() + "\n",
    };
    desk.screen.print(text);
    Ok(Exit::Fine)
}

fn row<'a>(one: &'a Provisioner, all: &'a [Provisioner], desk: &'a Desk<'_, '_>) -> Row<'a> {
    let sources = &desk.report.sources;
    let (params, outputs) = facts::listed(one);
    let (file, line) = facts::file(one, sources).unzip();
    let locked = file.as_ref().and_then(|file| desk.lock.files.get(file));
    let winner = facts::winner(one, all);
    Row {
        kind: &one.kind,
        class: one.class.as_deref(),
        id: one.id.as_deref(),
        description: &one.description,
        targets: one.targets(),
        params,
        outputs,
        uri: &one.uri,
        from: locked.and_then(|locked| locked.from.as_deref()),
        digest: locked.map(|locked| locked.digest.clone()),
        file,
        line,
        wins: winner.is_none(),
        shadowed_by: winner.map(|winner| facts::whereabouts(winner, sources)),
    }
}

/// A provisioner for people: who it is and where it is, then what it takes and gives.
fn block(row: &Row<'_>) -> String {
    let class = row.class.map(|class| format!(".{class}")).unwrap_or_default();
    let id = row.id.map(|id| format!("#{id}")).unwrap_or_default();
    let place = match (&row.file, row.line) {
        (Some(file), Some(line)) => format!("{file}:{line}"),
        _ => "built in".to_owned(),
    };
    let from = row.from.map(|from| format!(", from {from}")).unwrap_or_default();
    let only = match row.targets.as_slice() {
        [target] => format!(", {target} only"),
        _ => String::new(),
    };
    let never = row.shadowed_by.as_ref().map(|by| format!(" (never asked: {by} comes first)"));
    let mut text = format!("{}{class}{id}  {place}{from}{only}{}\n", row.kind, never.unwrap_or_default());
    if !row.description.is_empty() {
        text.extend(["  ", row.description, "\n"]);
    }
    for (name, listed) in [("params", &row.params), ("outputs", &row.outputs)] {
        match listed {
            Some(names) if names.is_empty() => {}
            Some(names) => text.extend([format!("  {name:7}  "), names.join(", "), "\n".to_owned()]),
            None => text.extend([format!("  {name:7}  not said\n")]),
        }
    }
    text
}

/// Prints the file of the provisioner that wins.
pub(super) fn show(typed: &Show, desk: &mut Desk<'_, '_>) -> Done {
    let Show { kind } = typed;
    let catalog = desk.catalog()?;
    let text = file(kind, &catalog, &desk.report.sources)?;
    desk.screen.print(text);
    Ok(Exit::Fine)
}

/// The text of the file that holds the first provisioner of a type.
fn file(kind: &str, catalog: &Catalog, sources: &Sources) -> Result<String, Usage> {
    let found = catalog.provisioners.iter().find(|one| one.kind == kind);
    let found = found.ok_or_else(|| unknown(kind, catalog))?;
    let source = sources.document(found.doc).and_then(|root| sources.text(root.source));
    Ok(source.map(|source| source.text.to_string()).unwrap_or_default())
}

/// The complaint about a type that nobody answers for.
pub(super) fn unknown(kind: &str, catalog: &Catalog) -> Usage {
    let kinds = catalog.provisioners.iter().map(|one| one.kind.as_str());
    let near = nearest(kind, kinds).map_or_else(String::new, |near| format!(", did you mean `{near}`?"));
    Usage(format!(
        "there is no provisioner for `{kind}`{near}\n\n`sightread provisioners list` lists all; \
         `sightread provisioners new {kind}` begins one"
    ))
}
