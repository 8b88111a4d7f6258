//! `provisioners list|show`: who answers for which resource type, and how.

use clap::{Args, Subcommand};

use super::options::{Reading, Telling};
use super::{Usage, request, telling};
use crate::cli::{Exit, Screen};
use crate::diag::source::Sources;
use crate::diag::{Failed, Report, nearest};
use crate::resolve::catalog::{Catalog, load};
use crate::resolve::provisioner::Provisioner;
use crate::world::World;

/// List provisioners, or show one
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  sightread provisioners list\n  sightread provisioners show postgres")]
pub(super) struct Typed {
    /// A provisioner file or a folder of them, before the built-in ones (repeatable)
    #[arg(long, value_name = "FILE|DIR", global = true)]
    provisioners: Vec<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List all provisioners in the order in which they win
    List,
    /// Print a provisioner file, as a starting point for your own in `./provisioners/`
    Show {
        /// The resource type
        #[arg(value_name = "TYPE")]
        kind: String,
    },
}

/// Lists or shows.
pub(super) fn run(typed: &Typed, world: &dyn World, screen: &mut Screen<'_>) -> Result<Exit, Usage> {
    let Typed { provisioners, command } = typed;
    let mut report = Report::default();
    let Ok(catalog) = catalog(provisioners, world, &mut report) else {
        telling::print(&report, &[], &Telling::default(), world, screen);
        return Ok(Exit::Wrong);
    };
    let text = match command {
        Command::List => table(&catalog.provisioners),
        Command::Show { kind } => file(kind, &catalog, &report.sources)?,
    };
    screen.print(text);
    Ok(Exit::Fine)
}

fn catalog(paths: &[String], world: &dyn World, report: &mut Report) -> Result<Catalog, Failed> {
    let reading = Reading { provisioners: paths.to_owned(), ..Reading::default() };
    let origins = request::origins(&reading, world);
    load(&origins, None, "", world, report)
}

fn table(provisioners: &[Provisioner]) -> String {
    let rows: Vec<[String; 3]> = provisioners
        .iter()
        .map(|one| {
            let class = one.class.as_ref().map(|class| format!(".{class}")).unwrap_or_default();
            let id = one.id.as_ref().map(|id| format!("#{id}")).unwrap_or_default();
            [format!("{}{class}{id}", one.kind), one.uri.clone(), one.description.clone()]
        })
        .collect();
    let width = |column: usize| rows.iter().filter_map(|row| Some(row.get(column)?.len())).max().unwrap_or(0);
    let (first, second) = (width(0), width(1));
    rows.iter()
        .map(|[kind, uri, words]| {
            format!("{kind:first$}  {uri:second$}  {words}").trim_end().to_owned() + "\n"
        })
        .collect()
}

/// The text of the file that holds the first provisioner of a type.
fn file(kind: &str, catalog: &Catalog, sources: &Sources) -> Result<String, Usage> {
    let kinds = || catalog.provisioners.iter().map(|one| one.kind.as_str());
    let Some(found) = catalog.provisioners.iter().find(|one| one.kind == kind) else {
        let near =
            nearest(kind, kinds()).map_or_else(String::new, |near| format!(", did you mean `{near}`?"));
        return Err(Usage(format!(
            "there is no provisioner for `{kind}`{near}\n\n`sightread provisioners list` lists all"
        )));
    };
    let source = sources.document(found.doc).and_then(|root| sources.text(root.source));
    Ok(source.map(|source| source.text.to_string()).unwrap_or_default())
}
