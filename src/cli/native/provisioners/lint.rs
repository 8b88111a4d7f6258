//! `provisioners lint`: judges provisioner files by themselves, in both formats.

use clap::Args;

use super::{Desk, Done};
use crate::cli::Exit;
use crate::cli::native::options::{Format, Telling};
use crate::cli::native::telling::{self, Deed};
use crate::resolve::catalog;
use crate::resolve::lint;

/// Find what is wrong with provisioner files, in both formats
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  sightread provisioners lint
  sightread provisioners lint --deny-warnings provisioners/queue.yaml
  sightread provisioners lint .score-compose")]
pub(super) struct Typed {
    /// Files, or folders of them [default: ./provisioners/ and those that `--provisioners` names]
    #[arg(value_name = "FILE|DIR")]
    files: Vec<String>,
    /// How it is told.
    #[command(flatten)]
    telling: Telling,
}

/// Judges, and tells.
pub(super) fn run(typed: &Typed, desk: &mut Desk<'_, '_>) -> Done {
    let Typed { files, telling } = typed;
    telling::judge(telling)?;
    let found = desk.files(files, "judge")?;
    let mut number = 0;
    for file in &found {
        let text = desk.text(file)?;
        let uri = format!("file://{file}");
        let provisioners = catalog::parsed(file, &text, uri, &desk.origins, "", &mut desk.report);
        lint::lint(&provisioners, desk.world, &mut desk.report);
        number += provisioners.len();
    }
    telling::settle(&mut desk.report, telling);
    let wrong = desk.report.has_errors();
    let report = std::mem::take(&mut desk.report);
    telling::print(&report, &found, (telling, Deed::Looks), desk.world, desk.screen);
    if !wrong && report.diagnostics.is_empty() && telling.format == Format::Human {
        let plural = |number: usize| if number == 1 { "" } else { "s" };
        desk.screen.say(format!(
            "{number} provisioner{} in {} file{}: nothing to complain about\n",
            plural(number),
            found.len(),
            plural(found.len())
        ));
    }
    Ok(if wrong { Exit::Wrong } else { Exit::Fine })
}
