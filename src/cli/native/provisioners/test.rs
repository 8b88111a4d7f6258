//! `provisioners test`: plays the cases beside a provisioner file and holds what comes out against what they expect.

use std::path::Path;

use anyhow::Context;
use clap::Args;

use super::cases::{self, Case};
use super::{Desk, Done, fetched, request};
use crate::cli::Exit;
use crate::resolve::catalog;
use crate::resolve::provisioner::Provisioner;
use crate::write::lines::unified;

/// Play the cases beside provisioner files
#[derive(Debug, Args)]
#[command(
    after_help = "A case is a file in the folder NAME.tests beside NAME.yaml, such as provisioners/queue.tests/large.yaml:

  params: {size: large}
  expect: …

`--update` writes what comes out under `expect:`, and makes a first case where there is none. A case may also
have type, class, id, metadata, state, shared, workload, name and targets. Secrets are shown as `***`.

Examples:
  sightread provisioners test --update provisioners/queue.yaml
  sightread provisioners test"
)]
pub(super) struct Typed {
    /// Files, or folders of them [default: ./provisioners/ and those that `--provisioners` names]
    #[arg(value_name = "FILE|DIR")]
    files: Vec<String>,
    /// Write what comes out into the cases
    #[arg(long)]
    update: bool,
}

/// How the cases went.
#[derive(Default)]
struct Score {
    fine: usize,
    failed: usize,
    updated: usize,
}

/// Plays all cases.
pub(super) fn run(typed: &Typed, desk: &mut Desk<'_, '_>) -> Done {
    let Typed { files, update } = typed;
    let found = desk.files(files, "test")?;
    let mut score = Score::default();
    for file in &found {
        let text = desk.text(file)?;
        let provisioners = fetched::judged(file, &text, desk)?;
        self::file(file, &provisioners, *update, &mut score, desk)?;
    }
    let Score { fine, failed, updated } = score;
    let wrong = failed > 0 || desk.report.has_errors();
    let mut words = vec![format!("{fine} passed"), format!("{failed} failed")];
    words.extend((updated > 0).then(|| format!("{updated} written")));
    if !found.is_empty() {
        desk.screen.say(words.join(", ") + "\n");
    }
    if fine + failed + updated == 0 && !wrong {
        desk.screen.say("there are no cases; `--update` makes a first one for each file\n");
    }
    Ok(if wrong { Exit::Wrong } else { Exit::Fine })
}

fn file(
    file: &str,
    provisioners: &[Provisioner],
    update: bool,
    score: &mut Score,
    desk: &mut Desk<'_, '_>,
) -> anyhow::Result<()> {
    let folder = cases::folder(file);
    let mut paths = catalog::files(&folder, desk.world, &mut crate::diag::Report::default());
    if paths.is_empty() && update {
        let path = format!("{folder}/default.yaml");
        desk.world
            .make_folder(Path::new(&folder), 0o755)
            .and_then(|()| desk.world.replace(Path::new(&path), b"params: {}\n", 0o644))
            .with_context(|| format!("cannot write {path}"))?;
        paths.push(path);
    }
    for path in paths {
        let text = desk.text(&path)?;
        let Some(case) = cases::read(&path, &text, provisioners, &mut desk.report) else {
            score.failed += 1;
            continue;
        };
        one(&path, &text, &case, update, score, desk)?;
    }
    Ok(())
}

/// Plays one case.
fn one(
    path: &str,
    text: &str,
    case: &Case<'_>,
    update: bool,
    score: &mut Score,
    desk: &mut Desk<'_, '_>,
) -> anyhow::Result<()> {
    let made = cases::play(case, &request::permissions(&desk.lock), desk.world);
    let wanted = cases::with(text, &made);
    if case.expect.as_ref() == Some(&made) {
        score.fine += 1;
        desk.screen.say(format!("ok      {path}\n"));
    } else if update {
        score.updated += 1;
        desk.world
            .replace(Path::new(path), wanted.as_bytes(), 0o644)
            .with_context(|| format!("cannot write {path}"))?;
        desk.screen.say(format!("wrote   {path}\n"));
    } else {
        score.failed += 1;
        desk.screen.say(format!("failed  {path}\n"));
        let before = case.expect.as_ref().map_or_else(String::new, cases::expectation);
        let after = cases::expectation(&made);
        desk.screen.print(unified(&before, &after, "expected", "came out"));
    }
    Ok(())
}
